import { type Exemption, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { change, changeSet, planned, urnOf } from "./change-set.fixture.ts";
import { definePack } from "./pack.ts";
import { select } from "./property-view.ts";
import { defineRule, type ResourceRule, type Rule } from "./rule.ts";

const text = { title: "T", severity: "high", why: "W.", remedy: "Mend it.", source: "S" } as const;
const queue = "aws:sqs/queue:Queue";

const namedQueues: ResourceRule = {
  ...text,
  id: "named-queues",
  appliesTo: [queue],
  check({ props }, report) {
    if (props["name"] === undefined) report("the queue has no name");
  },
};
const exemption: Exemption = {
  rule: "named-queues",
  resource: urnOf(queue, "a"),
  reason: "named by the vendor's template",
  who: "anna",
  until: "2026-11-21",
};
const today = "2026-11-21";
const packOf = (...rules: readonly Rule[]) => definePack({ name: "p", version: "1.2.3", rules });
const review = (
  pack: ReturnType<typeof packOf>,
  set: ReturnType<typeof changeSet>,
  exemptions: readonly Exemption[] = [],
  day = today,
) => pack.review({ changeSet: set, exemptions, today: day });

describe("a review", () => {
  it("runs a resource rule on the types that it applies to", async () => {
    const set = changeSet([
      planned(queue, "a"),
      planned(queue, "b", { name: "b" }),
      planned("aws:sns/topic:Topic", "c"),
    ]);
    expect(await review(packOf(defineRule(namedQueues)), set)).toEqual([
      {
        rule: "named-queues",
        title: "T",
        severity: "high",
        enforcement: "mandatory",
        status: "violation",
        urn: urnOf(queue, "a"),
        message: "the queue has no name",
        remedy: "Mend it.",
        source: "S",
        pack: { name: "p", version: "1.2.3" },
        foundBy: "change-set",
      },
    ]);
  });

  it("takes type patterns", async () => {
    const pack = packOf(defineRule({ ...namedQueues, appliesTo: ["aws:sqs/*"] }));
    expect(
      await review(pack, changeSet([planned(queue, "a"), planned("aws:sns/topic:Topic", "c")])),
    ).toHaveLength(1);
  });

  it("gives stack rules all resources and changes, and delete rules what is deleted or replaced", async () => {
    const seen: string[] = [];
    const pack = packOf(
      defineRule({
        ...text,
        id: "stack-rule",
        appliesTo: "stack",
        check({ resources, changes }, report) {
          seen.push(
            ...resources.map(({ name }) => name),
            ...(changes ?? []).map(({ operation }) => operation),
          );
          report("of the stack");
          report("of one", { urn: resources[0]?.urn ?? "", remedy: "Other." });
        },
      }),
      defineRule({
        ...text,
        id: "delete-rule",
        appliesTo: "delete",
        check({ name, operation }, report) {
          report(`${operation} of ${name}`);
        },
      }),
    );
    const changes = [
      change(queue, "x", "delete"),
      change(queue, "y", "replace"),
      change(queue, "z", "update"),
    ];
    const findings = await review(pack, changeSet([planned(queue, "a")], changes));
    expect(seen).toEqual(["a", "delete", "replace", "update"]);
    expect(findings.map(({ rule, urn, message, remedy }) => [rule, urn, message, remedy])).toEqual([
      ["stack-rule", undefined, "of the stack", "Mend it."],
      ["stack-rule", urnOf(queue, "a"), "of one", "Other."],
      ["delete-rule", urnOf(queue, "x"), "delete of x", "Mend it."],
      ["delete-rule", urnOf(queue, "y"), "replace of y", "Mend it."],
    ]);
  });

  it("keeps what was reported before an unknown stopped the rule, and names the unknown", async () => {
    const pack = packOf(
      defineRule({
        ...namedQueues,
        check({ props }, report) {
          for (const { path, value } of select(props, "cidrs[*]"))
            if (value === "0.0.0.0/0") report(`${path} is open`);
        },
      }),
    );
    const findings = await review(
      pack,
      changeSet([planned(queue, "a", { cidrs: [UNKNOWN_MARK, "0.0.0.0/0"] })]),
    );
    expect(findings.map(({ status, message }) => [status, message])).toEqual([
      ["violation", "cidrs[1] is open"],
      ["not-evaluated", "cannot be evaluated: cidrs[0] is known only after the change is made"],
    ]);
  });

  it("does not evaluate what looks into a secret", async () => {
    const pack = packOf(
      defineRule({
        ...namedQueues,
        check({ props }, report) {
          if (`${String(props["name"])}`.length > 3) report("too long");
        },
      }),
    );
    const [finding, ...more] = await review(pack, changeSet([planned(queue, "a", { name: SECRET_MARK })]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      status: "not-evaluated",
      enforcement: "mandatory",
      message: "cannot be evaluated: name is a secret, and policies never see one",
    });
  });

  it.each([
    [
      "throws",
      () => {
        throw new TypeError("boom");
      },
      "the rule failed: boom",
    ],
    ["is asynchronous", async () => {}, "the rule failed: check returned a promise; it must be synchronous"],
  ])("does not pass a rule that %s", async (_what, check, message) => {
    const findings = await review(
      packOf(defineRule({ ...namedQueues, check })),
      changeSet([planned(queue, "a")]),
    );
    expect(findings).toMatchObject([
      { status: "not-evaluated", enforcement: "mandatory", message, urn: urnOf(queue, "a") },
    ]);
  });
});

describe("exemptions", () => {
  const set = changeSet([planned(queue, "a")]);
  const statuses = async (...args: Parameters<typeof review>) =>
    (await review(...args)).map(({ title, status, enforcement }) => [title, status, enforcement]);

  it("hold through the end of their last day, and stay visible", async () => {
    const findings = await review(packOf(defineRule(namedQueues)), set, [exemption]);
    expect(findings).toMatchObject([
      {
        status: "exempted",
        message: "the queue has no name (exempted until 2026-11-21 by anna: named by the vendor's template)",
      },
    ]);
  });

  it("fail when they have expired", async () => {
    const findings = await review(packOf(defineRule(namedQueues)), set, [exemption], "2026-11-22");
    expect(findings).toMatchObject([
      { title: "T", status: "violation" },
      {
        rule: "named-queues",
        title: "Expired exemption",
        status: "violation",
        enforcement: "mandatory",
        urn: exemption.resource,
        remedy: "Mend the resource, or renew the exemption with a reason and a later date.",
      },
    ]);
    expect(findings[1]?.message).toContain("expired on 2026-11-21");
  });

  it("do not fail when a later one for the same took over", async () => {
    const renewed = { ...exemption, until: "2027-01-01" };
    expect(await statuses(packOf(defineRule(namedQueues)), set, [exemption, renewed], "2026-11-22")).toEqual([
      ["T", "exempted", "mandatory"],
    ]);
  });

  it.each(["2026-11-21", "2020-01-01"])(
    "are remarked on when they match nothing, until %s",
    async (until) => {
      const stray = { ...exemption, resource: urnOf(queue, "gone"), until };
      expect(await statuses(packOf(defineRule(namedQueues)), set, [stray])).toEqual([
        ["T", "violation", "mandatory"],
        ["Unused exemption", "violation", "advisory"],
      ]);
    },
  );

  it("match by pattern, only their own rule, and leave other packs' rules alone", async () => {
    const foreign = { ...exemption, rule: "of-another-pack" };
    expect(
      await statuses(packOf(defineRule(namedQueues)), set, [
        { ...exemption, resource: "*Queue::a" },
        foreign,
      ]),
    ).toEqual([["T", "exempted", "mandatory"]]);
  });

  it("cover a rule that could not be evaluated, and a finding of the stack only as *", async () => {
    const failing = packOf(
      defineRule({
        ...text,
        id: "named-queues",
        appliesTo: "stack",
        check: () => {
          throw new TypeError("boom");
        },
      }),
    );
    expect(await statuses(failing, set, [{ ...exemption, resource: "*" }])).toEqual([
      ["T", "exempted", "mandatory"],
    ]);
    expect((await statuses(failing, set, [{ ...exemption, resource: "*a" }]))[0]).toEqual([
      "T",
      "not-evaluated",
      "mandatory",
    ]);
  });

  it("may come from the pack", async () => {
    const pack = definePack({
      name: "p",
      version: "1.0.0",
      rules: [defineRule(namedQueues)],
      exemptions: [exemption],
    });
    expect(await statuses(pack, set)).toEqual([["T", "exempted", "mandatory"]]);
  });
});

describe("definitions", () => {
  const rules = [defineRule(namedQueues)];
  it.each([
    [
      "an id that is no name",
      () => defineRule({ ...namedQueues, id: "Named Queues" }),
      'rule "Named Queues" is not well defined: id',
    ],
    ["an empty remedy", () => defineRule({ ...namedQueues, remedy: "" }), "remedy"],
    ["nothing to apply to", () => defineRule({ ...namedQueues, appliesTo: [] }), "applies to nothing"],
    ["a pack's name", () => definePack({ name: "a pack", version: "1.0.0", rules }), '"a pack" is no name'],
    [
      "one id twice",
      () => definePack({ name: "p", version: "1.0.0", rules: [...rules, ...rules] }),
      'two rules "named-queues"',
    ],
    [
      "an exemption of no rule",
      () => definePack({ name: "p", version: "1.0.0", rules, exemptions: [{ ...exemption, rule: "other" }] }),
      'from "other", and has no such rule: name one of named-queues',
    ],
    [
      "an exemption without a real date",
      () =>
        definePack({
          name: "p",
          version: "1.0.0",
          rules,
          exemptions: [{ ...exemption, until: "2026-02-30" }],
        }),
      "until:",
    ],
    [
      "an exemption without a reason",
      () =>
        definePack({ name: "p", version: "1.0.0", rules, exemptions: [{ ...exemption, reason: "because" }] }),
      "say why",
    ],
  ])("fails when given %s", (_what, define, message) => {
    expect(define).toThrow(
      expect.objectContaining({ code: "POLICY_RULE_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
