import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, type JsonValue } from "./json.ts";

// A string that is no text (half a surrogate pair) has no canonical form outside of JavaScript.
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "1", "10", "2")),
      tie("value"),
      {
        maxKeys: 6,
      },
    ),
  ),
})).value;

/** The same value, each object's keys put in by another order. */
function reordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reordered(inner)] as const)
      .reverse(),
  );
}

describe("canonicalJson", () => {
  test("sorts keys at every depth and leaves lists in order", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 1], a: "x" })).toBe('{"a":"x","b":[{"c":2,"d":1},1]}');
  });

  test("leaves out what is undefined", () => {
    const value = JSON.parse("{}");
    value.gone = undefined;
    expect(canonicalJson(value)).toBe("{}");
  });

  test("is equal for the same value in another order", () => {
    fc.assert(fc.property(json, (value) => canonicalJson(reordered(value)) === canonicalJson(value)));
  });

  test("reads back as the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  test("is distinct for distinct values", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        let equal = true;
        try {
          expect(one).toEqual(other);
        } catch {
          equal = false;
        }
        expect(canonicalJson(one) === canonicalJson(other)).toBe(equal);
      }),
    );
  });

  test("tells text, numbers and structure apart", () => {
    const alike: JsonValue[] = [
      "1",
      1,
      [1],
      { 1: 1 },
      "[1]",
      null,
      "null",
      {},
      [],
      "",
      false,
      [[]],
      { "": "" },
    ];
    expect(new Set(alike.map(canonicalJson)).size).toBe(alike.length);
  });
});
