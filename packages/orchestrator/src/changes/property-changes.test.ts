import { SECRET_MARK } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EngineState, EngineStep } from "../engine/engine-request.ts";
import { compareRecords, parsePropertyPath, propertyChangesOf } from "./property-changes.ts";

type Values = EngineState["inputs"];

const state = (inputs: Values, outputs: Values = inputs): EngineState => ({
  type: "aws:ec2/vpc:Vpc",
  urn: "urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main",
  id: "vpc-1",
  custom: true,
  parent: "",
  provider: "",
  protect: false,
  inputs,
  outputs,
});
const step = (old: EngineState, now: EngineState, more: Partial<EngineStep> = {}): EngineStep => ({
  operation: "update",
  urn: now.urn,
  type: now.type,
  planning: true,
  keys: [],
  old,
  new: now,
  ...more,
});

/** Writes a path as the engine does (resource.PropertyPath.String of its sdk). */
function written(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (/[."[\]]/.test(key)) return `["${key.replaceAll('"', '\\"')}"]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

describe("parsePropertyPath", () => {
  test.each<[string, (string | number)[]]>([
    ["cidrBlock", ["cidrBlock"]],
    ["tags.Owner", ["tags", "Owner"]],
    ["ingress[0].fromPort", ["ingress", 0, "fromPort"]],
    ['tags["kubernetes.io/name"]', ["tags", "kubernetes.io/name"]],
    ['["a.b"].c[12][3]', ["a.b", "c", 12, 3]],
    ['tags["say \\"hi\\""]', ["tags", 'say "hi"']],
    ['tags["[0]"]', ["tags", "[0]"]],
    ['tags[""]', ["tags", ""]],
    ["tags.a b", ["tags", "a b"]],
    ['tags["C:\\d.txt"]', ["tags", "C:\\d.txt"]],
  ])("reads %s", (path, keys) => {
    expect(parsePropertyPath(path)).toEqual(keys);
  });

  test("reads back what the engine writes", () => {
    // The engine's own form cannot tell a backslash before a quote from an escape.
    const key = fc.string({ minLength: 1 }).filter((text) => !text.includes("\\"));
    fc.assert(
      fc.property(fc.array(fc.oneof(key, fc.nat()), { minLength: 1 }), (path) => {
        expect(parsePropertyPath(written(path))).toEqual(path);
      }),
    );
  });

  test("ends, whatever it is given", () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parsePropertyPath(text))));
  });
});

describe("propertyChangesOf with a detailed diff", () => {
  const old = state(
    { tags: { Owner: "a", Old: "x" }, cidrBlock: "10.0.0.0/16" },
    { cidrBlock: "10.0.0.0/16", arn: "1" },
  );
  const now = state({ tags: { Owner: "b", New: "y" }, cidrBlock: "10.1.0.0/16" });
  const changeOf = (path: string, kind: string, more: Partial<EngineStep> = {}, inputDiff = true) =>
    propertyChangesOf(step(old, now, { detailedDiff: { [path]: { kind, inputDiff } }, ...more }))[0];

  test.each([
    ["add", "tags.New", { kind: "add", after: "y", replaces: false }],
    ["delete", "tags.Old", { kind: "delete", before: "x", replaces: false }],
    ["update", "tags.Owner", { kind: "update", before: "a", after: "b", replaces: false }],
    ["add-replace", "tags.New", { kind: "add", after: "y", replaces: true }],
    ["delete-replace", "tags.Old", { kind: "delete", before: "x", replaces: true }],
    [
      "update-replace",
      "cidrBlock",
      { kind: "update", before: "10.0.0.0/16", after: "10.1.0.0/16", replaces: true },
    ],
  ])("%s", (kind, path, expected) => {
    expect(changeOf(path, kind)).toEqual({ path, ...expected });
  });

  test("a key that forces the replacement counts, though the diff does not say so", () => {
    expect(changeOf("cidrBlock", "update", { keys: ["cidrBlock"] })).toMatchObject({ replaces: true });
  });

  test("compares with the output where the provider did, and with the input where that has none", () => {
    expect(changeOf("arn", "delete", {}, false)).toMatchObject({ before: "1" });
    expect(changeOf("tags.Owner", "update", {}, false)).toMatchObject({ before: "a", after: "b" });
  });

  test("tells nothing of the inside of a secret", () => {
    const hidden = step(state({ data: SECRET_MARK }), state({ data: SECRET_MARK }), {
      detailedDiff: { "data.password": { kind: "update", inputDiff: true } },
    });
    expect(propertyChangesOf(hidden)).toEqual([
      { path: "data.password", kind: "update", before: SECRET_MARK, after: SECRET_MARK, replaces: false },
    ]);
  });

  test("follows no property of Object's prototype", () => {
    expect(changeOf("tags.constructor", "update")).toEqual({
      path: "tags.constructor",
      kind: "update",
      replaces: false,
    });
  });

  test("is in the order of the paths", () => {
    const changes = propertyChangesOf(
      step(old, now, {
        detailedDiff: {
          "tags.Owner": { kind: "update", inputDiff: true },
          cidrBlock: { kind: "update", inputDiff: true },
          "tags.New": { kind: "add", inputDiff: true },
        },
      }),
    );
    expect(changes.map(({ path }) => path)).toEqual(["cidrBlock", "tags.New", "tags.Owner"]);
  });
});

