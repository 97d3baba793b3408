import { SECRET_MARK, UNKNOWN_MARK, UNKNOWN_TEXT } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { isKnown, plannedField } from "./planned-upstream.ts";
import { secret } from "./secret.ts";

const unknown = { value: UNKNOWN_TEXT };

describe("plannedField", () => {
  test("hands on what is known, as the schema reads it", () => {
    expect(plannedField(z.string(), "10.0.0.0/16")).toEqual({ value: "10.0.0.0/16" });
    expect(plannedField(z.object({ a: z.number().default(3) }), {})).toEqual({ value: { a: 3 } });
  });

  test("an unknown text is one, whatever form it must have later", () => {
    for (const schema of [
      z.string(),
      z.string().startsWith("vpc-"),
      z.string().max(3).optional(),
      z.cidrv4(),
      z.string().refine((text) => text.includes("x")),
      z.string().default("none"),
    ]) {
      expect(plannedField(schema, UNKNOWN_MARK)).toEqual(unknown);
    }
  });

  test("lists and objects hold the unknown where it is", () => {
    const subnets = z.array(z.object({ id: z.string().startsWith("subnet-"), zone: z.string() }));
    expect(plannedField(subnets, [{ id: UNKNOWN_MARK, zone: "a" }])).toEqual({
      value: [{ id: UNKNOWN_TEXT, zone: "a" }],
    });
  });

  test("what has no place for an unknown is not known: numbers, choices, lists as a whole, values made from a text", () => {
    for (const schema of [
      z.number(),
      z.coerce.number(),
      z.boolean(),
      z.enum(["a", "b"]),
      z.literal("a"),
      z.array(z.string()),
      z.object({ a: z.string() }),
      z.string().transform((text) => text.length),
      z.string().transform((text) => `${text}!`),
      z.union([z.literal("a"), z.number()]),
    ]) {
      expect(plannedField(schema, UNKNOWN_MARK)).toBeUndefined();
    }
    expect(plannedField(z.array(z.number()), [1, UNKNOWN_MARK])).toBeUndefined();
  });

  test("fails when what is known does not fit: no unknown beside it excuses it", () => {
    const schema = z.object({ id: z.string().startsWith("vpc-"), cidr: z.string().startsWith("10.") });
    expect(plannedField(schema, { id: UNKNOWN_MARK, cidr: "11." })).toBeUndefined();
  });

  test("a secret is an output that is secret and not known, and no function sees into it", async () => {
    const field = plannedField(secret(z.string()), SECRET_MARK);
    const output = field?.value;
    if (!pulumi.Output.isInstance(output)) throw new TypeError("no output");
    expect(await pulumi.isSecret(output)).toBe(true);
    // Where a secret stands in an output that is not declared as one, it is not handed on.
    expect(plannedField(z.object({ a: z.string() }), { a: SECRET_MARK })).toBeUndefined();
  });
});

test("isKnown: nothing in it is secret or comes later", () => {
  expect(isKnown({ a: [1, "x", null] })).toBe(true);
  expect(isKnown({ a: [1, { b: UNKNOWN_MARK }] })).toBe(false);
  expect(isKnown([SECRET_MARK])).toBe(false);
});
