import { describe, expect, test } from "vitest";
import { approvalRuleSchema, decisionSchema } from "./approval.ts";

const DAY = 60 * 24;

describe("approvalRuleSchema", () => {
  test("fills in one day, and that the requester does not count", () => {
    expect(approvalRuleSchema.parse({ type: "any-person" })).toEqual({
      type: "any-person",
      expiresAfterMinutes: DAY,
    });
    expect(approvalRuleSchema.parse({ type: "group", members: ["a"], count: 1 })).toEqual({
      type: "group",
      members: ["a"],
      count: 1,
      requesterCounts: false,
      expiresAfterMinutes: DAY,
    });
    expect(approvalRuleSchema.parse({ type: "automatic" })).toEqual({ type: "automatic" });
  });

  test.each([1, DAY * 30])("takes %d minutes", (expiresAfterMinutes) => {
    expect(approvalRuleSchema.safeParse({ type: "other-person", expiresAfterMinutes }).success).toBe(true);
  });

  test.each([
    ["lapses at once", { type: "any-person", expiresAfterMinutes: 0 }],
    ["lapses after more than 30 days", { type: "any-person", expiresAfterMinutes: DAY * 30 + 1 }],
    ["lapses within a minute", { type: "any-person", expiresAfterMinutes: 1.5 }],
    ["never lapses", { type: "other-person", expiresAfterMinutes: Number.POSITIVE_INFINITY }],
    ["is unknown", { type: "nobody" }],
    ["wants nobody of a group", { type: "group", members: ["a"], count: 0 }],
    ["wants half a member", { type: "group", members: ["a", "b"], count: 1.5 }],
    ["has a group of nobody", { type: "group", members: [], count: 1 }],
    ["wants more than the group has", { type: "group", members: ["a", "b"], count: 3 }],
    ["counts one member twice", { type: "group", members: ["a", "a"], count: 2 }],
    ["names a member that is no login", { type: "group", members: ["-a"], count: 1 }],
    ["has no type", {}],
  ])("fails when the rule %s", (_why, rule) => {
    expect(approvalRuleSchema.safeParse(rule).success).toBe(false);
  });
});

describe("decisionSchema", () => {
  const decision = {
    by: "alice",
    verdict: "approve",
    digest: `sha256:${"0".repeat(64)}`,
    at: "2026-11-21T05:00:00.000Z",
  };

  test("takes a comment of 2000 characters and fails with one more", () => {
    expect(decisionSchema.safeParse({ ...decision, comment: "c".repeat(2000) }).success).toBe(true);
    expect(decisionSchema.safeParse({ ...decision, comment: "c".repeat(2001) }).success).toBe(false);
  });

  test.each([["digest"], ["by"], ["verdict"], ["at"]])("fails without %s", (field) => {
    expect(decisionSchema.safeParse({ ...decision, [field]: undefined }).success).toBe(false);
  });
});
