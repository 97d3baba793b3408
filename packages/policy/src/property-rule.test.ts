import { type JsonValue, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { creationOf } from "../../../test/pack-examples.ts";
import type { Expectation } from "./expectation.ts";
import { definePack } from "./pack.ts";
import { definePropertyRule, type PropertyRuleDefinition } from "./property-rule.ts";

type Inputs = Readonly<Record<string, JsonValue>>;
const type = "aws:s3/bucket:Bucket";

function rule(more: Partial<PropertyRuleDefinition>) {
  return definePropertyRule({
    id: "it",
    title: "It is so",
    severity: "low",
    why: "Because.",
    remedy: "Do it.",
    source: "Nowhere",
    types: [type],
    properties: ["it"],
    mustBe: "true",
    passing: { it: true },
    failing: {},
    ...more,
  });
}

async function judged(more: Partial<PropertyRuleDefinition>, inputs: Inputs): Promise<readonly string[]> {
  const pack = definePack({ name: "test", version: "1.0.0", rules: [rule(more)] });
  const findings = await pack.review({
    changeSet: creationOf([{ type, name: "it", inputs }]),
    exemptions: [],
    today: "2026-11-21",
  });
  return findings.map(({ status, message }) => `${status}: ${message}`);
}

describe("a rule as data", () => {
  it.each<[Expectation, JsonValue[], JsonValue[]]>([
    ["true", [true, "true"], [false, "false", "", 1]],
    ["not-true", [false, "false", ""], [true, "true"]],
    ["not-false", [true, ""], [false, "false"]],
    ["set", ["x", 0, false, [1], { a: 1 }, UNKNOWN_MARK, SECRET_MARK], ["", [], {}]],
    ["unset", ["", [], {}], ["x", 0, false, [1], UNKNOWN_MARK, SECRET_MARK]],
    [{ oneOf: ["a", 7] }, ["a", 7, "7"], ["b", 8, "", ["a"]]],
    [{ noneOf: ["a", 0] }, ["b", 1, ""], ["a", 0, "0"]],
    [{ atLeast: 7 }, [7, "30"], [6, "6", "", "many"]],
    [{ atLeast: 30, orUnset: true }, [30, ""], [7, "29"]],
    [{ atMost: 90 }, [90, 1], [91, ""]],
    [{ matches: /^a/ }, ["ab"], ["b", ""]],
    [{ differsFrom: /^a/ }, ["b", ""], ["ab"]],
    [{ differsFrom: /^a/, orUnknown: true }, ["b", "", UNKNOWN_MARK], ["ab"]],
    [{ includes: ["a", "b"] }, [["b", "c", "a"]], [["a"], "a", []]],
    [
      { items: 2 },
      [
        ["a", "b"],
        [UNKNOWN_MARK, UNKNOWN_MARK],
      ],
      [["a"], [], "ab"],
    ],
  ])("%j takes what it should, and nothing else", async (mustBe, good, bad) => {
    for (const it of good) expect(await judged({ mustBe }, { it }), JSON.stringify(it)).toEqual([]);
    for (const it of bad) {
      const found = await judged({ mustBe }, { it });
      expect(
        found.map((line) => line.split(" ")[0]),
        JSON.stringify(it),
      ).toEqual(["violation:"]);
    }
  });

  it.each<[Expectation, boolean]>([
    ["true", false],
    ["not-true", true],
    ["not-false", true],
    ["set", false],
    ["unset", true],
    [{ oneOf: ["a"] }, false],
    [{ noneOf: ["a"] }, true],
    [{ atLeast: 1 }, false],
    [{ atLeast: 1, orUnset: true }, true],
    [{ atMost: 1 }, false],
    [{ matches: /a/ }, false],
    [{ differsFrom: /a/ }, true],
    [{ includes: ["a"] }, false],
    [{ items: 1 }, false],
  ])("%j of what is not set passes: %s", async (mustBe, passes) => {
    expect((await judged({ mustBe }, {})).length).toBe(passes ? 0 : 1);
  });

  it("names the place, the value and what is wanted", async () => {
    const found = await judged(
      { properties: ["disks[*].size"], mustBe: { atLeast: 8 } },
      { disks: [{ size: 9 }, { size: 4 }, {}] },
    );
    expect(found).toEqual([
      "violation: disks[1].size is 4, and must be at least 8",
      "violation: disks[2].size is not set, and must be at least 8",
    ]);
  });

  it.each([UNKNOWN_MARK, SECRET_MARK])("is not evaluated when the value is %j", async (it) => {
    expect((await judged({}, { it }))[0]).toMatch(/^not-evaluated: cannot be evaluated: it is/);
  });

  it("is evaluated where an unknown may pass, and not where it is a secret", async () => {
    const mustBe = { differsFrom: /^a/, orUnknown: true } as const;
    expect(await judged({ mustBe }, { it: UNKNOWN_MARK })).toEqual([]);
    expect((await judged({ mustBe }, { it: SECRET_MARK }))[0]).toMatch(/^not-evaluated/);
  });

  it("asks nothing where a condition does not hold", async () => {
    const when = { kind: { oneOf: ["a"] } } as const;
    expect(await judged({ when }, { kind: "b" })).toEqual([]);
    expect(await judged({ when }, {})).toEqual([]);
    expect(await judged({ when }, { kind: "a" })).toHaveLength(1);
  });

  it("lets an opening pass where the rule says so, and no other tag", async () => {
    const tags = { "Opening:public-ip": "a partner connects" };
    expect(await judged({ mayBeOpened: true }, { tags })).toEqual([]);
    expect(await judged({}, { tags })).toHaveLength(1);
    expect(await judged({ mayBeOpened: true }, { tags: { Open: "yes" } })).toHaveLength(1);
    expect((await judged({ mayBeOpened: true }, { tags: UNKNOWN_MARK }))[0]).toMatch(/^not-evaluated/);
  });

  it("tells which properties it reads, of each type, and has its examples", () => {
    const made = rule({ types: [type, "aws:sqs/queue:Queue"], when: { kind: "set" } });
    expect(made.reads).toEqual([
      { type, property: "it" },
      { type, property: "kind" },
      { type: "aws:sqs/queue:Queue", property: "it" },
      { type: "aws:sqs/queue:Queue", property: "kind" },
    ]);
    expect(made.examples).toEqual({
      passing: [{ type, inputs: { it: true } }],
      failing: [{ type, inputs: {} }],
    });
  });
});
