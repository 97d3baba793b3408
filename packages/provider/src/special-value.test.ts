import { SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_TEXT } from "@groundplane/contracts";
import { asset, runtime } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
  hasUnknown,
  isAsset,
  isSecretAt,
  type Properties,
  reveal,
  secretOf,
  secretTexts,
} from "./special-value.ts";

/** As the SDK writes it onto the wire. */
async function onWire(value: unknown): Promise<Properties> {
  const { value: sent } = await runtime.serializeProperties("test", { value });
  return JSON.parse(JSON.stringify(sent));
}

describe("a special value", () => {
  test("is written as the SDK does", async () => {
    expect([SIGNATURE_KEY, SECRET_SIGNATURE]).toEqual([runtime.specialSigKey, runtime.specialSecretSig]);
    expect(UNKNOWN_TEXT).toBe(runtime.unknownValue);
    expect(isAsset(await onWire(new asset.StringAsset("x")))).toBe(true);
    expect(isAsset(await onWire(new asset.AssetArchive({})))).toBe(true);
    expect(isAsset(secretOf("x"))).toBe(false);
  });

  test("is opened at any depth, and a secret in a secret once and for all", () => {
    const value = { a: [secretOf({ b: secretOf("x") }), 1], c: null };
    expect(reveal(value)).toEqual({ a: [{ b: "x" }, 1], c: null });
    expect(secretOf(secretOf("x"))).toEqual(secretOf("x"));
  });

  test("makes what lies inside of it a secret", () => {
    const value = { a: [secretOf({ b: "x" })], c: "y" };
    expect(isSecretAt(value, ["a", 0, "b"])).toBe(true);
    expect([isSecretAt(value, ["a"]), isSecretAt(value, ["c"]), isSecretAt(value, ["d", "e"])]).toEqual([
      false,
      false,
      false,
    ]);
    expect(secretTexts({ ...value, port: secretOf(5022), unknown: secretOf(UNKNOWN_TEXT) })).toEqual([
      "x",
      "5022",
    ]);
  });

  test("is unknown where something in it is", () => {
    expect(hasUnknown({ a: [{ b: secretOf(UNKNOWN_TEXT) }] })).toBe(true);
    expect(hasUnknown({ a: `about ${UNKNOWN_TEXT}` })).toBe(false);
  });
});
