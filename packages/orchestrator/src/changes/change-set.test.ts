import { CHANGE_OPERATIONS, changeSetSchema } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import type { EngineMessage, EngineState, EngineStep } from "../engine/engine-request.ts";
import { buildChangeSet, operationOf } from "./change-set.ts";

const subject = { project: "shop", stack: "net", environment: "dev", operation: "update" } as const;
const VPC = "aws:ec2/vpc:Vpc";
const BUCKET = "aws:s3/bucket:Bucket";
const STACK = "pulumi:pulumi:Stack";
const urnOf = (type: string, name: string): string => `urn:pulumi:dev::net::${type}::${name}`;

function stateOf(type: string, name: string, more: Partial<EngineState> = {}): EngineState {
  return {
    type,
    urn: urnOf(type, name),
    id: `${name}-id`,
    custom: true,
    parent: urnOf(STACK, "net-dev"),
    provider: "",
    protect: false,
    inputs: {},
    outputs: {},
    ...more,
  };
}

function stepOf(operation: string, type: string, name: string, more: Partial<EngineStep> = {}): EngineStep {
  return { operation, urn: urnOf(type, name), type, planning: true, keys: [], ...more };
}

function started(...step: Parameters<typeof stepOf>): EngineMessage {
  return { kind: "step.started", step: stepOf(...step) };
}

const old = (type: string, name: string, more: Partial<EngineState> = {}) => ({
  old: stateOf(type, name, more),
});
const now = (type: string, name: string, more: Partial<EngineState> = {}) => ({
  new: stateOf(type, name, more),
});

describe("operationOf", () => {
  // apitype.OpType of the engine's sdk 3.220.0.
  test.each([
    ["same", "same"],
    ["create", "create"],
    ["update", "update"],
    ["delete", "delete"],
    ["replace", "replace"],
    ["create-replacement", "replace"],
    ["delete-replaced", "replace"],
    ["read", "read"],
    ["read-replacement", "read"],
    ["refresh", "same"],
    ["read-discard", "forget"],
    ["discard-replaced", "forget"],
    ["remove-pending-replace", "delete"],
    ["import", "import"],
    ["import-replacement", "replace"],
  ])("%s means %s", (engine, ours) => {
    expect(operationOf(engine)).toBe(ours);
    expect(CHANGE_OPERATIONS).toContain(ours);
  });
});

