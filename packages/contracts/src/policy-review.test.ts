import { describe, expect, test } from "vitest";
import { exemptionSchema } from "./policy-review.ts";

const exemption = {
  rule: "no-public-ingress",
  resource: "urn:pulumi:dev::net::*::web",
  reason: "public by purpose",
  who: "alice",
  until: "2027-01-31",
};

describe("exemptionSchema", () => {
  test("takes an exemption with reason, person and end", () => {
    expect(exemptionSchema.parse(exemption)).toEqual(exemption);
  });

  test.each([
    ["gives no reason to speak of", { reason: "because" }],
    ["names nobody", { who: "" }],
    ["has no end", { until: undefined }],
    ["ends on a day that is none", { until: "2027-02-30" }],
    ["ends at a time", { until: "2027-01-31T00:00:00.000Z" }],
    ["names no resource", { resource: "" }],
  ])("fails when it %s", (_why, more) => {
    expect(exemptionSchema.safeParse({ ...exemption, ...more }).success).toBe(false);
  });
});
