import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isGroundplaneError } from "@groundplane/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ENGINE_VERSION } from "./engine.ts";
import { engineFolder } from "./engine-cache.ts";
import { temporaryFolder, writeFakeEngine } from "./fake-engine.fixture.ts";
import type { InstallWay } from "./install-engine.ts";
import { inspectEngines, resolveEngine } from "./resolve-engine.ts";

let root: string;
let cache: string;

beforeEach(() => {
  root = temporaryFolder();
  cache = join(root, "cache");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type FakeAnswer = NonNullable<Parameters<typeof writeFakeEngine>[1]>;

const SYSTEM_PATH = "/usr/bin:/bin";
const environment = (...folders: string[]): NodeJS.ProcessEnv => ({
  PATH: [...folders, SYSTEM_PATH].join(":"),
});

function fakeWay(
  answer: Parameters<typeof writeFakeEngine>[1] = {},
  counter?: { calls: number },
): InstallWay {
  return {
    origin: "go-build",
    install: async (options) => {
      if (counter) counter.calls += 1;
      writeFakeEngine(join(options.root, "bin"), answer);
      return undefined;
    },
  };
}

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isGroundplaneError(error)) expect.fail(`expected a GroundplaneError, got ${String(error)}`);
  return error;
};

describe("GROUNDPLANE_PULUMI", () => {
  it.each(["", "pulumi"])("takes the engine when it names its folder or program (%j)", async (suffix) => {
    const folder = writeFakeEngine(join(root, "mine"));
    const engine = await resolveEngine({
      env: { ...environment(), GROUNDPLANE_PULUMI: join(folder, suffix) },
      cache,
      ways: [],
    });
    expect(engine).toMatchObject({
      origin: "env",
      path: join(folder, "pulumi"),
      binDir: folder,
      version: ENGINE_VERSION,
      languageHost: join(folder, "pulumi-language-nodejs"),
      policyShim: join(folder, "pulumi-analyzer-policy"),
    });
  });

  const unfit: readonly (readonly [string, FakeAnswer | undefined, string])[] = [
    ["nothing is there", undefined, "neither a program nor a folder"],
    ["its version differs", { prints: "v3.219.0" }, "its version is 3.219.0, the SDK's is 3.220.0"],
    ["it does not run", { exitCode: 3 }, "`pulumi version` failed"],
    ["it prints something else", { prints: "hello" }, 'it printed "hello"'],
    ["it cannot run policy packs", { shim: false }, "pulumi-analyzer-policy"],
  ];
  it.each(unfit)("fails when %s, and never takes the next one", async (_why, answer, message) => {
    const wrong = join(root, "wrong");
    if (answer) writeFakeEngine(wrong, answer);
    const good = writeFakeEngine(join(root, "good"));
    // A shim on PATH serves an engine anywhere, so the good one must not be there in that case.
    const env = {
      PATH: answer?.shim === false ? SYSTEM_PATH : `${good}:${SYSTEM_PATH}`,
      GROUNDPLANE_PULUMI: wrong,
    };
    const error = await failure(resolveEngine({ env, cache, ways: [fakeWay()] }));
    expect(error.code).toBe("ENGINE_UNAVAILABLE");
    expect(error.message).toContain(message);
    expect(error.message).toContain("unset it");
  });
});

describe("PATH", () => {
  it("takes the first that fits and says why the others do not", async () => {
    const old = writeFakeEngine(join(root, "old"), { prints: "v3.100.0" });
    const fitting = writeFakeEngine(join(root, "fitting"));
    const engine = await resolveEngine({ env: environment(old, fitting), cache, ways: [] });
    expect(engine.path).toBe(join(fitting, "pulumi"));
    expect(engine.origin).toBe("path");
    expect(engine.tried.map((each) => [each.origin, each.version, each.usable])).toEqual([
      ["path", "3.100.0", false],
      ["path", "3.220.0", true],
    ]);
  });
});

