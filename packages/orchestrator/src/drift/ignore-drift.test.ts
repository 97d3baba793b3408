import type { DriftIgnore, DriftItem } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ignoreDrift } from "./ignore-drift.ts";

const item = (name: string, ...paths: readonly string[]): DriftItem => ({
  urn: `urn:pulumi:dev::net::aws:ec2/vpc:Vpc::${name}`,
  type: "aws:ec2/vpc:Vpc",
  name,
  kind: paths.length === 0 ? "missing" : "changed",
  properties: paths.map((path) => ({ path, kind: "update" as const })),
});
const rule = (more: Partial<DriftIgnore> = {}): DriftIgnore => ({
  resource: "*::main",
  reason: "known and waited out",
  who: "ann",
  until: "2026-11-21",
  ...more,
});
const TODAY = "2026-11-21";

describe("ignoreDrift", () => {
  test("a rule is in force through its last day, and then is told if it is needed", () => {
    const items = [item("main", "a")];
    expect(ignoreDrift(items, [rule()], TODAY).items[0]?.ignoredBy).toEqual(rule());
    const after = ignoreDrift(items, [rule(), rule({ resource: "*::other" })], "2026-11-22");
    expect(after).toEqual({ items, expiredIgnores: [rule()] });
  });

  test("a rule with a property covers only properties that match, and never that a resource is missing", () => {
    const tags = rule({ property: "tags.*" });
    const { items } = ignoreDrift([item("main", "tags.a", "cidrBlock"), item("main")], [tags], TODAY);
    expect(items[0]?.properties.map(({ ignoredBy }) => ignoredBy?.property)).toEqual(["tags.*", undefined]);
    expect(items.map(({ ignoredBy }) => ignoredBy)).toEqual([undefined, undefined]);
  });

  test("a rule without a property covers a missing resource", () => {
    expect(
      ignoreDrift([item("main"), item("other")], [rule()], TODAY).items.map(
        ({ ignoredBy }) => ignoredBy?.who,
      ),
    ).toEqual(["ann", undefined]);
  });

  test("an expired rule whose drift another rule covers is still told", () => {
    const old = rule({ until: "2026-01-01" });
    const { items, expiredIgnores } = ignoreDrift([item("main", "a")], [old, rule()], TODAY);
    expect(items[0]?.ignoredBy).toEqual(rule());
    expect(expiredIgnores).toEqual([old]);
  });

  test("whatever patterns and names hold, only what a rule in force fits is covered, and nothing is lost", () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("*", "**", "main", "*::main", "__proto__", "[a-z]+", "(a+)+$", "..", "\u001b[2J"),
    );
    const rules = fc.array(
      fc.record({ resource: word, until: fc.constantFrom("2026-01-01", TODAY) }).map((more) => rule(more)),
      { maxLength: 5 },
    );
    const items = fc.array(
      fc.tuple(word, fc.array(word, { maxLength: 3 })).map(([name, paths]) => item(name, ...paths)),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(items, rules, (given, ignores) => {
        const { items: marked, expiredIgnores } = ignoreDrift(given, ignores, TODAY);
        expect(marked.map(({ ignoredBy: _ignoredBy, ...rest }) => rest)).toEqual(given);
        for (const { urn, ignoredBy } of marked) {
          if (ignoredBy === undefined) continue;
          expect(ignoredBy.until).toBe(TODAY);
          // The stars of a pattern stand for text, and each other sign for itself.
          const parts = ignoredBy.resource.split("*");
          expect(urn.startsWith(parts[0] ?? "") && urn.endsWith(parts.at(-1) ?? "")).toBe(true);
          for (const part of parts) expect(urn).toContain(part);
        }
        expect(expiredIgnores.every(({ until }) => until < TODAY)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
