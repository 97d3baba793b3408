import { expect, it } from "vitest";
import { cacheFolder } from "./cache-folder.ts";

it.each([
  ["linux", {}, "/home/ada/.cache/groundplane/v1"],
  ["linux", { XDG_CACHE_HOME: "/var/caches" }, "/var/caches/groundplane/v1"],
  ["darwin", {}, "/home/ada/Library/Caches/groundplane/v1"],
  ["linux", { GROUNDPLANE_CACHE: "/srv/gp", XDG_CACHE_HOME: "/var/caches" }, "/srv/gp"],
] as const)("on %s with %j is %s", (platform, env, folder) => {
  expect(cacheFolder(env, platform, "/home/ada")).toBe(folder);
});

it("fails when GROUNDPLANE_CACHE is relative", () => {
  expect(() => cacheFolder({ GROUNDPLANE_CACHE: "cache" })).toThrow(/"cache", which is no absolute path/);
});