describe("propertyChangesOf without one", () => {
  test.each([undefined, {}])("compares the inputs when the diff is %j", (detailedDiff) => {
    const changes = propertyChangesOf(
      step(state({ a: 1, b: 2, c: [1] }), state({ b: 3, c: [1], d: 4 }), {
        keys: ["b"],
        ...(detailedDiff === undefined ? {} : { detailedDiff }),
      }),
    );
    expect(changes).toEqual([
      { path: "a", kind: "delete", before: 1, replaces: false },
      { path: "b", kind: "update", before: 2, after: 3, replaces: true },
      { path: "d", kind: "add", after: 4, replaces: false },
    ]);
  });

  test("everything of a new resource is added", () => {
    const { old: _old, ...created } = step(state({}), state({ a: 1 }), { operation: "create" });
    expect(propertyChangesOf(created)).toEqual([{ path: "a", kind: "add", after: 1, replaces: false }]);
  });
});

describe("compareRecords", () => {
  test("finds nothing in equal records, whatever the order of their keys", () => {
    expect(compareRecords({ a: { x: 1, y: [null] }, b: 1 }, { b: 1, a: { y: [null], x: 1 } })).toEqual([]);
  });

  test("shows a secret that forces a replacement, though its marks are equal", () => {
    expect(compareRecords({ p: SECRET_MARK }, { p: SECRET_MARK })).toEqual([]);
    expect(compareRecords({ p: SECRET_MARK }, { p: SECRET_MARK }, ["p"])).toEqual([
      { path: "p", kind: "update", before: SECRET_MARK, after: SECRET_MARK, replaces: true },
    ]);
  });

  test("shows a null that comes, goes or becomes something", () => {
    expect(
      compareRecords({ a: null, b: 1 }, { b: null, c: null }).map(({ path, kind }) => [path, kind]),
    ).toEqual([
      ["a", "delete"],
      ["b", "update"],
      ["c", "add"],
    ]);
  });

  test("one way is the other way round", () => {
    const record = fc.dictionary(
      fc.constantFrom("a", "b", "c"),
      fc.oneof(fc.integer({ max: 3, min: 0 }), fc.constant("x")),
    );
    const opposite = { add: "delete", delete: "add", update: "update" };
    fc.assert(
      fc.property(record, record, (one, other) => {
        const there = compareRecords(one, other);
        const back = compareRecords(other, one);
        expect(back.map(({ path, kind }) => [path, kind])).toEqual(
          there.map(({ path, kind }) => [path, opposite[kind]]),
        );
      }),
    );
  });
});
