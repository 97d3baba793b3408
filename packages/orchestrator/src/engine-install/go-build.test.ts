import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "./fake-engine.fixture.ts";
import { buildEngine, findGo } from "./go-build.ts";

let root: string;
let cache: string;

beforeEach(() => {
  root = temporaryFolder();
  cache = join(root, "cache");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A `go` that notes how it was called and writes what it is asked for. */
function writeFakeGo(behaviour = ""): string {
  const shims = join(root, "sdk", "nodejs", "dist");
  mkdirSync(shims, { recursive: true });
  for (const name of ["pulumi-analyzer-policy", "pulumi-resource-pulumi-nodejs"]) {
    writeFileSync(join(shims, name), "#!/bin/sh\n");
  }
  const bin = join(root, "go-bin");
  mkdirSync(bin);
  const script = `#!/bin/sh
echo "$PWD|$CGO_ENABLED|$GOWORK|$GOMODCACHE|$GOCACHE|$XDG_CONFIG_HOME|$*" >> ${root}/calls
${behaviour}
mkdir -p "$GOCACHE"
if [ "$1" = mod ]; then echo '{"Dir": "${root}/sdk"}'; exit 0; fi
while [ $# -gt 0 ]; do [ "$1" = -o ] && printf '#!/bin/sh\\n' > "$2" && chmod +x "$2"; shift; done
`;
  writeFileSync(join(bin, "go"), script, { mode: 0o755 });
  return bin;
}

const build = (env: NodeJS.ProcessEnv) =>
  buildEngine({ root: join(root, "draft"), cache, env, onProgress: () => undefined, signal: undefined });

const calls = () =>
  readFileSync(join(root, "calls"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("|"));

it("builds engine and language host from the committed modules, and adds the shims", async () => {
  const env = { PATH: `${writeFakeGo()}:/usr/bin:/bin` };
  expect(await build(env)).toBeUndefined();
  expect(readdirSync(join(root, "draft", "bin")).sort()).toEqual([
    "pulumi",
    "pulumi-analyzer-policy",
    "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs",
  ]);
  const [engine, host, download] = calls();
  expect(engine?.[0]).toMatch(/packages\/orchestrator\/engine\/pulumi$/);
  expect(engine?.[6]).toContain("Version=v3.220.0 github.com/pulumi/pulumi/pkg/v3/cmd/pulumi");
  expect(engine?.[6]).toContain("-mod=readonly");
  expect(host?.[0]).toMatch(/engine\/language-nodejs$/);
  expect(download?.[6]).toBe("mod download -json github.com/pulumi/pulumi/sdk/v3@v3.220.0");
});

it("keeps Go's caches and settings in the cache folder, and removes them afterwards", async () => {
  const env = { PATH: `${writeFakeGo()}:/usr/bin:/bin` };
  await build(env);
  for (const [, cgo, work, modules, objects, config] of calls()) {
    expect([cgo, work]).toEqual(["0", "off"]);
    expect([modules, objects, config]).toEqual(
      ["mod", "build", "config"].map((name) => join(cache, "go", name)),
    );
  }
  expect(readdirSync(cache)).toEqual([]);
});

it("leaves Go's caches where the user has put them", async () => {
  const own = { GOMODCACHE: join(root, "own-mod"), GOCACHE: join(root, "own-build") };
  await build({ PATH: `${writeFakeGo()}:/usr/bin:/bin`, ...own });
  expect(calls()[0]?.slice(3, 5)).toEqual([own.GOMODCACHE, own.GOCACHE]);
  expect(readdirSync(root)).toContain("own-build");
});

it("fails when the build does, with the end of what Go said", async () => {
  const bin = writeFakeGo('echo "pkg: checksum mismatch" >&2; exit 1');
  expect(await build({ PATH: `${bin}:/usr/bin:/bin` })).toBe(
    "the build of the engine failed: pkg: checksum mismatch",
  );
});

it("finds Go on PATH before its usual place", () => {
  const bin = writeFakeGo();
  expect(findGo({ PATH: `${bin}:/usr/bin:/bin` })).toBe(join(bin, "go"));
});
