import { expect, test } from "vitest";
import { hideSqliteWarning } from "./sqlite-warning.ts";

test("hides SQLite's experimental warning and no other", () => {
  const shown: unknown[] = [];
  const target = { emitWarning: (...args: readonly unknown[]) => void shown.push(args) };
  hideSqliteWarning(target);
  target.emitWarning("SQLite is an experimental feature", "ExperimentalWarning");
  target.emitWarning("SQLite is an experimental feature", { type: "ExperimentalWarning" });
  target.emitWarning("Another is an experimental feature", "ExperimentalWarning");
  target.emitWarning("SQLite is old", "DeprecationWarning", "DEP0");
  expect(shown).toEqual([
    ["Another is an experimental feature", "ExperimentalWarning"],
    ["SQLite is old", "DeprecationWarning", "DEP0"],
  ]);
});
