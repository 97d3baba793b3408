#!/usr/bin/env node
// `pnpm check`: everything that a change needs. `pnpm check types unused` runs only the steps named, and
// `pnpm check --without unit` all others.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ROOT } from "./setup/folders.mjs";
import { seconds } from "./setup/progress.mjs";
import { withPath } from "./setup/steps.mjs";

/** @typedef {{ name: string, command: string, args: readonly string[] }} Step */
/** @typedef {{ name: string, ok: boolean, ms: number, output: string }} Result */

/** @param {string} name @param {string} line @returns {Step} */
const step = (name, line) => {
  const [command = "", ...args] = line.split(" ");
  return { name, command, args };
};

/** The others read its results. */
const BUILD = step("build", "pnpm build");

/** Longest first, so that the short ones fill the gaps. */
const STEPS = [
  step("unit", "vitest run --project unit"),
  step("packages", "node tools/check/packages.mjs"),
  step("types", "tsc -p tsconfig.check.json"),
  step("tools", "tsc -p tools"),
  step("unused", "knip --no-progress"),
  step("lint", "biome ci --colors=off --error-on-warnings"),
  step("generated", "pnpm -r --if-present run /^generate:/ --check"),
  step("reference", "node tools/generate-reference.mjs --check"),
  step("boundaries", "node tools/check/boundaries.mjs"),
  step("files", "node tools/check/tracked-files.mjs"),
  step("versions", "node tools/check/versions.mjs"),
];

/** @param {Step} step @returns {Promise<Result>} */
function run({ name, command, args }) {
  const begin = Date.now();
  const env = { ...withPath([join(ROOT, "node_modules", ".bin")], process.env), NO_COLOR: "1" };
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (/** @type {Buffer} */ data) => {
      output += data;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const end = (/** @type {boolean} */ ok) => resolve({ name, ok, ms: Date.now() - begin, output });
    child.on("error", (error) => {
      output += error.message;
      end(false);
    });
    child.on("close", (code) => end(code === 0));
  });
}

/** The end says most; run the step alone for the rest. */
const SHOWN_LINES = 60;

/** @param {Result} result */
function report({ name, ok, output }) {
  if (ok) return;
  const lines = output.trim().split("\n");
  const left = Math.max(0, lines.length - SHOWN_LINES);
  console.log(`\n--- ${name}${left > 0 ? ` (${left} lines before these)` : ""} ---`);
  console.log(lines.slice(left).join("\n"));
}

/** @param {readonly Step[]} steps */
async function runAll(steps) {
  const queue = [...steps];
  /** @type {Result[]} */
  const results = [];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const result = await run(next);
      results.push(result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  return results;
}

const begin = Date.now();
const [flag, ...rest] = process.argv.slice(2);
// `--without unit`: all but those named, so that a new step is not forgotten where one is left out.
const leavesOut = flag === "--without";
const named = leavesOut || flag === undefined ? rest : [flag, ...rest];
const unknown = named.filter((name) => !STEPS.some((each) => each.name === name));
if (unknown.length > 0) {
  console.error(
    `no such step: ${unknown.join(", ")}. There are ${STEPS.map((each) => each.name).join(", ")}.`,
  );
  process.exit(64);
}
const built = await runAll([BUILD]);
const results = [
  ...built,
  ...(await runAll(STEPS.filter(({ name }) => named.length === 0 || named.includes(name) !== leavesOut))),
];
const failed = results.filter((result) => !result.ok);
console.log(
  `\n${results.length - failed.length} of ${results.length} steps ok in ${seconds(Date.now() - begin)}`,
);
if (failed.length > 0) console.log(`failed: ${failed.map((result) => result.name).join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;
