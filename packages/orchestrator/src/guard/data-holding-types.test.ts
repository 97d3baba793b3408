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
});
