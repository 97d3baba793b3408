import { describe, expect, test } from "vitest";
import { z } from "zod";
import { isSecretSchema, nestedSecret, secret } from "./secret.ts";

describe("secret", () => {
  test("marks what it returns and leaves the schema that it was given", () => {
    const schema = z.string();
    expect(isSecretSchema(secret(schema))).toBe(true);
    expect(isSecretSchema(schema)).toBe(false);
    expect(isSecretSchema(z.string())).toBe(false);
  });

  test("parses like the schema", () => {
    expect(secret(z.string().min(3)).safeParse("ab").success).toBe(false);
    expect(secret(z.string().default("x")).parse(undefined)).toBe("x");
  });

  test.each([
    ["described", secret(z.string()).describe("a token")],
    ["given metadata", secret(z.string()).meta({ title: "Token" })],
    ["narrowed", secret(z.string()).min(3)],
    ["refined", secret(z.string()).refine((text) => text !== "x")],
    ["made optional", secret(z.string()).optional()],
    ["made nullable", secret(z.string()).nullable()],
    ["given a default", secret(z.string()).default("x")],
    ["made optional and described", secret(z.string()).optional().describe("a token")],
    ["made read-only", secret(z.object({ a: z.string() })).readonly()],
    ["transformed", secret(z.string()).transform((text) => text.trim())],
    ["piped", secret(z.string()).pipe(z.string().min(2))],
    ["marked twice", secret(secret(z.string()))],
  ])("stays when the schema is %s afterwards", (_how, schema) => {
    expect(isSecretSchema(schema)).toBe(true);
  });

  test("does not spread to a schema that was derived before", () => {
    const schema = z.string().describe("shared");
    const marked = secret(schema);
    expect([isSecretSchema(schema), isSecretSchema(schema.min(1)), isSecretSchema(marked)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

test.each([
  ["a field of an object", z.object({ user: z.string(), password: secret(z.string()) }), "password"],
  ["an item of a list", z.array(z.object({ key: secret(z.string()) })), "[].key"],
  ["a branch of a union", z.union([z.string(), secret(z.number())]), ""],
  ["a value of a record", z.record(z.string(), secret(z.string())).optional(), "[]"],
  ["an item of a tuple", z.tuple([z.string(), secret(z.string())]), ""],
])("a secret in %s is found", (_where, schema, path) => {
  expect(nestedSecret(schema)).toBe(path);
});

test("nothing is found where nothing is secret", () => {
  expect(
    nestedSecret(z.object({ a: z.array(z.string()).default([]), b: z.enum(["x"]).optional() })),
  ).toBeUndefined();
});
