import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { expect, test } from "vitest";
import { compareValues, joinPath } from "./property-diff.ts";
import { secretOf } from "./special-value.ts";

test("names each leaf that differs", () => {
  const before = { tags: { a: "1", "a b": "2" }, list: [1, 2], same: secretOf("x"), none: null };
  const after = { tags: { a: "2" }, list: [1, 3, 4], same: "x" };
  expect(compareValues(before, after, "p")).toEqual([
    { path: "p.list[1]", kind: "update" },
    { path: "p.list[2]", kind: "add" },
    { path: "p.tags.a", kind: "update" },
    { path: 'p.tags["a b"]', kind: "delete" },
  ]);
});

test("takes what is not known for another value, whatever the comparison says", () => {
  const same = () => true;
  expect(compareValues("a", secretOf(UNKNOWN_TEXT), "p", same)).toEqual([{ path: "p", kind: "update" }]);
  expect(compareValues("a", "b", "p", same)).toEqual([]);
});

test("begins a path without a point", () => {
  expect(joinPath(joinPath("", "ingress"), 0)).toBe("ingress[0]");
});
