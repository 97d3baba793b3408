import { hasChanges, SECRET_MARK } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseState, type StackState } from "../engine/stack-state.ts";
import { compareStates, isImportOf } from "./compare-states.ts";

const SUBJECT = { project: "shop", stack: "base", environment: "dev" };
const urn = (name: string): string => `urn:pulumi:dev::base::aws:s3/bucket:Bucket::${name}`;
const secret = (ciphertext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext,
});

interface Bucket {
  readonly name: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

function state(buckets: readonly Bucket[], more: object = {}): StackState {
  const resources = buckets.map(({ name, more: extra }) => ({
    urn: urn(name),
    type: "aws:s3/bucket:Bucket",
    custom: true,
    id: `id-${name}`,
    inputs: { bucket: name },
    outputs: { bucket: name, arn: `arn:${name}` },
    ...extra,
  }));
  return parseState(
    { project: "base", stack: "dev" },
    JSON.stringify({ version: 3, deployment: { manifest: {}, resources, ...more } }),
  );
}

describe("two states of a stack", () => {
  test("that are the same differ in nothing, whenever they were written", () => {
    const earlier = state([{ name: "a", more: { modified: "2026-01-01", sourcePosition: "index.ts#1" } }]);
    const later = state([{ name: "a", more: { modified: "2026-02-02", sourcePosition: "index.ts#9" } }]);
    const changeSet = compareStates(SUBJECT, earlier, later);
    expect(changeSet).toMatchObject({ operation: "state", counts: { same: 1 }, changes: [], outputs: [] });
    expect(hasChanges(changeSet)).toBe(false);
  });

  test("tell what would be known again, differently, and not any more", () => {
    const present = state([{ name: "a" }, { name: "gone", more: { protect: true } }]);
    const wanted = state([
      { name: "a", more: { inputs: { bucket: "a", acl: "private" }, id: "id-other" } },
      { name: "back" },
    ]);
    const changeSet = compareStates(SUBJECT, present, wanted);
    expect(changeSet.counts).toEqual({ update: 1, import: 1, forget: 1 });
    expect(changeSet.changes).toEqual([
      {
        ...{ urn: urn("a"), type: "aws:s3/bucket:Bucket", name: "a", operation: "update" },
        ...{ id: "id-other", protect: false, holdsData: true },
        properties: [
          { path: "id", kind: "update", before: "id-a", after: "id-other", replaces: false },
          { path: "acl", kind: "add", after: "private", replaces: false },
        ],
      },
      expect.objectContaining({ name: "back", operation: "import", id: "id-back" }),
      expect.objectContaining({ name: "gone", operation: "forget", protect: true, holdsData: true }),
    ]);
    expect(changeSet.planned.map(({ name, operation }) => [name, operation])).toEqual([
      ["a", "update"],
      ["back", "import"],
    ]);
  });

  test("show a secret that was encrypted anew as one that may differ, and never its ciphertext", () => {
    const present = state([{ name: "a", more: { inputs: { key: secret("v1:old") } } }]);
    const wanted = state([{ name: "a", more: { inputs: { key: secret("v1:new") } } }]);
    const changeSet = compareStates(SUBJECT, present, wanted);
    expect(changeSet.changes[0]?.properties).toEqual([
      { path: "key", kind: "update", before: SECRET_MARK, after: SECRET_MARK, replaces: false },
    ]);
    expect(JSON.stringify(changeSet)).not.toContain("v1:");
  });

  test("keep a resource that waits for its deletion apart from the one that took its place", () => {
    const both = [{ name: "a" }, { name: "a", more: { delete: true, id: "id-old" } }];
    expect(compareStates(SUBJECT, state(both), state([{ name: "a" }])).counts).toEqual({
      same: 1,
      forget: 1,
    });
  });

  test("of which the present one cannot be read: everything will be known, and it counts as a change", () => {
    const changeSet = compareStates({ ...SUBJECT, unreadable: "it is no JSON" }, undefined, state([]));
    expect(changeSet).toMatchObject({ unreadable: "it is no JSON", changes: [] });
    expect(hasChanges(changeSet)).toBe(true);
  });

  test("compared the other way round, forget what was known again", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"));
    fc.assert(
      fc.property(names, names, (before, after) => {
        const [one, two] = [before, after].map((each) => state(each.map((name) => ({ name }))));
        if (one === undefined || two === undefined) return;
        const [there, back] = [compareStates(SUBJECT, one, two), compareStates(SUBJECT, two, one)];
        expect(there.counts.import ?? 0).toBe(back.counts.forget ?? 0);
        expect(there.counts.same ?? 0).toBe(back.counts.same ?? 0);
        expect(there.planned).toHaveLength(after.length);
      }),
    );
  });
});

describe("what the engine made of a state that it imported", () => {
  const marked = {
    pending_operations: [{ type: "creating", resource: { urn: urn("x"), type: "aws:s3/bucket:Bucket" } }],
  };
  const wanted = state([{ name: "a", more: { inputs: { key: secret("v1:old") } } }], marked);

  test("is recognised, though its secrets are encrypted anew and its marks are gone", () => {
    expect(isImportOf(state([{ name: "a", more: { inputs: { key: secret("v1:new") } } }]), wanted)).toBe(
      true,
    );
  });

  test("is recognised, though the engine leaves out what is empty", () => {
    const sparse = state([{ name: "a", more: { outputs: {}, dependencies: [], protect: false } }]);
    const written = state([{ name: "a", more: { outputs: undefined } }]);
    expect(isImportOf(written, sparse)).toBe(true);
    const emptied = state([{ name: "a", more: { outputs: { note: "" } } }]);
    expect(isImportOf(written, emptied)).toBe(false);
  });

  test.each([
    ["a resource more", state([{ name: "a", more: { inputs: { key: secret("v1:old") } } }, { name: "b" }])],
    ["a secret that is none any more", state([{ name: "a", more: { inputs: { key: "plain" } } }])],
    ["a mark that is left", wanted],
  ])("fails with %s", (_what, found) => {
    expect(isImportOf(found, wanted)).toBe(false);
  });
});
