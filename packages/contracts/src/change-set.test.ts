import { describe, expect, test } from "vitest";
import {
  assumptionText,
  CHANGE_OPERATIONS,
  type ChangeOperation,
  type ChangeSet,
  hasChanges,
} from "./change-set.ts";

const changeSet = (
  operations: readonly ChangeOperation[],
  outputs: ChangeSet["outputs"] = [],
): ChangeSet => ({
  schema: "groundplane.dev/change-set/v1",
  project: "shop",
  stack: "net",
  environment: "dev",
  operation: "update",
  counts: {},
  changes: operations.map((operation) => ({
    urn: `urn:pulumi:dev::net::aws:ec2/vpc:Vpc::${operation}`,
    type: "aws:ec2/vpc:Vpc",
    name: operation,
    operation,
    protect: false,
    holdsData: false,
    properties: [],
  })),
  planned: [],
  outputs,
});

describe("hasChanges", () => {
  test("is false when nothing is planned, or only looked up", () => {
    expect(hasChanges(changeSet([]))).toBe(false);
    expect(hasChanges(changeSet(["read", "read"]))).toBe(false);
  });

  test.each(CHANGE_OPERATIONS.filter((operation) => operation !== "read" && operation !== "same"))(
    "is true when something is to %s",
    (operation) => {
      expect(hasChanges(changeSet(["read", operation]))).toBe(true);
    },
  );

  test("is true when only an output changes", () => {
    expect(hasChanges(changeSet([], [{ path: "vpcId", kind: "add", after: "vpc-1", replaces: false }]))).toBe(
      true,
    );
  });
});

test("what a preview rests on, in words", () => {
  const known = { stack: "base", output: "cidr", known: true };
  expect(assumptionText([known])).toBe("planned outputs of base; all of them known");
  expect(assumptionText([known, { stack: "dns", output: "zone", known: false }])).toBe(
    "planned outputs of base, dns; not known yet: dns.zone",
  );
  expect(assumptionText([])).toBe("stacks that are not deployed yet");
});
