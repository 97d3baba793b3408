import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import {
  dependencyFingerprint,
  isCurrent,
  missingBuildResults,
  packageFolders,
  sourceFingerprint,
  writeStamp,
} from "./fingerprint.mjs";
import { withFolderLock } from "./folder-lock.mjs";
import { ROOT, STATE } from "./folders.mjs";
import { installNpmTool, toolFolder } from "./npm-tool.mjs";
import { isFittingNode, nodeTool, pnpmTool } from "./pinned-tools.mjs";
import { runQuietly } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/** @typedef {import("./progress.mjs").Progress} Progress */
/** @typedef {{ node: string, pnpm: string, env: NodeJS.ProcessEnv }} Tools */
/** @typedef {{ path: string, binDir: string, version: string, origin: string }} Engine */

/**
 * A fitting Node and the pinned pnpm, and the environment in which both come first.
 *
 * @param {string} cache
 * @param {Progress} progress
 * @returns {Promise<Tools>}
 */
export async function provideTools(cache, progress) {
  const node = isFittingNode()
    ? process.execPath
    : await provide(
        nodeTool(),
        `Node ${nodeTool().version} (this is ${process.versions.node})`,
        cache,
        progress,
      );
  const pnpm = await provide(pnpmTool(), `pnpm ${pnpmTool().version}`, cache, progress);
  const env = withPath([dirname(node), dirname(pnpm), join(ROOT, "node_modules", ".bin")], process.env);
  return { node, pnpm, env };
}

/**
 * @param {readonly string[]} folders
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv} with these folders first on PATH
 */
export function withPath(folders, env) {
  return { ...env, PATH: [...folders, env.PATH ?? ""].filter(Boolean).join(delimiter) };
}

/**
 * Dependencies and build, if something moved since the last time.
 *
 * @param {Tools} tools
 * @param {string} cache
 * @param {Progress} progress
 */
export async function prepareCheckout(tools, cache, progress) {
  if (isPrepared(tools)) return;
  await withFolderLock(
    join(STATE, "lock"),
    async () => {
      await installDependencies(tools, cache, progress);
      await build(tools, cache, progress);
    },
    (pid) => progress.line(`waiting for the set-up of process ${pid ?? "unknown"} in this checkout`),
  );
}

/**
 * The engine, found or installed by the orchestrator's own resolution.
 *
 * @param {Tools} tools
 * @param {Progress} progress
 * @returns {Promise<Engine>}
 */
export async function provideEngine(tools, progress) {
  const entry = join(ROOT, "packages", "orchestrator", "dist", "engine-install", "main.js");
  const answer = await progress.heartbeat("engine", ({ note }) =>
    runQuietly(tools.node, [entry], {
      cwd: ROOT,
      env: tools.env,
      what: "Getting the Pulumi engine",
      remedy: "Mend what the message says, and run this again.",
      onErrorLine: (line) => {
        note(`engine: ${line}`);
        progress.line(`engine: ${line}`);
      },
    }),
  );
  return JSON.parse(answer);
}

/**
 * @param {import("./npm-tool.mjs").NpmTool} tool
 * @param {string} title
 * @param {string} cache
 * @param {Progress} progress
 */
async function provide(tool, title, cache, progress) {
  const modules = existsSync(toolFolder(tool, cache))
    ? join(toolFolder(tool, cache), "node_modules")
    : await progress.step(`getting ${title}`, () => installNpmTool(tool, cache, process.env));
  return join(modules, tool.binary);
}

/** @param {Tools} tools */
function dependencies(tools) {
  return dependencyFingerprint(
    ROOT,
    isFittingNode() ? process.versions.node : nodeTool().version,
    tools.pnpm,
  );
}

/** @param {Tools} tools */
function isPrepared(tools) {
  const key = dependencies(tools);
  return (
    isInstalled(key) && isCurrent("build", sourceFingerprint(ROOT, key)) && missingBuildResults().length === 0
  );
}

/** @param {string} key */
function isInstalled(key) {
  const folders = [".", ...packageFolders()].filter((folder) => hasDependencies(folder));
  return (
    isCurrent("dependencies", key) &&
    folders.every((folder) => existsSync(join(ROOT, folder, "node_modules")))
  );
}

/** @param {string} folder */
function hasDependencies(folder) {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
}

/**
 * @param {Tools} tools
 * @param {string} cache
 * @param {Progress} progress
 */
async function installDependencies(tools, cache, progress) {
  const key = dependencies(tools);
  if (isInstalled(key)) return;
  await progress.step("installing dependencies from the lock file", () =>
    runQuietly(tools.pnpm, ["install", "--frozen-lockfile"], {
      cwd: ROOT,
      // CI: without a terminal pnpm must not ask.
      env: { ...tools.env, ...ownFolders(cache), CI: "true" },
      what: "Installing dependencies",
      remedy:
        "Check that npm's registry can be reached; after a change of a package.json run `pnpm install` and commit the lock file.",
    }),
  );
  writeStamp("dependencies", key);
}

/**
 * @param {Tools} tools
 * @param {string} cache
 * @param {Progress} progress
 */
async function build(tools, cache, progress) {
  const key = sourceFingerprint(ROOT, dependencies(tools));
  if (isCurrent("build", key) && missingBuildResults().length === 0) return;
  await progress.step("building the packages", () =>
    runQuietly(tools.pnpm, ["build"], {
      cwd: ROOT,
      env: { ...tools.env, ...ownFolders(cache), CI: "true" },
      what: "The build",
      remedy: "Mend the sources named above, and run this again.",
    }),
  );
  const missing = missingBuildResults();
  if (missing.length > 0) {
    throw new SetupError(
      `The build did not write ${missing.join(", ")}.`,
      "Remove `dist` in that package and run this again.",
    );
  }
  writeStamp("build", key);
}

/**
 * Keeps what developers' programs write out of the home folder: pnpm's store, cache and state lie in our cache
 * folder (but a checkout that has a store keeps it), Biome's cache and vitest's token in the checkout.
 *
 * @param {string} cache
 * @returns {NodeJS.ProcessEnv}
 */
export function ownFolders(cache) {
  return {
    GROUNDPLANE_CACHE: cache,
    XDG_CACHE_HOME: join(ROOT, ".cache"),
    XDG_DATA_HOME: join(ROOT, ".cache", "data"),
    pnpm_config_store_dir: recordedStore() ?? join(cache, "pnpm", "store"),
    pnpm_config_cache_dir: join(cache, "pnpm", "cache"),
    pnpm_config_state_dir: join(cache, "pnpm", "state"),
  };
}

/** The store that node_modules was linked from, without the layout version that pnpm adds to it. */
function recordedStore() {
  const modules = join(ROOT, "node_modules", ".modules.yaml");
  if (!existsSync(modules)) return undefined;
  const text = readFileSync(modules, "utf8");
  const store = /"?storeDir"?:\s*"?([^",\n]+)"?/.exec(text)?.[1];
  return store?.replace(/[\\/]v\d+$/, "");
}
