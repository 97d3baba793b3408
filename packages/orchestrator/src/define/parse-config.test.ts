import { isGroundplaneError } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { configProblems, openConfig, parseConfigText, throwConfigProblems } from "./parse-config.ts";
import { secret } from "./secret.ts";

const value = (schema: z.ZodType, text: string): unknown => {
  const parsed = parseConfigText(schema, text);
  return parsed.success ? parsed.data : "refused";
};

describe("parseConfigText", () => {
  test.each<[z.ZodType, string, unknown]>([
    [z.string(), "true", "true"],
    [z.string(), "42", "42"],
    [z.string(), '"quoted"', '"quoted"'],
    [z.string(), "", ""],
    [z.boolean(), "true", true],
    [z.boolean(), "yes", "refused"],
    [z.number(), "42", 42],
    [z.number(), "4.5e1", 45],
    [z.number(), "042", "refused"],
    [z.number(), '"42"', "refused"],
    [z.number(), "", "refused"],
    [z.int(), "4.5", "refused"],
    [z.array(z.string()), '["a","b"]', ["a", "b"]],
    [z.array(z.string()), '["a",1]', "refused"],
    [z.array(z.string()), "a,b", "refused"],
    [z.object({ a: z.number() }), '{"a":1}', { a: 1 }],
    [z.object({ a: z.number() }), '{"a":1', "refused"],
    [z.enum(["small", "large"]), "small", "small"],
    [z.enum(["small", "large"]), "tiny", "refused"],
    [z.number().optional(), "1", 1],
    [z.null(), "null", null],
  ])("%o reads %j", (schema, text, expected) => {
    expect(value(schema, text)).toEqual(expected);
  });

  test("takes any text for text, and any JSON back", () => {
    fc.assert(fc.property(fc.string(), (text) => value(z.string(), text) === text));
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (list) => {
        const json = JSON.parse(JSON.stringify(list));
        expect(value(z.array(z.unknown()), JSON.stringify(list))).toEqual(json);
      }),
    );
  });
});

describe("configProblems", () => {
  const schema = z.object({
    cidr: z.string(),
    zones: z.int().min(2).default(3),
    note: z.string().optional(),
    token: secret(z.string()),
  });
  const entry = (text: string, isSecret = false) => ({ text, secret: isSecret });
  const right = { cidr: entry("10.0.0.0/16"), token: entry("v1:abc", true) };
  const problems = (entries: Readonly<Record<string, { text: string; secret: boolean }>>) =>
    configProblems(schema, new Map(Object.entries(entries))).map(({ key, problem }) => `${key} ${problem}`);

  test("are none when what is wanted is there", () => {
    expect(problems(right)).toEqual([]);
    expect(problems({ ...right, zones: entry("2"), note: entry("x") })).toEqual([]);
  });

  test("name what is missing", () => {
    expect(problems({})).toEqual(["cidr is missing", "token is missing"]);
  });

  test("name what does not fit", () => {
    expect(problems({ ...right, zones: entry("1") })).toEqual([expect.stringMatching(/^zones .*2/)]);
    expect(problems({ ...right, zones: entry("many") })).toHaveLength(1);
  });

  test("name a key that is unknown, one of Object's prototype too, and what there is", () => {
    for (const key of ["cidrs", "constructor", "__proto__"])
      expect(configProblems(schema, new Map([...Object.entries(right), [key, entry("x")]]))).toEqual([
        { key, problem: "is no key of this stack, which has: cidr, zones, note, token" },
      ]);
  });

  test("fail when a secret stands in the clear, and do not repeat it", () => {
    const [problem, ...others] = problems({ ...right, token: entry("hunter2") });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^token is secret and stands in the clear/);
    expect(problem).not.toContain("hunter2");
  });

  test("fail when what is no secret is encrypted: it would reach the program in the clear", () => {
    expect(problems({ ...right, note: entry("v1:abc", true) })).toEqual([
      "note is encrypted, and the stack does not declare it as secret(…)",
    ]);
  });

  test("say nothing of an encrypted text, which nobody can read there", () => {
    expect(problems({ ...right, token: entry("", true) })).toEqual([]);
  });
});

test("openConfig has every key but the secret ones, with their defaults", () => {
  const config = z.object({
    zones: z.int().default(3),
    note: z.string().optional(),
    token: secret(z.string()),
  });
  const entries = new Map([
    ["note", { text: "x", secret: false }],
    ["token", { text: '{"secure":"v1:abc"}', secret: true }],
  ]);
  expect(openConfig({ stackName: "net", config }, entries)).toEqual({ zones: 3, note: "x" });
});

describe("throwConfigProblems", () => {
  test("throws one error that names the stack, each key, and the file to mend", () => {
    const problems = [
      { key: "cidr", problem: "is missing" },
      { key: "zone", problem: "is no key of this stack" },
    ];
    try {
      throwConfigProblems("net", "prod", problems);
      expect.unreachable();
    } catch (error) {
      if (!isGroundplaneError(error)) throw error;
      expect(error.code).toBe("CONFIG_INVALID");
      expect(error.facts).toEqual({ stack: "net", environment: "prod", keys: ["cidr", "zone"] });
      for (const word of ["net:cidr is missing", "net:zone is no key", "Pulumi.prod.yaml"])
        expect(error.message).toContain(word);
    }
  });

  test("does nothing without problems", () => {
    expect(() => throwConfigProblems("net", "prod", [])).not.toThrow();
  });
});
