import { describe, expect, test } from "vitest";
import { awsHasInput, awsInputProblems } from "./aws-inputs.ts";

describe("awsInputProblems", () => {
  test("has nothing to say of inputs that fit", () => {
    expect(awsInputProblems("aws:ebs/volume:Volume", { availabilityZone: "a", size: 8 })).toEqual([]);
  });

  test.each([
    [{ size: 8 }, "availabilityZone"],
    [{ availabilityZone: "a", size: "big" }, "size"],
    [{ availabilityZone: "a", sise: 8 }, "sise"],
  ])("names the property when %j does not", (inputs, property) => {
    const problems = awsInputProblems("aws:ebs/volume:Volume", inputs);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${property}: `));
  });

  test("fails when there is no such type", () => {
    expect(() => awsInputProblems("aws:ebs/disk:Disk", {})).toThrow(
      expect.objectContaining({ code: "SANDBOX_INVALID" }),
    );
  });
});

describe("awsHasInput", () => {
  test.each([
    ["aws:ebs/volume:Volume", "size", true],
    ["aws:ebs/volume:Volume", "sise", false],
    ["aws:ebs/volume:Volume", "size.unit", false],
    ["aws:ebs/volume:Volume", "tags.Owner", true],
    ["aws:ec2/instance:Instance", "ebsBlockDevices[*].encrypted", true],
    ["aws:ec2/instance:Instance", "ebsBlockDevices[*].encryption", false],
    ["aws:ec2/instance:Instance", "ebsBlockDevices.encrypted", false],
    ["aws:ec2/instance:Instance", "metadataOptions.httpTokens", true],
    ["aws:ec2/launchTemplate:LaunchTemplate", "blockDeviceMappings[*].ebs[*].encrypted", true],
  ])("%s %s: %s", (type, path, there) => {
    expect(awsHasInput(type, path)).toBe(there);
  });
});
