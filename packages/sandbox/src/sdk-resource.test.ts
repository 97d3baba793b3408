import { describe, expect, test } from "vitest";
import { resourceHasInput, resourceInputProblems, resourceOperation } from "./sdk-resource.ts";

describe("resourceInputProblems", () => {
  test("has nothing to say of inputs that fit", () => {
    expect(resourceInputProblems("aws:ebs/volume:Volume", { availabilityZone: "a", size: 8 })).toEqual([]);
  });

  test.each([
    [{ size: 8 }, "availabilityZone"],
    [{ availabilityZone: "a", size: "big" }, "size"],
    [{ availabilityZone: "a", sise: 8 }, "sise"],
  ])("names the property when %j does not", (inputs, property) => {
    const problems = resourceInputProblems("aws:ebs/volume:Volume", inputs);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${property}: `));
  });

  test("fails when there is no such type", () => {
    expect(() => resourceInputProblems("aws:ebs/disk:Disk", {})).toThrow(
      expect.objectContaining({ code: "SANDBOX_INVALID" }),
    );
  });
});

describe("resourceHasInput", () => {
  test.each([
    ["aws:ebs/volume:Volume", "size", true],
    ["aws:ebs/volume:Volume", "sise", false],
    ["aws:ebs/volume:Volume", "size.unit", false],
    ["aws:ebs/volume:Volume", "tags.Owner", true],
    ["aws:ec2/instance:Instance", "ebsBlockDevices[*].encrypted", true],
    ["aws:ec2/instance:Instance", "ebsBlockDevices[*].encryption", false],
    ["aws:ec2/instance:Instance", "ebsBlockDevices.encrypted", false],
    ["aws:ec2/instance:Instance", "metadataOptions.httpTokens", true],
    ["libvirt:index/domain:Domain", "disks[*].volumeId", true],
    ["pulumi:providers:libvirt", "uri", true],
    ["pulumi:providers:libvirt", "url", false],
    ["aws:ec2/launchTemplate:LaunchTemplate", "blockDeviceMappings[*].ebs[*].encrypted", true],
  ])("%s %s: %s", (type, path, there) => {
    expect(resourceHasInput(type, path)).toBe(there);
  });
});

describe("resourceOperation", () => {
  test.each([
    ["aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }, "replace"],
    ["libvirt:index/domain:Domain", { name: "a", memory: 512 }, { name: "a", memory: 1024 }, "replace"],
    ["libvirt:index/domain:Domain", { name: "a" }, { name: "a", autostart: true }, "update"],
    ["groundplane-machine:index:Setup", { setup: "a" }, { setup: "b" }, "update"],
    ["groundplane-machine:index:Setup", { setup: "a" }, { setup: "a" }, undefined],
  ])("of %s from %j to %j: %s", (type, before, after, operation) => {
    expect(resourceOperation(type, before, after)).toBe(operation);
  });

  test("fails when no cloud has the type", () => {
    expect(() => resourceOperation("azure:index:Vm", {}, {})).toThrow(
      expect.objectContaining({ code: "SANDBOX_INVALID" }),
    );
  });
});
