import { expect, test } from "vitest";
import { emptyChangeSet } from "../../../../test/change-set.ts";
import { withPlannedOutputs } from "./planned-outputs.ts";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
const changeSet = emptyChangeSet({
  stack: "base",
  counts: { same: 1 },
  outputs: [{ path: "vpcId", kind: "add", after: "vpc-1", replaces: false }],
});
const plan = (outputDiff: object | null): string =>
  JSON.stringify({
    manifest: {},
    resourcePlans: {
      "urn:pulumi:dev::base::aws:ec2/vpc:Vpc::main": { goal: { type: "aws:ec2/vpc:Vpc", outputDiff: {} } },
      "urn:pulumi:dev::base::pulumi:pulumi:Stack::base-dev": {
        goal: { type: "pulumi:pulumi:Stack", outputDiff },
      },
    },
  });

test("a change of nothing but a secret output is a change, and shows no value", () => {
  const { outputs } = withPlannedOutputs(changeSet, plan({ updates: { token: secret }, deletes: ["old"] }));
  expect(outputs).toEqual([
    { path: "old", kind: "delete", replaces: false },
    {
      path: "token",
      kind: "update",
      before: { $groundplane: "secret" },
      after: { $groundplane: "secret" },
      replaces: false,
    },
    { path: "vpcId", kind: "add", after: "vpc-1", replaces: false },
  ]);
});

test("what the events told is not told again", () => {
  expect(withPlannedOutputs(changeSet, plan({ adds: { vpcId: "vpc-1" } }))).toBe(changeSet);
  expect(withPlannedOutputs(changeSet, plan(null))).toBe(changeSet);
});

test("fails when the plan has another form", () => {
  expect(() => withPlannedOutputs(changeSet, '{"plans":[]}')).toThrow(
    expect.objectContaining({ code: "ENGINE_FAILED" }),
  );
});
