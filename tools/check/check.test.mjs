import { describe, expect, it } from "vitest";
import { boundaryProblems, cyclesIn } from "./boundaries.mjs";
import { importsOf } from "./imports.mjs";
import { contentProblems, manifestProblems } from "./packages.mjs";
import { problemsIn } from "./tracked-files.mjs";
import { duplicatesIn } from "./versions.mjs";

const EXPORTS = {
  "@groundplane/contracts": ["."],
  "@groundplane/aws": ["."],
  "@groundplane/sandbox": ["."],
  "@groundplane/orchestrator": [".", "./package.json"],
};

/** @param {string} file @param {string} text */
const problems = (file, text) => boundaryProblems([{ file, text }], EXPORTS);

describe("boundaries", () => {
  it.each([
    ["packages/aws/src/a.ts", 'import { x } from "@groundplane/contracts";'],
    ["packages/aws/src/a.ts", 'import * as aws from "@pulumi/aws";\nimport "node:fs";\nimport "./b.ts";'],
    ["packages/contracts/src/a.ts", 'import { z } from "zod";'],
    ["packages/contracts/src/a.test.ts", 'import { it } from "vitest";'],
    ["packages/aws/src/a.test.ts", 'import { m } from "../../../test/recording-mocks.ts";'],
    ["test/engine/a.test.ts", 'import { a } from "@groundplane/aws";\nimport "../support/b.ts";'],
  ])("allow in %s: %s", (file, text) => expect(problems(file, text)).toEqual([]));

  it.each([
    ["packages/aws/src/a.ts", 'import { x } from "@groundplane/orchestrator";', "may not import"],
    ["packages/aws/src/a.test.ts", 'import { x } from "@groundplane/sandbox";', "may not import"],
    ["packages/sandbox/src/a.ts", 'export * from "@pulumi/aws";', "may not import"],
    ["packages/contracts/src/a.ts", 'const p = await import("@pulumi/pulumi");', "may not import"],
    ["packages/contracts/src/a.ts", 'import yaml from "yaml";', "may import zod only"],
    ["packages/cli/src/a.ts", 'import { x } from "@groundplane/orchestrator/dist/x.js";', "no public export"],
    ["packages/aws/src/a.ts", 'import { x } from "../../contracts/src/errors.ts";', "leaves packages/aws"],
    ["packages/aws/src/a.ts", 'let x: import("@groundplane/sandbox").Store;', "may not import"],
    ["packages/new/src/a.ts", "export {};", "has no row"],
  ])("refuse in %s: %s", (file, text, why) => {
    const [problem] = problems(file, text);
    expect(problem).toContain(file);
    expect(problem).toContain(why);
  });

  it("refuse a cycle that exists when the program runs, not one of types", () => {
    /** @param {string} keyword */
    const pair = (keyword) => [
      { file: "packages/aws/src/a.ts", text: 'import { b } from "./b.ts";' },
      { file: "packages/aws/src/b.ts", text: `${keyword} { a } from "./a.ts";` },
    ];
    expect(boundaryProblems(pair("import"), EXPORTS)).toHaveLength(1);
    expect(boundaryProblems(pair("import type"), EXPORTS)).toEqual([]);
  });
});

it("finds a cycle behind a chain, once", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["b"]],
  ]);
  expect(cyclesIn(graph)).toEqual([["b", "c", "b"]]);
});

it("sees imports with their lines, and no text that only looks like one", () => {
  const text = '// import "x";\nconst s = \'import "y"\';\nexport type { T } from "./t.ts";';
  expect(importsOf("a.ts", text)).toEqual([{ specifier: "./t.ts", line: 3, typeOnly: true }]);
});

describe("tracked files", () => {
  it.each([
    ["docs/a.md", `see ${["", "root", "x"].join("/")}`, "path of one machine"],
    ["a.json", `"${["", "home", "bob", "x"].join("/")}"`, "path of one machine"],
    ["a.json", `https://registry.${"npmjs"}.org/zod`, "registry's host"],
    ["packages/aws/src/a.ts", `  throw new ${"Error"}("x");`, "bare Error"],
  ])("refuse in %s: %s", (file, text, why) => expect(problemsIn(file, text).join()).toContain(why));

  it.each([
    ["docs/a.md", "~/.cache/groundplane and packages/work/src"],
    ["packages/aws/src/a.test.ts", `throw new ${"Error"}("x")`],
    ["packages/aws/src/a.ts", `// never throw new ${"Error"}("x")`],
  ])("allow in %s: %s", (file, text) => expect(problemsIn(file, text)).toEqual([]));
});

it("refuses two versions of a Pulumi package", () => {
  const lock =
    "packages:\n\n  '@pulumi/aws@7.48.0':\n  '@pulumi/pulumi@3.220.0':\n  '@pulumi/pulumi@3.221.0':\n";
  expect(duplicatesIn(lock)).toEqual([
    expect.stringContaining("@pulumi/pulumi is there in 3.220.0 and 3.221.0"),
  ]);
});

it("refuses a tarball without licence, with tests, or with ranges of the workspace", () => {
  const files = ["package/package.json", "package/README.md", "package/src/a.test.ts"];
  expect(contentProblems(files)).toEqual([
    "the tarball lacks package/LICENSE",
    "the tarball holds package/src/a.test.ts",
  ]);
  expect(manifestProblems('{ "zod": "catalog:", "vitest": "5.1.1" }')).toHaveLength(1);
});
