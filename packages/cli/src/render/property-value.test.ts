import { expect, test } from "vitest";
import { inlineValue, valueLines } from "./property-value.ts";

test("writes short values on one line, with what is secret or unknown marked", () => {
  const value = {
    a: { $groundplane: "secret" },
    b: [1, { $groundplane: "unknown" }],
    __defaults: [],
    c: null,
    d: {},
  };
  expect(inlineValue(value)).toBe("{ a: (secret), b: [1, (known after apply)], c: null, d: {} }");
  expect(inlineValue("two\nlines")).toBe('"two\\nlines"');
});

test("lays long values out, entry by entry", () => {
  const rule = { action: "allow", cidrBlock: "10.16.0.0/16", fromPort: 0, toPort: 0 };
  expect(valueLines({ rules: [rule, rule], name: "acl" }, "  ")).toEqual([
    "",
    "  rules:",
    '      - { action: "allow", cidrBlock: "10.16.0.0/16", fromPort: 0, toPort: 0 }',
    '      - { action: "allow", cidrBlock: "10.16.0.0/16", fromPort: 0, toPort: 0 }',
    '  name: "acl"',
  ]);
});

test("puts the first entry of a list's long item behind its dash", () => {
  const rule = {
    action: "allow",
    cidrBlock: "10.16.0.0/16",
    description: "to the database of the shop",
    toPort: 0,
  };
  expect(valueLines([rule], "  ")).toEqual([
    "",
    '  - action: "allow"',
    '    cidrBlock: "10.16.0.0/16"',
    '    description: "to the database of the shop"',
    "    toPort: 0",
  ]);
});

test("leaves a long text whole", () => {
  expect(valueLines("x".repeat(100), "  ")).toEqual([`"${"x".repeat(100)}"`]);
});
