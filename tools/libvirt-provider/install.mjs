#!/usr/bin/env node
// Builds the plugin once into the cache, and puts it into the engine's plugin folder:
//   node tools/setup.mjs libvirt-provider [--home <PULUMI_HOME>]
// Prints the installed program's path. Exit code 3: this machine cannot build it, and why.
import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder } from "../setup/folders.mjs";
import { SetupError } from "../setup/setup-error.mjs";
import { buildPlugin, CannotBuild, PLUGIN } from "./build.mjs";

try {
  const { values } = parseArgs({ options: { home: { type: "string" } } });
  const program = await buildPlugin({
    cache: cacheFolder(),
    env: process.env,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const home = resolve(values.home ?? (process.env.PULUMI_HOME || join(homedir(), ".pulumi")));
  const folder = join(home, "plugins", `resource-${PLUGIN.name}-v${PLUGIN.version}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, PLUGIN.program);
  const draft = `${file}.${process.pid}`;
  await copyFile(program, draft);
  await chmod(draft, 0o755);
  await rename(draft, file);
  process.stdout.write(`${file}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof SetupError) process.stderr.write(`what to do: ${error.remedy}\n`);
  process.exitCode = error instanceof CannotBuild ? 3 : 1;
}