describe("installing", () => {
  it("installs once, then finds it in the cache", async () => {
    const counter = { calls: 0 };
    const options = { env: environment(), cache, ways: [fakeWay({}, counter)] };
    const first = await resolveEngine(options);
    expect(first.origin).toBe("go-build");
    const second = await resolveEngine(options);
    expect(second).toMatchObject({ origin: "cache", path: first.path });
    expect(counter.calls).toBe(1);
  });

  it("installs once when several ask at the same time", async () => {
    const counter = { calls: 0 };
    const options = { env: environment(), cache, ways: [fakeWay({}, counter)] };
    const engines = await Promise.all([1, 2, 3, 4].map(() => resolveEngine(options)));
    expect(new Set(engines.map((each) => each.path)).size).toBe(1);
    expect(counter.calls).toBe(1);
  });

  it("goes to the next way when one fails, and reports both", async () => {
    const broken: InstallWay = { origin: "installer", install: async () => "no route to host" };
    const engine = await resolveEngine({ env: environment(), cache, ways: [broken, fakeWay()] });
    expect(engine.tried.slice(1).map((each) => [each.origin, each.usable])).toEqual([
      ["installer", false],
      ["go-build", true],
    ]);
  });

  it.each([
    ["does not run", { exitCode: 1 }],
    ["has the wrong version", { prints: "v3.219.9" }],
    ["lacks the policy shim", { shim: false }],
  ])("fails when the new engine %s, and leaves nothing that passes for one", async (_why, answer) => {
    const options = { env: environment(), cache, ways: [fakeWay(answer)] };
    expect((await failure(resolveEngine(options))).code).toBe("ENGINE_UNAVAILABLE");
    expect(await readdir(join(cache, "engine"))).toEqual([]);
  });

  it("fails when there is none and installing is switched off, naming every place and the remedy", async () => {
    const error = await failure(resolveEngine({ env: environment(), cache, install: false }));
    expect(error.message).toContain("nothing is installed in");
    expect(error.message).toContain("GROUNDPLANE_PULUMI");
  });
});

describe("the cache", () => {
  const install = async () => await resolveEngine({ env: environment(), cache, ways: [fakeWay()] });

  it("does not take a folder without a manifest for an engine", async () => {
    writeFakeEngine(join(engineFolder(cache), "bin"));
    const counter = { calls: 0 };
    const engine = await resolveEngine({ env: environment(), cache, ways: [fakeWay({}, counter)] });
    expect([engine.origin, counter.calls]).toEqual(["go-build", 1]);
  });

  it("installs again when a file was cut short", async () => {
    const { path } = await install();
    writeFileSync(path, "#!/bin/sh\n");
    expect((await install()).origin).toBe("go-build");
    expect((await install()).origin).toBe("cache");
  });

  it("installs again when a file was changed to one of the same size", async () => {
    const { path } = await install();
    writeFileSync(path, readFileSync(path, "utf8").replace("3.220.0", "3.220.1"));
    const { mtime } = statSync(path);
    utimesSync(path, mtime, new Date(mtime.getTime() + 5_000));
    expect((await install()).origin).toBe("go-build");
  });

  it("takes files whose dates moved but whose content did not", async () => {
    const { path } = await install();
    utimesSync(path, new Date(), new Date(0));
    expect((await install()).origin).toBe("cache");
  });

  it("is found as the cache when its folder is on PATH", async () => {
    const { binDir } = await install();
    expect((await resolveEngine({ env: environment(binDir), cache, ways: [] })).origin).toBe("cache");
  });
});

describe("inspectEngines", () => {
  it("shows every place, installs nothing, and says what to do", async () => {
    const old = writeFakeEngine(join(root, "old"), { prints: "v3.100.0" });
    const report = await inspectEngines({ env: environment(old), cache });
    expect(report.engine).toBeUndefined();
    expect(report.findings.slice(0, 2).map((each) => each.origin)).toEqual(["path", "cache"]);
    expect(report.remedy).toContain("GROUNDPLANE_PULUMI");
  });

  it("chooses nothing when GROUNDPLANE_PULUMI is wrong, whatever else fits", async () => {
    const good = writeFakeEngine(join(root, "good"));
    const report = await inspectEngines({
      env: { ...environment(good), GROUNDPLANE_PULUMI: join(root, "none") },
      cache,
    });
    expect(report.engine).toBeUndefined();
    expect(report.findings.map((each) => [each.origin, each.usable]).slice(0, 2)).toEqual([
      ["env", false],
      ["path", true],
    ]);
  });
});
