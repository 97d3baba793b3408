import { UNKNOWN_MARK } from "@groundplane/contracts";
import type { ResourceValidationArgs } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { definePack } from "./pack.ts";
import { toPolicies } from "./pulumi-pack.ts";
import { defineRule, type ResourceRule } from "./rule.ts";

const queue = "aws:sqs/queue:Queue";
const rule: ResourceRule = {
  id: "named-queues",
  title: "Queues are named",
  severity: "high",
  why: "W.",
  remedy: "Set name.",
  source: "S",
  appliesTo: [queue],
  check({ props }, report) {
    if (props["name"] !== "ours") report(`the name is ${String(props["name"])}`);
  },
};

/** What the engine is told of one resource. */
async function told(check: ResourceRule["check"], props: object, config: object = {}, type = queue) {
  const pack = definePack({ name: "p", version: "1.0.0", rules: [defineRule({ ...rule, check })] });
  const [policy] = toPolicies(pack);
  if (
    policy === undefined ||
    !("validateResource" in policy) ||
    typeof policy.validateResource !== "function"
  ) {
    throw new TypeError("the rule gave no policy for resources");
  }
  const reports: unknown[] = [];
  const args: ResourceValidationArgs = {
    type,
    props: { ...props },
    urn: `urn:pulumi:dev::shop::${type}::a`,
    name: "a",
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: <T extends object>() => Object.assign(Object.create(null), config) satisfies T,
    notApplicable: () => {
      throw new TypeError("not applicable");
    },
  };
  await policy.validateResource(args, (message) => reports.push(message));
  return reports;
}
const urn = `urn:pulumi:dev::shop::${queue}::a`;
const exemptions = (until: string) => ({
  exemptions: [{ resource: "*::a", reason: "named by the vendor", who: "anna", until }],
});

describe("a rule as a policy of the engine", () => {
  it("reports with the remedy, at the policy's own level", async () => {
    expect(await told(rule.check, { name: "b" })).toEqual([
      { message: "the name is b\nTo mend: Set name.", urn },
    ]);
    expect(await told(rule.check, { name: "ours" })).toEqual([]);
    expect(await told(rule.check, { name: "b" }, {}, "aws:sns/topic:Topic")).toEqual([]);
  });

  it("leaves an unknown to the run on real values, as a remark", async () => {
    expect(await told(rule.check, { name: UNKNOWN_MARK })).toEqual([
      {
        message: expect.stringMatching(
          /^can't run policy 'named-queues' from policy pack 'p@v1\.0\.0' during preview: cannot be evaluated: name is known only/,
        ),
        enforcementLevel: "advisory",
        urn,
      },
    ]);
  });

  it("fails when the rule throws", async () => {
    const boom = () => {
      throw new TypeError("boom");
    };
    expect(await told(boom, {})).toEqual([
      { message: expect.stringMatching(/^the rule failed: boom\nTo mend: Mend the rule/), urn },
    ]);
  });

  it("is quiet on what is exempted, and fails when that has expired", async () => {
    expect(await told(rule.check, {}, exemptions("2999-01-01"))).toEqual([]);
    expect(await told(rule.check, {}, exemptions("2020-01-01"))).toEqual([
      { message: "the name is undefined\nTo mend: Set name.", urn },
      { message: expect.stringContaining("expired on 2020-01-01"), enforcementLevel: "mandatory" },
    ]);
  });

  it("fails when a configured exemption is malformed", async () => {
    await expect(told(rule.check, {}, exemptions("2026-13-45"))).rejects.toMatchObject({
      code: "POLICY_RULE_INVALID",
      message: expect.stringContaining('"named-queues" in the policy pack configuration is malformed: until'),
    });
  });

  it("names policies by rule, and leaves delete rules to the review", () => {
    const check = () => undefined;
    const pack = definePack({
      name: "p",
      version: "1.0.0",
      rules: [
        defineRule({ ...rule, enforcement: "advisory" }),
        defineRule({ ...rule, id: "stack-rule", appliesTo: "stack", check }),
        defineRule({ ...rule, id: "delete-rule", appliesTo: "delete", check }),
      ],
    });
    expect(toPolicies(pack)).toMatchObject([
      { name: "named-queues", enforcementLevel: "advisory", severity: "high", remediationSteps: "Set name." },
      { name: "stack-rule", enforcementLevel: "mandatory" },
    ]);
    expect(toPolicies(pack)).toHaveLength(2);
  });
});
