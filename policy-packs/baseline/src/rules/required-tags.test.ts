import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { verdicts } from "../verdicts.fixture.ts";
import { requiredTags } from "./required-tags.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "pulumi" };
const bucket = (inputs: Parameters<typeof verdicts>[1]["inputs"]) =>
  verdicts(requiredTags, { type: "aws:s3/bucket:Bucket", inputs });

describe("required-tags", () => {
  it("passes with all four, and others", async () => {
    expect(await bucket({ tags: { ...tags, Team: "a" } })).toEqual([]);
  });

  it("fails when some are missing or empty", async () => {
    const { Owner: _, ...rest } = tags;
    expect(await bucket({ tags: { ...rest, Project: "  " } })).toEqual([
      "violation: the tags Owner are missing",
      "violation: the tags Project are empty",
    ]);
    expect(await bucket({})).toEqual([
      "violation: the tags Environment, Project, Owner, ManagedBy are missing",
    ]);
  });

  it("reads the list of an auto scaling group", async () => {
    const list = Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
    const group = { type: "aws:autoscaling/group:Group" };
    expect(await verdicts(requiredTags, { ...group, inputs: { tags: list } })).toEqual([]);
    expect(await verdicts(requiredTags, { ...group, inputs: { tags: list.slice(1) } })).toEqual([
      "violation: the tags Environment are missing",
    ]);
  });

  it("asks nothing of what takes no tags", async () => {
    const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    expect(await verdicts(requiredTags, { type, inputs: {} })).toEqual([]);
  });

  it.each([
    [UNKNOWN_MARK, "is known only after the change is made"],
    [SECRET_MARK, "is a secret, and policies never see one"],
  ])("is not evaluated when a tag is %j", async (Owner, why) => {
    expect(await bucket({ tags: { ...tags, Owner } })).toEqual([
      `not-evaluated: cannot be evaluated: tags.Owner ${why}`,
    ]);
  });
});
