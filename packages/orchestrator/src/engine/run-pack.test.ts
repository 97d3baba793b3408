import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000 });
const OURS = join(import.meta.dirname, "run-pack.ts");
const SDK = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");

let folder = "";
beforeEach(() => {
  // Where the SDK is found.
  const scratch = join(import.meta.dirname, "../../.groundplane");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "pack-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a pack of these files prints, and how it ends. */
function started(entry: string, files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", entry, "127.0.0.1:9", "."],
    { cwd: folder, encoding: "utf8" },
  );
  return { status, stdout };
}

const manifest = (main: string) => ({
  "package.json": JSON.stringify({ name: "pack", version: "1.0.0", main }),
});
/** An enum: Node alone does not run it. */
const TYPED = 'enum Words { said = "by an enum" }\nexport const said: string = Words.said;\n';
const TELL = `console.log(Object.keys(require.cache).filter((file) => /node_modules.typescript/.test(file)).length);
process.exit(3);`;

test("a pack in JavaScript runs without TypeScript, and ends as it wants to", () => {
  const told = started(OURS, {
    ...manifest("pack.js"),
    "pack.js": `${TELL}`,
  });
  expect(told).toEqual({ status: 3, stdout: "0\n" });
});

test("one that is built already does, whatever it was built with", () => {
  const built = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);${TELL}`;
  const files = { ...manifest("pack.mjs"), "pack.mjs": built, "tsconfig.json": '{ "compilerOptions": {} }' };
  expect(started(OURS, files)).toEqual({ status: 3, stdout: "0\n" });
});

test.each([
  ["in TypeScript", "pack.ts", {}],
  [
    "in TypeScript, with a project",
    "pack.ts",
    { "tsconfig.json": '{ "compilerOptions": { "strict": true } }' },
  ],
  ["in JavaScript that requires TypeScript", "pack.js", {}],
])("one %s ends as it does by the SDK's own entry", (_what, main, more) => {
  const files = {
    ...manifest(main),
    "said.ts": TYPED,
    [main]: 'const { said } = require("./said");\nconsole.log(said);\nprocess.exit(4);\n',
    ...more,
  };
  expect(started(OURS, files)).toEqual(started(SDK, files));
});
