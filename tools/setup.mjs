#!/usr/bin/env node
// Set-up for a machine with nothing but Node 18 and npm: see docs/adr/0002-build-and-setup.md.
//   node tools/setup.mjs                      sets up
//   node tools/setup.mjs quickstart [args]    ... and deploys dev's network on the sandbox
//   node tools/setup.mjs test [args]          ... and runs the tests; the arguments go to vitest
//   node tools/setup.mjs bench [args]         ... and measures: bench/README.md
//   node tools/setup.mjs faults [files]       ... and runs the tests of faults, or those of them that are named
//   node tools/setup.mjs groundplane [args]   ... and runs the command: `npm run groundplane -- deploy dev`
//   node tools/setup.mjs libvirt-provider     ... and builds the libvirt plugin and installs it for the engine
//   node tools/setup.mjs run <program> [args] ... and runs a program with the same Node, pnpm and engine
import { join } from "node:path";
import { cacheFolder, ROOT } from "./setup/folders.mjs";
import { Progress, seconds } from "./setup/progress.mjs";
import { runInForeground } from "./setup/run.mjs";
import { SetupError } from "./setup/setup-error.mjs";
import { ownFolders, prepareCheckout, provideEngine, provideTools, withPath } from "./setup/steps.mjs";

/** @typedef {import("./setup/steps.mjs").Tools} Tools */

const COMMAND = join(ROOT, "packages", "cli", "dist", "bin.js");

/** What the command calls itself in what it says to do next. */
const COMMAND_NAME = "npm run -s groundplane --";

/** @type {Record<string, (tools: Tools, args: readonly string[]) => [string, readonly string[]]>} */
const TARGETS = {
  quickstart: (tools, args) => [tools.node, [COMMAND, "quickstart", ...args]],
  groundplane: (tools, args) => [tools.node, [COMMAND, ...args]],
  test: (tools, args) => [tools.node, [join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run", ...args]],
  bench: (tools, args) => [tools.node, [join(ROOT, "bench", "src", "main.ts"), ...args]],
  faults: (tools, args) => {
    const named = args.some((argument) => !argument.startsWith("-"));
    const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
    return [tools.node, [vitest, "run", "--project", "engine", ...(named ? [] : ["test/faults"]), ...args]];
  },
  "libvirt-provider": (tools, args) => [
    tools.node,
    [join(ROOT, "tools", "libvirt-provider", "install.mjs"), ...args],
  ],
  run: (_tools, [program = "node", ...args]) => [program, args],
};

/** @param {readonly string[]} argv */
async function main([target, ...args]) {
  if (target !== undefined && !(target in TARGETS)) {
    throw new SetupError(
      `There is no target "${target}".`,
      `Use one of ${Object.keys(TARGETS).join(", ")}, or none.`,
    );
  }
  const progress = new Progress();
  const cache = cacheFolder();
  const tools = await provideTools(cache, progress);
  await prepareCheckout(tools, cache, progress);
  const engine = await provideEngine(tools, progress);
  const time = seconds(Date.now() - progress.begin);
  // Of a command's every call, only a set-up that had something to do is worth a line.
  if (target !== "groundplane")
    progress.line(`ready in ${time}: Pulumi ${engine.version} (${engine.origin}) at ${engine.path}`);

  const command = target === undefined ? undefined : TARGETS[target]?.(tools, args);
  if (command === undefined) return 0;
  // These are a user's program, so the user's folders are right for them.
  const isCommand = target === "quickstart" || target === "groundplane";
  const folders = isCommand ? { GROUNDPLANE_COMMAND: COMMAND_NAME } : ownFolders(cache);
  const env = { ...withPath([join(ROOT, "node_modules", ".bin"), engine.binDir], tools.env), ...folders };
  return await runInForeground(command[0], command[1], { cwd: ROOT, env });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof SetupError;
  process.stderr.write(`\nset-up stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write(
    known
      ? `what to do: ${error.remedy}\n`
      : "what to do: this is a fault of tools/setup, please report it.\n",
  );
  process.exitCode = 1;
}
