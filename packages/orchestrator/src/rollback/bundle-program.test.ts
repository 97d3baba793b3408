import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isGroundplaneError } from "@groundplane/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BUNDLE_FOLDER, bundleProgram } from "./bundle-program.ts";
import { installedPackages, movedPackagesFinding } from "./moved-packages.ts";

let root = "";
const write = (name: string, text: string): void => {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const installed = (folder: string, name: string, version: string, text: string): void => {
  write(
    `${folder}/node_modules/${name}/package.json`,
    JSON.stringify({ name, version, type: "module", exports: "./index.js" }),
  );
  write(`${folder}/node_modules/${name}/index.js`, text);
};
const bundle = (at = root) => bundleProgram(at, join(at, "stacks/net"), join(at, "stacks/net/index.ts"));

async function load(text: string): Promise<unknown> {
  write(`stacks/net/${BUNDLE_FOLDER}/program.mjs`, text);
  const file = join(root, "stacks/net", BUNDLE_FOLDER, "program.mjs");
  const module: { default: unknown } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  return module.default;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bundle-"));
  write("package.json", '{ "type": "module" }');
  installed(".", "outer", "1.0.0", 'export const outer = "outer 1";\n');
  installed(".", "@pulumi/pulumi", "3.220.0", "export const sdk = {};\n");
  write(
    "packages/linked/package.json",
    '{ "name": "linked", "version": "0.0.1", "type": "module", "exports": "./index.js" }',
  );
  write(
    "packages/linked/index.js",
    'import { inner } from "inner";\nexport const linked = "linked with " + inner;\n',
  );
  // Only the linked package has it.
  installed("packages/linked", "inner", "2.0.0", 'export const inner = "inner 2";\n');
  symlinkSync(join(root, "packages/linked"), join(root, "node_modules/linked"));
  write("stacks/net/text.txt", "beside");
  write("stacks/net/sizes.json", '{ "small": 1 }');
  write(
    "stacks/net/unused.ts",
    "Object.assign(globalThis, { ran: true });\nexport const nothing: number = 1;\n",
  );
  write(
    "stacks/net/index.ts",
    `import { readFileSync } from "node:fs";
import { outer } from "outer";
import { sdk } from "@pulumi/pulumi";
import { linked } from "linked";
import sizes from "./sizes.json" with { type: "json" };
import { nothing } from "./unused.ts";
const beside: string = readFileSync(new URL("./text.txt", import.meta.url), "utf8");
export default { outer, linked, sizes, beside, sdk, folder: import.meta.dirname, file: import.meta.filename };
`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("holds sources and linked packages, and finds installed ones and files as the sources did", async () => {
  const { text, packages } = await bundle();
  expect(packages).toEqual({
    "../../../packages/linked/node_modules/inner/index.js": "2.0.0",
    "@pulumi/pulumi": "3.220.0",
    outer: "1.0.0",
  });
  expect(text).not.toContain(root);
  // The sources may be gone or changed by then.
  rmSync(join(root, "packages/linked/index.js"));
  write("stacks/net/index.ts", "export default 0;\n");
  expect(await load(text)).toEqual({
    ...{ outer: "outer 1", linked: "linked with inner 2", sizes: { small: 1 }, beside: "beside", sdk: {} },
    folder: join(root, "stacks/net"),
    file: join(root, "stacks/net/index.ts"),
  });
  expect(globalThis).toHaveProperty("ran", true);
});

test("the same sources give the same bytes, wherever they lie", async () => {
  const other = mkdtempSync(join(tmpdir(), "elsewhere-"));
  cpSync(root, other, { recursive: true, verbatimSymlinks: true });
  rmSync(join(other, "node_modules/linked"));
  symlinkSync(join(other, "packages/linked"), join(other, "node_modules/linked"));
  try {
    expect(await bundle(other)).toEqual(await bundle());
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test("fails when an import cannot be found", async () => {
  write("stacks/net/index.ts", 'import "./gone.ts";\n');
  const error = await bundle().catch((caught: unknown) => caught);
  expect(isGroundplaneError(error) && error.code).toBe("STACK_INVALID");
});

test("packages that moved since are named; those that are gone as well", async () => {
  const { packages } = await bundle();
  const names = Object.keys(packages);
  const point = { run: "run-20261121-051229-abc123", packages, lockFile: null };
  const now = () => installedPackages(join(root, "stacks/net"), names);
  expect(movedPackagesFinding(point, await now())).toBeUndefined();

  installed(".", "outer", "1.1.0", "");
  rmSync(join(root, "packages/linked/node_modules/inner"), { recursive: true });
  expect(movedPackagesFinding(point, await now())).toMatchObject({
    rule: "packages-moved",
    enforcement: "advisory",
    message: expect.stringMatching(/inner\/index\.js 2\.0\.0, now gone; outer 1\.0\.0, now 1\.1\.0$/),
  });

  write("package-lock.json", "{}");
  installed(".", "outer", "1.0.0", "");
  installed("packages/linked", "inner", "2.0.0", "");
  expect(movedPackagesFinding(point, await now())?.message).toContain("the lock file has changed");
});
