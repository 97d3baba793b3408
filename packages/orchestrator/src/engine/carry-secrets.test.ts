import { type JsonValue, SECRET_MARK } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { secretCarrier } from "./carry-secrets.ts";
import type { EngineState, EngineStep } from "./engine-request.ts";

type Properties = Record<string, JsonValue>;
const state = (inputs: Properties, outputs: Properties = {}): EngineState => ({
  ...{ type: "t", urn: "urn:a", id: "1", custom: true, parent: "", provider: "", protect: false },
  inputs,
  outputs,
});
const step = (old: EngineState | undefined, next: EngineState | undefined): EngineStep => ({
  ...{ operation: "update", urn: "urn:a", type: "t", planning: true, keys: [] },
  ...(old === undefined ? {} : { old }),
  ...(next === undefined ? {} : { new: next }),
});

describe("secretCarrier", () => {
  test.each<[string, JsonValue, JsonValue, JsonValue]>([
    ["a value", SECRET_MARK, "clear", SECRET_MARK],
    [
      "inside an object",
      { a: SECRET_MARK, b: 1 },
      { a: "clear", b: 2, c: 3 },
      { a: SECRET_MARK, b: 2, c: 3 },
    ],
    ["a list, whose order may have changed", [SECRET_MARK, "x"], ["x", "clear"], SECRET_MARK],
    ["an object that became text", { a: SECRET_MARK }, "a=clear", SECRET_MARK],
    ["nothing", { a: 1 }, { a: "clear" }, { a: "clear" }],
  ])("marks %s", (_what, before, after, expected) => {
    expect(secretCarrier()(step(state({ p: before }), state({ p: after }))).new?.inputs).toEqual({
      p: expected,
    });
  });

  test("a secret input is secret among the outputs too, and the other way", () => {
    const carried = secretCarrier()(
      step(
        state({ a: SECRET_MARK }, { b: SECRET_MARK }),
        state({ a: "clear", b: "clear" }, { a: "clear", b: "clear" }),
      ),
    );
    const both = { a: SECRET_MARK, b: SECRET_MARK };
    expect(carried.new).toMatchObject({ inputs: both, outputs: both });
  });

  test("what was read stays marked when it is the old side of a later step", () => {
    const carry = secretCarrier();
    carry(step(state({ p: SECRET_MARK }), state({ p: "clear" })));
    expect(carry(step(state({ p: "clear" }), state({ p: "mine" })))).toMatchObject({
      old: { inputs: { p: SECRET_MARK } },
      new: { inputs: { p: SECRET_MARK } },
    });
  });

  test("takes what the program declares secret for secret in the cloud", () => {
    const carried = secretCarrier()(step(state({ p: "clear" }), state({ p: SECRET_MARK })));
    expect(carried.old?.inputs).toEqual({ p: SECRET_MARK });
  });

  test("leaves a step without states as it is", () => {
    expect(secretCarrier()(step(undefined, undefined))).toEqual(step(undefined, undefined));
  });
});
