import { describe, expect, test } from "vitest";
import { dataHoldingTypes, lossOf } from "./data-holding-types.ts";

describe("the table of types that hold data", () => {
  test("holds each type once, as a full token", () => {
    const types = dataHoldingTypes();
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) expect(type).toMatch(/^[a-z]+:[A-Za-z0-9/.]+:[A-Z][A-Za-z0-9]+$/);
  });

  test("says what is lost with each", () => {
    for (const type of dataHoldingTypes()) expect(lossOf(type)).toMatch(/^[a-z]/);
  });

  test.each(["aws:ec2/vpc:Vpc", "pulumi:pulumi:Stack", "", "constructor", "aws:s3/bucket:bucket"])(
    "%j holds none",
    (type) => {
      expect(lossOf(type)).toBeUndefined();
    },
  );

  describe("of a volume of libvirt", () => {
    const VOLUME = "libvirt:index/volume:Volume";
    const base = { name: `base-${"0123456789abcdef".repeat(4)}.qcow2`, pool: "default" };

    test("holds no base volume: an image that is named by the hash of its content", () => {
      expect(lossOf(VOLUME, base)).toBeUndefined();
      expect(lossOf(VOLUME, { ...base, source: "/images/ubuntu.img", baseVolumeId: null })).toBeUndefined();
    });

    test.each([
      ["its inputs are not known", undefined],
      ["it is a clone", { ...base, baseVolumeId: "/images/base" }],
      ["it is a clone by name", { ...base, baseVolumeName: "base" }],
      ["it is an empty data disk", { ...base, size: 1024 }],
      ["its name does not say what is in it", { name: "athena.qcow2", source: "/images/ubuntu.img" }],
      ["its name has a part of a hash", { name: "base-0123456789abcdef" }],
      ["its name has more than a hash", { name: `base-${"0123456789abcdef".repeat(5)}` }],
      ["its name is a secret", { name: { secret: true } }],
    ] as const)("holds it when %s", (_when, inputs) => {
      expect(lossOf(VOLUME, inputs)).toBe("a volume or disk");
    });

    test("no other type is excused by such inputs", () => {
      expect(lossOf("aws:ebs/volume:Volume", base)).toBe("a volume or disk");
    });

    test("cloud-init disks are made again from the program", () => {
      expect(lossOf("libvirt:index/cloudInitDisk:CloudInitDisk")).toBeUndefined();
    });
  });

  describe("of a machine's setup", () => {
    const SETUP = "groundplane-machine:index:Setup";

    test("holds none, as deleting it leaves the machine as it was", () => {
      expect(lossOf(SETUP)).toBeUndefined();
      expect(lossOf(SETUP, { setup: "true", triggers: { version: "1" } })).toBeUndefined();
      expect(lossOf(SETUP, { setup: "true", triggers: null })).toBeUndefined();
    });

    test.each([
      ["its reset says that it deletes some", { "deletes-data": "a test environment" }],
      ["its triggers cannot be read", "unknown"],
    ] as const)("holds some when %s", (_when, triggers) => {
      expect(lossOf(SETUP, { triggers })).toBe("the data on the machine that its reset deletes");
    });
  });
});
