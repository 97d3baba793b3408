import { describe, expect, test } from "vitest";
import { isSecretMark, isUnknownMark, SECRET_MARK, UNKNOWN_MARK } from "./marked-value.ts";

describe("marks", () => {
  test("are told apart", () => {
    expect([isSecretMark(SECRET_MARK), isUnknownMark(SECRET_MARK)]).toEqual([true, false]);
    expect([isSecretMark(UNKNOWN_MARK), isUnknownMark(UNKNOWN_MARK)]).toEqual([false, true]);
  });

  test("survive JSON", () => {
    expect(isSecretMark(JSON.parse(JSON.stringify(SECRET_MARK)))).toBe(true);
  });

  test.each([
    undefined,
    null,
    "secret",
    "[secret]",
    1,
    [],
    ["$groundplane", "secret"],
    {},
    { groundplane: "secret" },
  ])("%j is no mark", (value) => {
    expect(isSecretMark(value)).toBe(false);
    expect(isUnknownMark(value)).toBe(false);
  });
});
