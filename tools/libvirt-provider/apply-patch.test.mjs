import { expect, it } from "vitest";
import { applyPatch } from "./apply-patch.mjs";

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

it("fails when there are no hunks", () => {
  expect(() => applyPatch("one\n", "nothing but words\n")).toThrow("no hunks");
});
