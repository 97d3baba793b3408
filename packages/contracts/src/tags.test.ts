import { describe, expect, test } from "vitest";
import { REQUIRED_TAGS, tagsSchema } from "./tags.ts";

const required = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const fits = (tags: Readonly<Record<string, string>>): boolean => tagsSchema.safeParse(tags).success;
const further = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, ""]));

describe("tagsSchema", () => {
  test("takes the required tags, and further ones as they are", () => {
    const tags = { ...required, CostCentre: "a b:c/d=e+f-g@h_1.2", Größe: "" };
    expect(tagsSchema.parse(tags)).toEqual(tags);
  });

  test.each(REQUIRED_TAGS)("fails when %s is missing or empty", (name) => {
    const { [name]: _left, ...others } = required;
    expect(fits(others)).toBe(false);
    expect(fits({ ...required, [name]: "" })).toBe(false);
  });

  test("takes 46 further tags and fails with 47", () => {
    expect(fits({ ...required, ...further(46) })).toBe(true);
    expect(fits({ ...required, ...further(47) })).toBe(false);
  });

  test("takes a key of 128 and a value of 256 characters and fails with one more", () => {
    expect(fits({ ...required, ["k".repeat(128)]: "v".repeat(256) })).toBe(true);
    expect(fits({ ...required, ["k".repeat(129)]: "v" })).toBe(false);
    expect(fits({ ...required, k: "v".repeat(257) })).toBe(false);
    expect(fits({ ...required, Owner: "v".repeat(257) })).toBe(false);
  });

  test.each(["", "aws:cloudformation", "a;b", "a\u0000", "a\nb", "a{b}"])("fails with the key %j", (key) => {
    expect(fits({ ...required, [key]: "v" })).toBe(false);
  });

  test.each(["<b>", "a\nb", "$(id)", "a,b", "a'b"])("fails with the value %j", (value) => {
    expect(fits({ ...required, Note: value })).toBe(false);
  });

  test("fails when a value is no text", () => {
    expect(tagsSchema.safeParse({ ...required, Count: 1 }).success).toBe(false);
  });
});
