import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheFolder as engineCacheFolder } from "../../packages/orchestrator/src/engine-install/cache-folder.ts";
import {
  dependencyFingerprint,
  isCurrent,
  missingBuildResults,
  sourceFingerprint,
  writeStamp,
} from "./fingerprint.mjs";
import { withFolderLock } from "./folder-lock.mjs";
import { cacheFolder, ROOT } from "./folders.mjs";
import { isFittingNode, nodeTool, PNPM_VERSION } from "./pinned-tools.mjs";
import { Progress } from "./progress.mjs";

/** @type {string} */
let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "groundplane-setup-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe("pinned tools", () => {
  it("are those of package.json", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(manifest.packageManager).toBe(`pnpm@${PNPM_VERSION}`);
    expect(manifest.engines.node).toBe(">=22.18");
  });

  it.each([
    ["18.20.8", false],
    ["22.17.1", false],
    ["22.18.0", true],
    ["24.0.0", true],
  ])("Node %s fits: %s", (version, fits) => expect(isFittingNode(version)).toBe(fits));

  it("fails when there is no Node for the platform, saying where to get one", () => {
    expect(() => nodeTool("sunos-sparc")).toThrow(/sunos-sparc/);
  });
});

it.each([
  [/** @type {const} */ ("linux"), {}],
  [/** @type {const} */ ("linux"), { XDG_CACHE_HOME: "/var/caches" }],
  [/** @type {const} */ ("darwin"), {}],
  [/** @type {const} */ ("linux"), { GROUNDPLANE_CACHE: "/srv/gp" }],
])("uses the engine's cache folder on %s with %j", (platform, env) => {
  expect(cacheFolder(env, platform, "/home/ada")).toBe(engineCacheFolder(env, platform, "/home/ada"));
});

describe("fingerprints", () => {
  beforeEach(() => {
    write("pnpm-lock.yaml", "lock 1");
    write(
      "packages/a/package.json",
      JSON.stringify({
        files: ["generated", "!src/**/*.test.ts"],
        exports: { ".": { default: "./dist/index.js" } },
      }),
    );
    write("packages/a/tsconfig.json", "{}");
    write("packages/a/src/index.ts", "export {};");
  });

  it("of dependencies move with the lock file, a manifest, Node's major version and pnpm", () => {
    const before = dependencyFingerprint(root, "24.1.0", "12");
    expect(dependencyFingerprint(root, "24.9.0", "12")).toBe(before);
    expect(dependencyFingerprint(root, "26.0.0", "12")).not.toBe(before);
    expect(dependencyFingerprint(root, "24.1.0", "13")).not.toBe(before);
    write("pnpm-lock.yaml", "lock 2");
    expect(dependencyFingerprint(root, "24.1.0", "12")).not.toBe(before);
  });

  it("of sources move with a source and not with a test or a result", () => {
    const before = sourceFingerprint(root, "d");
    write("packages/a/src/index.test.ts", "");
    write("packages/a/dist/index.js", "");
    expect(sourceFingerprint(root, "d")).toBe(before);
    utimesSync(join(root, "packages/a/src/index.ts"), new Date(), new Date(0));
    expect(sourceFingerprint(root, "d")).not.toBe(before);
  });

  it("do not stand for a build whose results were removed", () => {
    const results = [join("packages", "a", "generated"), join("packages", "a", "dist", "index.js")];
    expect(missingBuildResults(root)).toEqual(results);
    write("packages/a/dist/index.js", "");
    write("packages/a/generated/catalog", "");
    expect(missingBuildResults(root)).toEqual([]);
  });

  it("are remembered in stamps", () => {
    expect(isCurrent("build", "x", root)).toBe(false);
    writeStamp("build", "x", root);
    expect([isCurrent("build", "x", root), isCurrent("build", "y", root)]).toEqual([true, false]);
  });
});

describe("the lock", () => {
  it("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withFolderLock(join(root, "lock"), work, () => undefined)));
    expect([most, existsSync(join(root, "lock"))]).toEqual([1, false]);
  });

  it("is taken over from a process that was killed", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    write("lock/owner.json", JSON.stringify({ pid, host: hostname() }));
    expect(
      await withFolderLock(
        join(root, "lock"),
        async () => "done",
        () => undefined,
      ),
    ).toBe("done");
  });
});

describe("setup.mjs", () => {
  it("fails when the target is unknown, with the remedy and without a stack trace", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "tools", "setup.mjs"), "tests"], {
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain('There is no target "tests".');
    expect(stderr).toContain("what to do: Use one of quickstart, groundplane, test, ");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

it("shows a line at the begin and the end of a step", async () => {
  /** @type {string[]} */
  const lines = [];
  await new Progress((line) => lines.push(line)).step("building", async () => undefined);
  expect(lines.map((line) => line.replace(/[\d.]+ s/g, "T"))).toEqual([
    "[setup   T] building ...",
    "[setup   T] building: done in T",
  ]);
});
