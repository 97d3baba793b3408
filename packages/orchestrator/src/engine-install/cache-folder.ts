import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";

/** Layout of what lies in the cache folder. A change of it takes a new folder, so old and new never mix. */
const LAYOUT = "v1";

/**
 * The user's cache folder for engines: `GROUNDPLANE_CACHE`, else `groundplane/v1` in the platform's place for
 * caches (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches` on macOS; `LOCALAPPDATA` on Windows).
 *
 * @throws {INVALID_ARGUMENT} `GROUNDPLANE_CACHE` is no absolute path.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const own = env["GROUNDPLANE_CACHE"];
  if (own) {
    if (isAbsolute(own)) return own;
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      `GROUNDPLANE_CACHE is "${own}", which is no absolute path: give one that starts at the root`,
      { facts: { variable: "GROUNDPLANE_CACHE", value: own } },
    );
  }
  return join(platformCaches(env, platform, home), "groundplane", LAYOUT);
}

function platformCaches(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (env["XDG_CACHE_HOME"]) return env["XDG_CACHE_HOME"];
  if (platform === "darwin") return join(home, "Library", "Caches");
  if (platform === "win32" && env["LOCALAPPDATA"]) return env["LOCALAPPDATA"];
  return join(home, ".cache");
}
