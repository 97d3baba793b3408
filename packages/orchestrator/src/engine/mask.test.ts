import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskEngineRecord, maskEngineValue } from "./mask.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (more: Readonly<Record<string, unknown>>) => ({ [SIGNATURE]: SECRET, ...more });

describe("maskEngineValue", () => {
  test.each([
    ["in the clear", secret({ value: "hunter2" })],
    ["as plaintext of a state", secret({ plaintext: '"hunter2"' })],
    ["encrypted", secret({ ciphertext: "v1:abc" })],
    ["that is a structure", secret({ value: { user: "root", password: "hunter2" } })],
    ["with nothing beside it", secret({})],
  ])("puts the mark in place of a secret %s", (_how, value) => {
    expect(maskEngineValue(value)).toEqual(SECRET_MARK);
  });

  test("marks what is unknown, and text that was built from it", () => {
    expect(maskEngineValue({ id: UNKNOWN, note: `see ${UNKNOWN}` })).toEqual({
      id: UNKNOWN_MARK,
      note: UNKNOWN_MARK,
    });
  });

  test("leaves other special values as they are: an asset is no secret", () => {
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "abc" };
    expect(maskEngineValue(asset)).toEqual(asset);
  });

  test("turns what JSON cannot hold into null", () => {
    expect(maskEngineValue({ a: undefined, b: () => 1 })).toEqual({ a: null, b: null });
  });

  test("lets no secret through, however deep it lies, and nothing else go", () => {
    // A value on the engine's side, and what it is to become.
    interface Pair {
      readonly from: unknown;
      readonly to: unknown;
    }
    const plain: fc.Arbitrary<Pair> = fc
      .oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
      .map((value) => ({ from: value, to: value }));
    const hidden: fc.Arbitrary<Pair> = fc
      .jsonValue()
      .map((value) => ({ from: secret({ value: ["hunter2", value] }), to: SECRET_MARK }));
    const pairs = fc.letrec<{ value: Pair }>((tie) => ({
      value: fc.oneof(
        { depthSize: "medium" },
        plain,
        hidden,
        fc.constant({ from: UNKNOWN, to: UNKNOWN_MARK }),
        fc
          .array(tie("value"), { maxLength: 4 })
          .map((items) => ({ from: items.map(({ from }) => from), to: items.map(({ to }) => to) })),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }).map((items) => ({
          from: Object.fromEntries(Object.entries(items).map(([key, { from }]) => [key, from])),
          to: Object.fromEntries(Object.entries(items).map(([key, { to }]) => [key, to])),
        })),
      ),
    })).value;
    fc.assert(
      fc.property(pairs, ({ from, to }) => {
        expect(maskEngineValue(from)).toEqual(to);
        expect(JSON.stringify(maskEngineValue(from))).not.toContain("hunter2");
      }),
    );
  });
});

describe("maskEngineRecord", () => {
  test.each([undefined, null, "x", 1, ["a"]])("is empty for %j", (value) => {
    expect(maskEngineRecord(value)).toEqual({});
  });

  test("masks each value", () => {
    expect(maskEngineRecord({ a: secret({ value: "x" }), b: [UNKNOWN], c: 1 })).toEqual({
      a: SECRET_MARK,
      b: [UNKNOWN_MARK],
      c: 1,
    });
  });
});
