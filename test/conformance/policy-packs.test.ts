import { readFileSync } from "node:fs";
import type { Pack, Rule } from "@groundplane/policy";
import { pack as aws } from "@groundplane/policy-aws";
import { pack as baseline } from "@groundplane/policy-baseline";
import { pack as libvirt } from "@groundplane/policy-libvirt";
import { pack as strict } from "@groundplane/policy-strict";
import { resourceHasInput, resourceInputProblems } from "@groundplane/sandbox";
import { describe, expect, test } from "vitest";
import { creationOf, examplesOf, verdictOf } from "../pack-examples.ts";

const review = async (pack: Pack, resources: Parameters<typeof creationOf>[0]) =>
  pack.review({ changeSet: creationOf(resources), exemptions: [], today: "2026-11-21" });

test("the AWS pack has at least 80 rules, and no two packs share a name of a rule", () => {
  expect(aws.rules.length).toBeGreaterThanOrEqual(80);
  const ids = [aws, baseline, libvirt, strict].flatMap((pack) => pack.rules.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each([
  ["aws", aws],
  ["libvirt", libvirt],
  ["strict", strict],
])("each rule of the pack %s", (_name, pack) => {
  const rules = pack.definitions.map((rule) => [rule.summary.id, rule] as const);

  test.each(rules)("%s lets its passing examples pass, and so does every other rule", async (id, rule) => {
    const passing = examplesOf(pack, "passing").filter((example) => example.rule === id);
    expect(passing.length, `${id} has no passing example`).toBeGreaterThan(0);
    expect(rule.examples?.failing.length).toBeGreaterThan(0);
    expect((await review(pack, passing)).map((finding) => `${finding.rule}: ${finding.message}`)).toEqual([]);
  });

  test.each(rules)("%s reports each failing example, and no other rule does", async (id) => {
    const failing = examplesOf(pack, "failing").filter((example) => example.rule === id);
    for (const example of failing) {
      const findings = await review(pack, [example]);
      const verdicts = new Set(findings.map(verdictOf).filter((verdict) => !isOfBeside(verdict, id)));
      expect([...verdicts]).toEqual([`${id} ${example.name} violation`]);
    }
  });

  test.each(rules)("%s names types and properties as the pinned SDK or schema does", (_id, rule) => {
    for (const { type, property } of rule.reads)
      expect(resourceHasInput(type, property), `${type} has no ${property}`).toBe(true);
    for (const type of exactTypesOf(rule)) expect(() => resourceHasInput(type, "x"), type).not.toThrow();
    const { passing = [], failing = [] } = rule.examples ?? {};
    const all = [...passing, ...failing].flatMap((example) => [example, ...(example.beside ?? [])]);
    for (const { type, inputs } of all.filter((example) => !example.type.startsWith("groundplane:")))
      expect(resourceInputProblems(type, inputs), type).toEqual([]);
  });
});

/** A rule on the stack may report what stands beside an example too: both have one address. */
const isOfBeside = (verdict: string, id: string): boolean =>
  new RegExp(`^${id} ${id}-failing-\\d+-beside-\\d+ violation$`).test(verdict);

const exactTypesOf = (rule: Rule): readonly string[] =>
  rule.kind === "resource" && rule.types !== "any" ? rule.types.filter((type) => !type.includes("*")) : [];

describe("docs/standards.md", () => {
  const page = readFileSync(new URL("../../docs/standards.md", import.meta.url), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => /^\| (?:Always|Never|Allowed|Ask|Barred|Legacy) \d+/.test(line));

  test("has a row for each standard and boundary of the manual", () => {
    expect(rows.map((row) => row.split("|")[1]?.trim())).toEqual([
      ...numbered("Always", 10),
      ...numbered("Never", 10),
      ...numbered("Allowed", 7),
      ...numbered("Ask", 8),
      ...numbered("Barred", 8),
      ...numbered("Legacy", 11),
    ]);
  });

  test("names only rules that there are", () => {
    const ids = new Map(
      Object.entries({ aws, baseline, libvirt, strict }).map(([name, pack]) => [
        name,
        pack.rules.map(({ id }) => id),
      ]),
    );
    const named = [...page.matchAll(/`(aws|baseline|libvirt|strict):([a-z0-9-]+)`/g)];
    expect(named.length).toBeGreaterThan(20);
    for (const [, pack = "", id] of named) expect(ids.get(pack), `${pack}:${id}`).toContain(id);
  });
});

const numbered = (word: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);
