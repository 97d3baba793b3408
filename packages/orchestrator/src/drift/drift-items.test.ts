import { type JsonValue, SECRET_MARK } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import type { EngineMessage, EngineState, EngineStep } from "../engine/engine-request.ts";
import { driftItems } from "./drift-items.ts";

type Properties = Record<string, JsonValue>;
const URN = "urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main";
const state = (inputs: Properties, outputs: Properties = {}): EngineState => ({
  ...{
    type: "aws:ec2/vpc:Vpc",
    urn: URN,
    id: "vpc-1",
    custom: true,
    parent: "",
    provider: "",
    protect: false,
  },
  inputs,
  outputs,
});
const finished = (more: Partial<EngineStep>): EngineMessage => ({
  kind: "step.finished",
  step: {
    operation: "update",
    urn: URN,
    type: "aws:ec2/vpc:Vpc",
    planning: true,
    keys: [],
    old: state({}),
    ...more,
  },
});

describe("driftItems", () => {
  test("takes the provider's word for each property", () => {
    const { checked, items } = driftItems([
      finished({
        old: state({ tags: { a: "1" } }),
        new: state({ tags: { a: "2" } }),
        detailedDiff: { "tags.a": { kind: "update", inputDiff: true } },
      }),
    ]);
    expect(checked).toBe(1);
    expect(items).toEqual([
      {
        ...{ urn: URN, type: "aws:ec2/vpc:Vpc", name: "main", id: "vpc-1", kind: "changed" },
        properties: [{ path: "tags.a", kind: "update", before: "1", after: "2" }],
      },
    ]);
  });

  test("says of what the cloud alone computes what it was and is", () => {
    const { items } = driftItems([
      finished({
        old: state({}, { status: { running: true }, gone: "a" }),
        new: state({}, { status: { running: false }, came: "b" }),
        detailedDiff: {
          "status.running": { kind: "update", inputDiff: false },
          gone: { kind: "delete", inputDiff: false },
          came: { kind: "add", inputDiff: false },
        },
      }),
    ]);
    expect(items[0]?.properties).toEqual([
      { path: "came", kind: "add", after: "b" },
      { path: "gone", kind: "delete", before: "a" },
      { path: "status.running", kind: "update", before: true, after: false },
    ]);
  });

  test.each<[string, Partial<EngineStep>, unknown]>([
    [
      "inputs",
      { old: state({ a: 1 }), new: state({ a: 2 }) },
      [{ path: "a", kind: "update", before: 1, after: 2 }],
    ],
    ["outputs", { old: state({}, { a: 1 }), new: state({}) }, [{ path: "a", kind: "delete", before: 1 }]],
    [
      "secrets that look alike",
      { old: state({ a: SECRET_MARK }), new: state({ a: SECRET_MARK }), keys: ["a"] },
      [{ path: "a", kind: "update", before: SECRET_MARK, after: SECRET_MARK }],
    ],
    [
      "nothing but names",
      { old: state({ a: { b: SECRET_MARK } }), new: state({ a: { b: SECRET_MARK } }), keys: ["a.b"] },
      [{ path: "a.b", kind: "update" }],
    ],
    ["nothing, and keeps the item", { old: state({}), new: state({}) }, []],
  ])("without the provider's word compares %s", (_what, step, properties) => {
    const [item] = driftItems([finished(step)]).items;
    expect(item?.kind).toBe("changed");
    expect(item?.properties).toEqual(properties);
  });

  test("what is gone is missing, and has no properties", () => {
    expect(driftItems([finished({ operation: "delete" })]).items).toMatchObject([
      { kind: "missing", properties: [] },
    ]);
  });

  test("what is as it was is counted, in any order told; providers and components are not", () => {
    const component = { ...state({}), custom: false };
    const { checked, items } = driftItems([
      finished({ operation: "delete", urn: `${URN}-b` }),
      finished({ operation: "delete", urn: `${URN}-a` }),
      finished({ operation: "same", new: state({}, { etag: "2" }) }),
      finished({ operation: "same", type: "pulumi:providers:aws" }),
      finished({ operation: "same", old: component, new: component }),
      { kind: "summary", counts: {}, packs: [] },
    ]);
    expect(checked).toBe(3);
    expect(items.map(({ urn }) => urn)).toEqual([`${URN}-a`, `${URN}-b`]);
  });
});
