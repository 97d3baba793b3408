import { describe, expect, test } from "vitest";
import { ERROR_TABLE, EXIT_CODES, GroundplaneError, isGroundplaneError } from "./errors.ts";

const entries = Object.entries(ERROR_TABLE);

describe("the table of errors", () => {
  test.each(entries)("%s has a reason made of its own words", (code, entry) => {
    const camel = code
      .toLowerCase()
      .replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    expect(entry.reason).toBe(camel);
  });

  test.each(entries)("%s has a known exit code that is no success", (_code, entry) => {
    const known: readonly number[] = Object.values(EXIT_CODES);
    expect(known).toContain(entry.exitCode);
    expect(entry.exitCode).not.toBe(EXIT_CODES.done);
  });

  test.each(entries)("%s has an HTTP status that says who can mend it", (code, entry) => {
    // A pack that fails is a fault of the system, and the request cannot be processed as it is.
    const expected = entry.source === "user" || code === "POLICY_PACK_FAILED" ? 4 : 5;
    expect(Math.floor(entry.httpStatus / 100)).toBe(expected);
  });

  test("exit codes are distinct and fit a byte", () => {
    const codes = Object.values(EXIT_CODES);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toBeLessThan(126);
  });
});

describe("GroundplaneError", () => {
  test("takes its source from the table, and keeps facts and cause", () => {
    const cause = new TypeError("inner");
    const error = new GroundplaneError("STACK_BUSY", "busy", { cause, facts: { stack: "net" } });
    expect(error).toMatchObject({
      code: "STACK_BUSY",
      source: "user",
      facts: { stack: "net" },
      cause,
      message: "busy",
    });
    expect(new GroundplaneError("ENGINE_FAILED", "x").source).toBe("system");
  });

  test("has no cause where none was given", () => {
    expect("cause" in new GroundplaneError("ENGINE_FAILED", "x")).toBe(false);
  });
});

describe("isGroundplaneError", () => {
  test("knows an error of another copy of the package", () => {
    class OtherCopy extends Error {
      override readonly name = "GroundplaneError";
      readonly code = "STACK_BUSY";
    }
    expect(isGroundplaneError(new OtherCopy("busy"))).toBe(true);
    expect(isGroundplaneError(new GroundplaneError("STACK_BUSY", "busy"))).toBe(true);
  });

  test.each([
    ["is no error", { name: "GroundplaneError", code: "STACK_BUSY" }],
    ["has another name", Object.assign(new Error("x"), { code: "STACK_BUSY" })],
    ["has no code", Object.assign(new Error("x"), { name: "GroundplaneError" })],
    ["has an unknown code", Object.assign(new Error("x"), { name: "GroundplaneError", code: "NOPE" })],
    [
      "has a code of Object's prototype",
      Object.assign(new Error("x"), { name: "GroundplaneError", code: "toString" }),
    ],
    ["has a code that is no text", Object.assign(new Error("x"), { name: "GroundplaneError", code: 1 })],
    ["is null", null],
    ["is text", "GroundplaneError"],
  ])("is false when the value %s", (_why, value) => {
    expect(isGroundplaneError(value)).toBe(false);
  });
});
