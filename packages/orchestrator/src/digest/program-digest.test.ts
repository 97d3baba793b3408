import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  DIGEST_PARTS,
  isGroundplaneError,
  type ReviewDigest,
  reviewDigestSchema,
} from "@groundplane/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestProgram } from "./program-digest.ts";
import { movedParts } from "./review-digest.ts";

let root = "";
const write = (name: string, text: string): void => {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const digest = () => digestProgram(root, [join(root, "stacks/net/index.ts"), join(root, "project.ts")]);

/** Which of the two parts move with a change. */
async function movedBy(change: () => void): Promise<readonly string[]> {
  const before = await digest();
  change();
  const after = await digest();
  return (["program", "dependencies"] as const).filter((part) => before[part] !== after[part]);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "program-"));
  write("package.json", '{ "type": "module" }');
  write("package-lock.json", "{}");
  write("project.ts", 'import "./shared/tags.ts";\nexport default 1;\n');
  write("shared/tags.ts", "export const tags: number = 1;\n");
  write(
    "stacks/net/index.ts",
    'import { plan } from "./plan.ts";\nimport sizes from "./sizes.json";\nimport linked from "linked/sub";\nimport "installed";\nimport { join } from "node:path";\nexport default [plan, sizes, linked, join, () => import("./later.ts")];\n',
  );
  write("stacks/net/plan.ts", 'export { tags as plan } from "../../shared/tags.ts";\n');
  write("stacks/net/later.ts", "export {};\n");
  write("stacks/net/sizes.json", "{}\n");
  write("stacks/net/unrelated.ts", "export {};\n");
  write("node_modules/installed/package.json", '{ "name": "installed", "version": "1.0.0" }');
  write("node_modules/installed/index.js", "");
  write("packages/linked/package.json", '{ "name": "linked", "dependencies": { "deeper": "*" } }');
  write("packages/linked/dist/index.js", "");
  write("packages/linked/src/index.ts", "");
  write("packages/deeper/package.json", '{ "name": "deeper", "dependencies": { "linked": "*" } }');
  write("packages/deeper/index.js", "");
  symlinkSync(join(root, "packages/linked"), join(root, "node_modules/linked"));
  mkdirSync(join(root, "packages/linked/node_modules"));
  symlinkSync(join(root, "packages/deeper"), join(root, "packages/linked/node_modules/deeper"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("digestProgram", () => {
  test("is the same as long as nothing changes", async () => {
    expect(await movedBy(() => undefined)).toEqual([]);
  });

  test.each([
    [
      "the entry",
      "stacks/net/index.ts",
      'import "./plan.ts";\nimport "./sizes.json";\nimport "linked";\nimport "installed";\n',
    ],
    ["an imported file", "stacks/net/plan.ts", "export const plan = 2;\n"],
    ["a file that an imported file imports", "shared/tags.ts", "export const tags: number = 2;\n"],
    ["an imported type, which leaves no trace in the code", "shared/tags.ts", "export const tags: 1 = 1;\n"],
    ["a comment", "stacks/net/plan.ts", 'export { tags as plan } from "../../shared/tags.ts"; // now\n'],
    ["a file that is imported later", "stacks/net/later.ts", "export const a = 1;\n"],
    ["imported data", "stacks/net/sizes.json", '{ "a": 1 }\n'],
    ["the project file", "project.ts", 'import "./shared/tags.ts";\nexport default 2;\n'],
  ])("its program moves with %s", async (_what, file, text) => {
    expect(await movedBy(() => write(file, text))).toEqual(["program"]);
  });

  test.each([
    ["the lock file", "package-lock.json", '{ "packages": {} }'],
    ["the built code of a linked package", "packages/linked/dist/index.js", "// changed"],
    ["a package that the linked one links, which has no build", "packages/deeper/index.js", "// changed"],
  ])("its dependencies move with %s", async (_what, file, text) => {
    expect(await movedBy(() => write(file, text))).toEqual(["dependencies"]);
  });

  test.each([
    ["a file that nobody imports", "stacks/net/unrelated.ts", "export const x = 1;\n"],
    ["a new file", "stacks/net/new.ts", "export {};\n"],
    ["an installed package, which the lock file pins", "node_modules/installed/index.js", "// changed"],
    ["the sources of a linked package that is built", "packages/linked/src/index.ts", "// changed"],
    ["the orchestrator's data", ".groundplane/journal.db", "x"],
  ])("does not move with %s", async (_what, file, text) => {
    expect(await movedBy(() => write(file, text))).toEqual([]);
  });

  test("takes the lock file that is nearest, and moves when there is none", async () => {
    expect(await movedBy(() => write("stacks/net/yarn.lock", ""))).toEqual(["dependencies"]);
    rmSync(join(root, "stacks/net/yarn.lock"));
    expect(await movedBy(() => rmSync(join(root, "package-lock.json")))).toEqual(["dependencies"]);
  });

  test.each([
    ["cannot be parsed", "export const = ;\n"],
    ["imports a file that is not there", 'import "./gone.ts";\n'],
  ])("fails when a source %s", async (_why, text) => {
    write("stacks/net/plan.ts", text);
    const code = await digest().catch((error: unknown) => (isGroundplaneError(error) ? error.code : error));
    expect(code).toBe("STACK_INVALID");
  });

  test("runs nothing of the program", async () => {
    write("stacks/net/plan.ts", "export const plan = 1;\nthrow new Error('was run');\n");
    await expect(digest()).resolves.toBeDefined();
  });
});

describe("movedParts", () => {
  const hash = (digit: string): string => `sha256:${digit.repeat(64)}`;
  const reviewed = (changed: readonly string[] = []): ReviewDigest =>
    reviewDigestSchema.parse({
      digest: hash("0"),
      parts: Object.fromEntries(DIGEST_PARTS.map((part) => [part, hash(changed.includes(part) ? "b" : "a")])),
    });

  test("are none when all are equal", () => {
    expect(movedParts(reviewed(), reviewed())).toEqual([]);
  });

  test.each(DIGEST_PARTS)("names %s", (part) => {
    expect(movedParts(reviewed(), reviewed([part]))).toEqual([part]);
  });

  test("names several, in their order", () => {
    expect(movedParts(reviewed(), reviewed(["engine", "plan"]))).toEqual(["plan", "engine"]);
  });
});