describe("buildChangeSet", () => {
  test.each([
    ["the new one first", ["create-replacement", "replace", "delete-replaced"]],
    ["the old one first", ["delete-replaced", "replace", "create-replacement"]],
    ["the summary first", ["replace", "create-replacement", "delete-replaced"]],
  ])("tells the steps of a replacement once, with its properties: %s", (_title, operations) => {
    const steps = operations.map((operation) =>
      started(operation, VPC, "main", {
        ...old(VPC, "main", { inputs: { cidrBlock: "a" } }),
        ...(operation === "delete-replaced" ? {} : now(VPC, "main", { inputs: { cidrBlock: "b" }, id: "" })),
        keys: ["cidrBlock"],
      }),
    );
    const set = buildChangeSet(subject, steps);
    expect(set.counts).toEqual({ replace: 1 });
    expect(set.changes).toEqual([
      {
        urn: urnOf(VPC, "main"),
        type: VPC,
        name: "main",
        operation: "replace",
        id: "main-id",
        parent: urnOf(STACK, "net-dev"),
        protect: false,
        holdsData: false,
        properties: [{ path: "cidrBlock", kind: "update", before: "a", after: "b", replaces: true }],
        was: { custom: true, inputs: { cidrBlock: "a" } },
      },
    ]);
    expect(set.planned.map(({ inputs }) => inputs)).toEqual([{ cidrBlock: "b" }]);
  });

  test("protection that is put on or taken off is an update, though the engine tells `same`", () => {
    const turned = (before: boolean, after: boolean, operation = "same") =>
      buildChangeSet(subject, [
        started(operation, BUCKET, "data", {
          ...old(BUCKET, "data", { protect: before, inputs: { bucket: "a" } }),
          ...now(BUCKET, "data", { protect: after, inputs: { bucket: operation === "same" ? "a" : "b" } }),
        }),
      ]);
    for (const before of [true, false]) {
      expect(turned(before, before)).toMatchObject({ counts: { same: 1 }, changes: [] });
      const protect = { path: "protect", kind: "update", before, after: !before, replaces: false };
      expect(turned(before, !before)).toMatchObject({
        counts: { update: 1 },
        changes: [{ operation: "update", protect: before, properties: [protect] }],
      });
      expect(turned(before, !before, "update").changes[0]?.properties).toEqual([
        protect,
        { path: "bucket", kind: "update", before: "a", after: "b", replaces: false },
      ]);
    }
  });

  test("takes the delete for what it is, though a destroy tells `same` of each resource before", () => {
    const set = buildChangeSet({ ...subject, operation: "destroy" }, [
      started("same", BUCKET, "data", { ...old(BUCKET, "data"), ...now(BUCKET, "data") }),
      started("delete", BUCKET, "data", old(BUCKET, "data")),
    ]);
    expect(set).toMatchObject({
      counts: { delete: 1 },
      planned: [],
      outputs: [],
      changes: [
        {
          ...{ operation: "delete", holdsData: true, id: "data-id", properties: [] },
          was: { custom: true, inputs: {} },
        },
      ],
    });
  });

  test("counts what stays, and lists it as planned but not as a change", () => {
    const set = buildChangeSet(subject, [
      started("same", VPC, "main", { ...old(VPC, "main"), ...now(VPC, "main") }),
      started("create", BUCKET, "data", now(BUCKET, "data", { id: "" })),
    ]);
    expect(set.counts).toEqual({ same: 1, create: 1 });
    expect(set.changes.map(({ name, operation }) => [name, operation])).toEqual([["data", "create"]]);
    expect(set.changes[0]).not.toHaveProperty("id");
    expect(set.planned.map(({ name }) => name)).toEqual(["main", "data"]);
  });

  test("plans default providers but does not count them; explicit ones count", () => {
    const provider = "pulumi:providers:aws";
    const set = buildChangeSet(subject, [
      started(
        "create",
        provider,
        "default_7_48_0",
        now(provider, "default_7_48_0", { inputs: { version: "7.48.0" } }),
      ),
      started("create", provider, "mine", now(provider, "mine")),
    ]);
    expect(set.counts).toEqual({ create: 1 });
    expect(set.changes.map(({ name }) => name)).toEqual(["mine"]);
    expect(set.planned.map(({ name }) => name)).toEqual(["default_7_48_0", "mine"]);
  });

  test("says what is protected in the state, not what will be", () => {
    const changes = buildChangeSet(subject, [
      started("delete", VPC, "kept", old(VPC, "kept", { protect: true })),
      started("update", VPC, "later", { ...old(VPC, "later"), ...now(VPC, "later", { protect: true }) }),
    ]).changes;
    expect(changes.map(({ name, protect }) => [name, protect])).toEqual([
      ["kept", true],
      ["later", false],
    ]);
  });

  test("leaves out what was not planned: steps of an up, and what ended", () => {
    const set = buildChangeSet(subject, [
      started("create", VPC, "a", { planning: false, ...now(VPC, "a") }),
      { kind: "step.finished", step: stepOf("create", VPC, "b", now(VPC, "b")) },
    ]);
    expect(set).toMatchObject({ counts: {}, changes: [], planned: [] });
  });

  test("is in the order of the URNs, whatever order the engine told it in", () => {
    const steps = ["c", "a", "b"].map((name) => started("create", VPC, name, now(VPC, name)));
    const set = buildChangeSet(subject, steps);
    expect(set.changes.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(buildChangeSet(subject, [...steps].reverse())).toEqual(set);
  });

  test("compares the stack's outputs, once they are registered", () => {
    const told = (before: EngineState["outputs"], after: EngineState["outputs"]): EngineMessage => ({
      kind: "step.finished",
      step: {
        operation: "same",
        urn: urnOf(STACK, "net-dev"),
        type: STACK,
        planning: true,
        keys: [],
        old: stateOf(STACK, "net-dev", { outputs: before }),
        new: stateOf(STACK, "net-dev", { outputs: after }),
      },
    });
    const set = buildChangeSet(subject, [
      told({}, {}),
      told({ vpcId: "a", gone: 1 }, { vpcId: "b", fresh: 1 }),
    ]);
    expect(set.outputs.map(({ path, kind }) => [path, kind])).toEqual([
      ["fresh", "add"],
      ["gone", "delete"],
      ["vpcId", "update"],
    ]);
    expect(changeSetSchema.parse(set)).toEqual(set);
  });

  test("an empty plan is an empty change set", () => {
    expect(buildChangeSet(subject, [])).toEqual({
      schema: "groundplane.dev/change-set/v1",
      ...subject,
      counts: {},
      changes: [],
      planned: [],
      outputs: [],
    });
  });
});
