import { describe, expect, test } from "vitest";
import { blocks, type Enforcement, type Finding, type FindingStatus, findingSchema } from "./finding.ts";

const finding = (enforcement: Enforcement, status: FindingStatus): Finding => ({
  rule: "no-public-ingress",
  title: "No public ingress",
  severity: "high",
  enforcement,
  status,
  message: "0.0.0.0/0 may reach port 22",
  remedy: "name the addresses",
  pack: { name: "baseline", version: "1.0.0" },
  foundBy: "change-set",
});

describe("blocks", () => {
  test.each([
    ["mandatory", "violation", true, true],
    ["mandatory", "violation", false, true],
    ["mandatory", "not-evaluated", true, true],
    ["mandatory", "not-evaluated", false, false],
    ["mandatory", "exempted", true, false],
    ["mandatory", "exempted", false, false],
    ["advisory", "violation", true, false],
    ["advisory", "violation", false, false],
    ["advisory", "not-evaluated", true, false],
    ["advisory", "exempted", true, false],
  ] as const)("%s and %s, strict %s: %s", (enforcement, status, strict, expected) => {
    expect(blocks(finding(enforcement, status), strict)).toBe(expected);
  });
});

describe("findingSchema", () => {
  test("takes a finding without a resource", () => {
    expect(findingSchema.parse(finding("mandatory", "violation"))).toEqual(finding("mandatory", "violation"));
  });

  test.each([
    ["has no rule", { rule: "" }],
    ["says nothing", { message: "" }],
    ["has an unknown severity", { severity: "fatal" }],
    ["has an unknown status", { status: "passed" }],
    ["has an unknown finder", { foundBy: "guess" }],
  ])("fails when it %s", (_why, more) => {
    expect(findingSchema.safeParse({ ...finding("mandatory", "violation"), ...more }).success).toBe(false);
  });
});
