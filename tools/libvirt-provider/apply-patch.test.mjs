import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { applyPatch, patchFiles } from "./apply-patch.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplane-patch-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const PATCH = `Why it is needed.

--- a/file
+++ b/file
@@ -1,3 +1,4 @@ func first() {
 one
-two
+2
+2 and a half
 three
@@ -9,2 +10,1 @@
 nine

-ten
`;

it("applies each hunk, wherever its lines have moved to", () => {
  expect(applyPatch("new\none\ntwo\nthree\nfour\nnine\n\nten\n", PATCH)).toBe(
    "new\none\n2\n2 and a half\nthree\nfour\nnine\n\n",
  );
});

it.each([
  ["are not there", "one\ntwo\nfour\n"],
  ["are there twice", "one\ntwo\nthree\none\ntwo\nthree\nnine\n\nten\n"],
  ["are patched already", "one\n2\n2 and a half\nthree\nnine\n\n"],
])("fails when a hunk's lines %s", (_, text) => {
  expect(() => applyPatch(text, PATCH)).toThrow(/hunk 1 of the patch fits [02] times/);
});

const TWO_FILES = `--- a note that is no file

--- a/one
+++ b/one
@@ -1 +1 @@
-one
+1
--- a/in/two
+++ b/in/two
@@ -1 +1 @@
-two
+2
`;

it("patches each file that it names", () => {
  mkdirSync(join(folder, "in"));
  writeFileSync(join(folder, "one"), "one\n");
  writeFileSync(join(folder, "in/two"), "two\n");
  patchFiles(folder, TWO_FILES);
  expect(readFileSync(join(folder, "one"), "utf8")).toBe("1\n");
  expect(readFileSync(join(folder, "in/two"), "utf8")).toBe("2\n");
});

it("fails with the file's name when one does not fit or is not there", () => {
  writeFileSync(join(folder, "one"), "two\n");
  expect(() => patchFiles(folder, TWO_FILES)).toThrow(/^one: hunk 1 of the patch fits 0 times/);
  writeFileSync(join(folder, "one"), "one\n");
  expect(() => patchFiles(folder, TWO_FILES)).toThrow(/^in\/two: ENOENT/);
  expect(() => patchFiles(folder, "words\n")).toThrow("names no file");
});

it("fails when there are no hunks", () => {
  expect(() => applyPatch("one\n", "nothing but words\n")).toThrow("no hunks");
});
