import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupError } from "./setup-error.mjs";

/** The checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What set-up remembers about this checkout; ignored by git. */
export const STATE = join(ROOT, ".cache", "setup");

/**
 * The user's cache folder, by the rule of packages/orchestrator/src/engine-install/cache-folder.ts.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 * @returns {string}
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  const own = env.GROUNDPLANE_CACHE;
  if (own) {
    if (isAbsolute(own)) return own;
    throw new SetupError(
      `GROUNDPLANE_CACHE is "${own}", which is no absolute path.`,
      "Give a path that starts at the root.",
    );
  }
  return join(platformCaches(env, platform, home), "groundplane", "v1");
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @param {string} home
 */
function platformCaches(env, platform, home) {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === "darwin") return join(home, "Library", "Caches");
  if (platform === "win32" && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  return join(home, ".cache");
}
