import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, it } from "vitest";
import { buildPlugin, CannotBuild, findGo, PATCHED, PLATFORMS, PLUGIN } from "./build.mjs";

const read = (/** @type {string} */ path) => readFileSync(join(import.meta.dirname, path), "utf8");
const manifest = JSON.parse(read("npm/package.json"));

it("the Go source, the build and the npm package name one plugin, version and set of platforms", () => {
  const source = read("provider/provider.go");
  expect(source).toContain(`const Name = "${PLUGIN.name}"`);
  expect(source).toContain(`const Version = "${PLUGIN.version}"`);
  expect(manifest.groundplane.plugin).toEqual({
    name: PLUGIN.name,
    version: PLUGIN.version,
    executable: Object.fromEntries(
      Object.keys(PLATFORMS).map((platform) => [
        platform,
        `${manifest.name}-${platform}/bin/${PLUGIN.program}`,
      ]),
    ),
  });
});

it.each(PATCHED)("the committed module stands on the published %s: only a build replaces it", (module) => {
  expect(read("go.mod")).not.toContain(`replace ${module}`);
  expect(read("go.mod")).toContain(`${module} v`);
});

it("fails with the remedy for a platform that there is no build for", async () => {
  const options = { cache: "cache", env: {}, platform: "win32-x64", say: () => undefined };
  await expect(buildPlugin(options)).rejects.toThrow(CannotBuild);
  await expect(buildPlugin(options)).rejects.toMatchObject({
    remedy: expect.stringContaining("linux-arm64"),
  });
});

it("finds Go on PATH before anywhere else", () => {
  const folder = mkdtempSync(join(tmpdir(), "groundplane-go-"));
  try {
    writeFileSync(join(folder, "go"), "");
    expect(findGo({ PATH: `${join(folder, "nowhere")}${delimiter}${folder}` })).toBe(join(folder, "go"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
