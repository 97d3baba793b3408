#!/usr/bin/env node
// Runs the plugin's Go tests on a copy of the module in this folder, which stands on the patched client library:
//   node tools/setup.mjs run node tools/libvirt-provider/test.mjs <folder>
// Exit code 3: this machine cannot build it, and why.
import { resolve } from "node:path";
import { cacheFolder } from "../setup/folders.mjs";
import { runQuietly } from "../setup/run.mjs";
import { SetupError } from "../setup/setup-error.mjs";
import { CannotBuild, findGo, goEnvironment, prepareModule } from "./build.mjs";

try {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new SetupError("No folder is given.", "Name an empty one.");
  const options = { cache: cacheFolder(), env: process.env };
  const module = await prepareModule(resolve(folder), options);
  const said = await runQuietly(findGo(process.env), ["test", "./..."], {
    cwd: module,
    env: goEnvironment(options.cache, options.env),
    what: "Testing the libvirt plugin",
    remedy: "Mend what the tests say.",
  });
  process.stdout.write(said);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof SetupError) process.stderr.write(`what to do: ${error.remedy}\n`);
  process.exitCode = error instanceof CannotBuild ? 3 : 1;
}
