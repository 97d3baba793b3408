import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";

describe("matchesGlob", () => {
  it.each([
    ["a", "a", true],
    ["a", "ab", false],
    ["*", "", true],
    ["*", "urn:pulumi:dev::p::t::n", true],
    ["*::n", "urn:pulumi:dev::p::t::n", true],
    ["aws:*", "awsx:ec2:Vpc", false],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "acb", false],
    ["", "", true],
    ["", "a", false],
    ["a.c", "abc", false],
  ])("%j on %j is %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(letters, plain, (pattern, text) => {
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${pattern.replace(/\*+/g, ".*")}$`).test(text));
      }),
    );
  });
});
