import {
  type ApprovalRule,
  type Decision,
  DIGEST_PARTS,
  isGroundplaneError,
  type RunRecord,
  reviewDigestSchema,
} from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { approvalsMissing, checkDecision } from "./approval-rule.ts";

const hash = (digit: string): string => `sha256:${digit.repeat(64)}`;
const STANDS = hash("a");
const BEFORE = hash("b");
const expiresAfterMinutes = 60;

type RuleName = "automatic" | "anyPerson" | "otherPerson" | "two" | "twoWithRequester";

const rules: Readonly<Record<RuleName, ApprovalRule>> = {
  automatic: { type: "automatic" },
  anyPerson: { type: "any-person", expiresAfterMinutes },
  otherPerson: { type: "other-person", expiresAfterMinutes },
  two: {
    type: "group",
    members: ["rita", "ann", "ben"],
    count: 2,
    requesterCounts: false,
    expiresAfterMinutes,
  },
  twoWithRequester: {
    type: "group",
    members: ["rita", "ann", "ben"],
    count: 2,
    requesterCounts: true,
    expiresAfterMinutes,
  },
};

const decision = (by: string, verdict: Decision["verdict"] = "approve", digest = STANDS): Decision => ({
  by,
  verdict,
  digest,
  at: "2026-11-21T05:00:00.000Z",
});

type Reviewed = Pick<RunRecord, "id" | "requester" | "approvalRule" | "decisions" | "digest">;

/** A run that rita asked for. */
function run(rule: RuleName, ...decisions: readonly Decision[]): Reviewed {
  return {
    id: "run-20261121-050000-a1b2c3",
    requester: "rita",
    approvalRule: rules[rule],
    decisions: [...decisions],
    digest: reviewDigestSchema.parse({
      digest: STANDS,
      parts: Object.fromEntries(DIGEST_PARTS.map((part) => [part, STANDS])),
    }),
  };
}

function reasonAgainst(reviewed: Reviewed, given: Decision): string | undefined {
  try {
    checkDecision(reviewed, given);
    return undefined;
  } catch (error) {
    expect(isGroundplaneError(error) && error.code).toBe("APPROVAL_REFUSED");
    return isGroundplaneError(error) ? String(error.facts["reason"]) : undefined;
  }
}

const approvals = (...people: readonly string[]) => people.map((by) => decision(by));

describe("approvalsMissing", () => {
  test.each<[RuleName, readonly string[], number]>([
    ["automatic", [], 0],
    ["anyPerson", [], 1],
    ["anyPerson", ["rita"], 0],
    ["anyPerson", ["ann", "ben"], 0],
    ["otherPerson", [], 1],
    ["otherPerson", ["rita"], 1],
    ["otherPerson", ["rita", "ann"], 0],
    ["two", [], 2],
    ["two", ["ann"], 1],
    ["two", ["ann", "ann"], 1],
    ["two", ["ann", "rita"], 1],
    ["two", ["ann", "mallory"], 1],
    ["two", ["ann", "ben"], 0],
    ["two", ["ann", "ben", "rita"], 0],
    ["twoWithRequester", ["rita"], 1],
    ["twoWithRequester", ["rita", "ann"], 0],
    ["twoWithRequester", ["mallory", "trudy"], 2],
  ])("%s with approvals of %j: %d", (rule, people, missing) => {
    expect(approvalsMissing(run(rule, ...approvals(...people)))).toBe(missing);
  });

  test("does not count an approval of another review, or a rejection", () => {
    expect(approvalsMissing(run("anyPerson", decision("ann", "approve", BEFORE)))).toBe(1);
    expect(approvalsMissing(run("anyPerson", decision("ann", "reject")))).toBe(1);
  });

  test("counts nothing while there is no review", () => {
    const { digest: _digest, ...unreviewed } = run("anyPerson", decision("ann"));
    expect(approvalsMissing(unreviewed)).toBe(1);
  });
});

describe("checkDecision on approvals", () => {
  test.each<[RuleName, string, RegExp | undefined]>([
    ["automatic", "rita", undefined],
    ["anyPerson", "rita", undefined],
    ["anyPerson", "ann", undefined],
    ["otherPerson", "ann", undefined],
    ["otherPerson", "rita", /other than the requester/],
    ["two", "ann", undefined],
    ["two", "rita", /does not count/],
    ["two", "mallory", /members of the group: rita, ann, ben/],
    ["twoWithRequester", "rita", undefined],
    ["twoWithRequester", "mallory", /members of the group/],
  ])("%s and %s: %s", (rule, by, expected) => {
    const reason = reasonAgainst(run(rule), decision(by));
    if (expected === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(expected);
  });

  test.each<RuleName>(["anyPerson", "otherPerson", "two"])(
    "%s: fails when the same person approves twice",
    (rule) => {
      expect(reasonAgainst(run(rule, decision("ann")), decision("ann"))).toMatch(/already/);
    },
  );

  test("takes a person again whose approval was for another review", () => {
    expect(reasonAgainst(run("two", decision("ann", "approve", BEFORE)), decision("ann"))).toBeUndefined();
  });
});

describe("checkDecision on the review", () => {
  test.each(["approve", "reject"] as const)("fails when it would %s another review", (verdict) => {
    expect(reasonAgainst(run("anyPerson"), decision("ann", verdict, BEFORE))).toMatch(/another review/);
  });

  test.each(["approve", "reject"] as const)("fails when it would %s and nothing was reviewed", (verdict) => {
    const { digest: _digest, ...unreviewed } = run("anyPerson");
    expect(reasonAgainst(unreviewed, decision("ann", verdict))).toMatch(/another review/);
  });

  test.each<[RuleName, string]>([
    ["otherPerson", "rita"],
    ["two", "mallory"],
    ["anyPerson", "ann"],
  ])("%s: lets %s reject, as stopping is for everyone", (rule, by) => {
    expect(reasonAgainst(run(rule), decision(by, "reject"))).toBeUndefined();
  });
});

test("a name in other letters is the same person", () => {
  const run = {
    id: "run-20260101-000000-abcdef",
    requester: "Ann@example.org",
    approvalRule: { type: "other-person" as const, expiresAfterMinutes: 60 },
    decisions: [],
    digest: undefined,
  };
  const digest = `sha256:${"a".repeat(64)}`;
  const parts = Object.fromEntries(DIGEST_PARTS.map((part) => [part, digest]));
  const reviewed = { ...run, digest: reviewDigestSchema.parse({ digest, parts }) };
  const decision = {
    by: "ann@EXAMPLE.org",
    verdict: "approve" as const,
    digest,
    at: "2026-01-01T00:00:00.000Z",
  };
  expect(() => checkDecision(reviewed, decision)).toThrow(
    expect.objectContaining({ code: "APPROVAL_REFUSED" }),
  );
});
