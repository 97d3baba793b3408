import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finding, type RunId, type RunRecord, runIdSchema } from "@groundplane/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseState } from "../engine/stack-state.ts";
import { settledDeployment } from "./settle-deployment.ts";
import { unaccountedOperations, withUnaccounted } from "./unaccounted.ts";

const urn = (type: string, name: string): string => `urn:pulumi:dev::base::${type}::${name}`;
const STACK = urn("pulumi:pulumi:Stack", "base-dev");
const PROVIDER = urn("pulumi:providers:aws", "default_7");
const VPC = urn("aws:ec2/vpc:Vpc", "main");
const unreadable = { rule: "state-unreadable" } as Finding;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unaccounted-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

let count = 0;
interface Told {
  readonly operation: string;
  readonly urn: string;
  readonly id?: string;
  readonly more?: object;
}

function run(operation: RunRecord["operation"], record: Partial<RunRecord> = {}, told: readonly Told[] = []) {
  count += 1;
  const id: RunId = runIdSchema.parse(`run-20261121-051229-${String(count).padStart(6, "0")}`);
  const own = join(folder, id);
  mkdirSync(own);
  const lines = told.map(({ operation: step, urn: of, id: of_, more }) =>
    JSON.stringify({
      ...{ at: "2026-11-21T05:12:29.000Z", kind: "finished", operation: step, urn: of, custom: true },
      ...{ type: of.split("::")[2] ?? "", ...(of_ === undefined ? {} : { id: of_ }), ...more },
    }),
  );
  writeFileSync(join(own, "engine-log.jsonl"), `${lines.join("\n")}\n`);
  return {
    ...{ id, folder: own },
    record: { operation, state: "DONE", outcome: "failed", findings: [], ...record } as RunRecord,
  };
}

const made = (id = "vpc-1"): readonly Told[] => [
  { operation: "create", urn: STACK, more: { custom: false, kind: "started" } },
  { operation: "create", urn: PROVIDER, id: "p1", more: { parent: STACK, inputs: { version: "7.0.0" } } },
  { operation: "create", urn: VPC, id, more: { parent: STACK, provider: `${PROVIDER}::p1` } },
];

function state(resources: readonly object[] = []) {
  const deployment = { manifest: {}, resources };
  return parseState({ project: "base", stack: "dev" }, JSON.stringify({ version: 3, deployment }));
}

const names = (runs: Parameters<typeof unaccountedOperations>[0], resources: readonly object[] = []) =>
  unaccountedOperations(runs, state(resources)).map((operation) => [operation.urn, operation.resource.id]);

describe("after a restore over a state that could not be read", () => {
  const restored = (from: { readonly id: string }, moment: "before" | "after" = "before") =>
    run("restore", {
      ...{ outcome: "applied", findings: [unreadable] },
      restoreFrom: { run: runIdSchema.parse(from.id), moment },
    });

  test("what runs made since the restored state is pending, until a person settles it", () => {
    const deploy = run("deploy", {}, made());
    const restore = restored(deploy);
    expect(names([deploy, restore])).toEqual([[VPC, "vpc-1"]]);
    const settlement = { gone: [], adopted: [{ urn: VPC, id: "vpc-1" }] };
    expect(names([deploy, restore, run("settle", { outcome: "failed", settlement })])).toHaveLength(1);
    expect(names([deploy, restore, run("settle", { outcome: "applied", settlement })])).toEqual([]);
  });

  test("what the state knows is not", () => {
    const deploy = run("deploy", {}, made());
    expect(names([deploy, restored(deploy)], [{ urn: VPC, type: "aws:ec2/vpc:Vpc", id: "vpc-1" }])).toEqual(
      [],
    );
  });

  test("what was made before the restored state, or deleted again, is not", () => {
    const first = run("deploy", { outcome: "applied" }, made());
    expect(names([first, restored(first, "after")])).toEqual([]);
    const second = run("deploy", {}, [{ operation: "delete", urn: VPC, id: "vpc-1" }]);
    expect(names([first, second, restored(first)])).toEqual([]);
  });

  test("nothing is, once a deployment went through", () => {
    const deploy = run("deploy", {}, made());
    const restore = restored(deploy);
    expect(names([deploy, restore, run("deploy", { outcome: "applied" })])).toEqual([]);
    expect(names([deploy, restore, run("deploy")])).toHaveLength(1);
  });

  test("it is adopted with its parent and its provider, where the state lacks them too", () => {
    const deploy = run("deploy", {}, made());
    const uncertain = withUnaccounted(state(), [deploy, restored(deploy)]);
    const { text, read } = settledDeployment(uncertain, { gone: [], adopted: [{ urn: VPC, id: "vpc-1" }] });
    const { resources } = parseState({ project: "base", stack: "dev" }, text);
    expect(resources.map((resource) => [resource.urn, resource.id])).toEqual([
      [STACK, undefined],
      [PROVIDER, "p1"],
      [VPC, "vpc-1"],
    ]);
    expect(resources[1]?.inputs).toEqual({ version: "7.0.0" });
    expect(read).toEqual([VPC]);
  });
});

test("a restore that showed what it forgets leaves nothing pending", () => {
  const deploy = run("deploy", {}, made());
  const from = { run: runIdSchema.parse(deploy.id), moment: "before" as const };
  expect(names([deploy, run("restore", { outcome: "applied", restoreFrom: from })])).toEqual([]);
  expect(names([deploy])).toEqual([]);
});
