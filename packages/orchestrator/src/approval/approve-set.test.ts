import { GroundplaneError, type RunRecord } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { runRecord } from "../../../../test/run-record.ts";
import type { StackGraph } from "../environment/stack-graph.ts";
import { type ApproveSetPorts, approveSet } from "./approve-set.ts";

const graph: StackGraph = new Map([
  ["app", ["data"]],
  ["data", ["network"]],
  ["dns", []],
  ["network", []],
]);
const SHA = `sha256:${"a".repeat(64)}`;

/** What holds a run until grace lifts the brake. */
const BRAKED: RunRecord["cost"] = {
  budget: {
    ...{ monthlyUsd: 50, percent: 90, stacks: [], liftedBy: ["grace"] },
    forecast: { low: 45, expected: 45, high: 45, unknown: 0 },
    brake: "it brings the environment to 90 % of the budget",
  },
};

function waiting(stack: string, change: Partial<RunRecord> = {}): RunRecord {
  const { outcome: _outcome, ...run } = runRecord();
  return {
    ...run,
    id: `run-20261121-090000-${stack.padEnd(6, "0").slice(0, 6)}`,
    stack,
    state: "WAIT_FOR_APPROVE",
    approvalRule: { type: "other-person", expiresAfterMinutes: 60 },
    approvalsMissing: 1,
    digest: { digest: SHA, parts: {} as never },
    ...change,
  };
}

/** A desk without an engine: runs end as told, and what happens is recorded. */
function desk(runs: readonly RunRecord[], ends: Readonly<Record<string, Partial<RunRecord> | Error>> = {}) {
  const records = new Map(runs.map((run) => [run.id, run]));
  const did: string[] = [];
  const runOf = (id: string): RunRecord => records.get(id) ?? runRecord();
  const ports: ApproveSetPorts = {
    decide: ({ id, stack }) => {
      did.push(`decide ${stack}`);
      records.set(id, { ...runOf(id), approvalsMissing: runOf(id).approvalsMissing - 1 });
    },
    apply: async ({ id, stack }) => {
      did.push(`apply ${stack}`);
      const end = ends[stack] ?? { outcome: "applied" };
      if (end instanceof Error) throw end;
      records.set(id, { ...runOf(id), state: "DONE", ...end });
      return runOf(id);
    },
    runOf,
    movedOutputs: ({ stack }) => stack === "network",
  };
  const approve = (by: string, more: { readonly apply?: boolean } = {}) =>
    approveSet(
      graph,
      { environment: "prod", digest: SHA, runs },
      { environment: "prod", by, digest: SHA, concurrency: 1, ...more },
      ports,
    );
  return { did, approve };
}

describe("approving a whole set", () => {
  test("decides on every run first, then applies them in dependency order", async () => {
    const { did, approve } = desk([waiting("app"), waiting("data"), waiting("network")]);
    const { runs, skipped, voided } = await approve("ben");
    expect(did).toEqual([
      ...["decide app", "decide data", "decide network"],
      ...["apply network", "apply data", "apply app"],
    ]);
    expect([...runs.keys()]).toEqual(["network", "data", "app"]);
    expect([skipped, voided]).toEqual([[], []]);
  });

  test("destroys go the other way round", async () => {
    const operation = "destroy";
    const { did, approve } = desk([waiting("app", { operation }), waiting("data", { operation })]);
    await approve("ben");
    expect(did.slice(2)).toEqual(["apply app", "apply data"]);
  });

  test("fails when one rule does not take it, and then approves none", async () => {
    const members = waiting("app", {
      approvalRule: {
        type: "group",
        members: ["cleo"],
        count: 1,
        requesterCounts: false,
        expiresAfterMinutes: 60,
      },
    });
    const { did, approve } = desk([waiting("network"), members]);
    await expect(approve("ben")).rejects.toMatchObject({
      code: "APPROVAL_REFUSED",
      message: expect.stringContaining(members.id),
    });
    await expect(desk([waiting("network")]).approve("ADA")).rejects.toMatchObject({
      code: "APPROVAL_REFUSED",
    });
    expect(did).toEqual([]);
  });

  test("leaves what needs a failed stack waiting, approved; the others go on", async () => {
    const { approve, did } = desk([waiting("app"), waiting("data"), waiting("dns"), waiting("network")], {
      network: { outcome: "failed" },
    });
    const { runs, skipped } = await approve("ben");
    expect(did).not.toContain("apply data");
    expect(runs.get("dns")).toMatchObject({ outcome: "applied" });
    expect(runs.get("app")).toMatchObject({ state: "WAIT_FOR_APPROVE", approvalsMissing: 0 });
    expect(skipped).toEqual([
      { stack: "app", reason: "failed", because: "network" },
      { stack: "data", reason: "failed", because: "network" },
    ]);
  });

  test("says which reviews became void, and because of whose outputs", async () => {
    const reason = { code: "APPROVAL_VOID", message: "what was reviewed has moved since: config." };
    const { approve } = desk([waiting("data"), waiting("network")], {
      data: { outcome: "expired", reason },
    });
    const { voided } = await approve("ben");
    expect(voided).toEqual([{ stack: "data", run: waiting("data").id, because: ["network"] }]);
    // Nobody's outputs moved there: something else did.
    const other = desk([waiting("dns")], { dns: { outcome: "expired", reason } });
    expect((await other.approve("ben")).voided).toEqual([]);
  });

  test("a run that someone else works on is told, and what needs it is left", async () => {
    const busy = new GroundplaneError("STACK_BUSY", "someone works on it");
    const { approve } = desk([waiting("data"), waiting("network")], { network: busy });
    const { problems, skipped } = await approve("ben");
    expect([...problems]).toEqual([["network", busy]]);
    expect(skipped).toMatchObject([{ stack: "data", because: "network" }]);
  });

  test("applies nothing where a second person is needed, or where it was not asked", async () => {
    const two = waiting("network", { approvalsMissing: 2 });
    const { did, approve } = desk([two, waiting("data")]);
    const { runs, skipped } = await approve("ben");
    expect(did).toEqual(["decide network", "decide data"]);
    expect(runs.get("network")).toMatchObject({ state: "WAIT_FOR_APPROVE", approvalsMissing: 1 });
    expect(skipped).toEqual([{ stack: "data", reason: "waits", because: "network" }]);
    const later = desk([waiting("data")]);
    await later.approve("ben", { apply: false });
    expect(later.did).toEqual(["decide data"]);
  });

  test("goes on where an earlier try stopped half-way, and refuses a second approval of one person", async () => {
    const decided = { by: "Ben", verdict: "approve" as const, digest: SHA, at: "2026-11-21T09:00:00.000Z" };
    const half = desk([waiting("network", { decisions: [decided], approvalsMissing: 0 }), waiting("data")]);
    await half.approve("ben");
    expect(half.did).toEqual(["decide data", "apply network", "apply data"]);
    const again = desk([waiting("network", { decisions: [decided], approvalsMissing: 1 })]);
    await expect(again.approve("ben")).rejects.toMatchObject({ code: "APPROVAL_REFUSED" });
  });

  test("what the budget's brake holds is told, with what lifts it; the others are approved and applied", async () => {
    const held = waiting("network", { approvalRule: { type: "automatic" }, cost: BRAKED });
    const set = [held, waiting("data"), waiting("dns")];
    for (const apply of [true, false]) {
      const { approve, did } = desk(set);
      const { problems, runs, skipped } = await approve("ben", { apply });
      expect(skipped).toEqual(apply ? [{ stack: "data", reason: "waits", because: "network" }] : []);
      expect(did).toEqual(["decide data", "decide dns", ...(apply ? ["apply dns"] : [])]);
      expect(runs.get("network")).toMatchObject({ state: "WAIT_FOR_APPROVE" });
      expect([...problems.keys()]).toEqual(["network"]);
      const told = problems.get("network");
      expect(told?.code).toBe("BUDGET_BRAKE");
      for (const words of [held.id, "90 % of the budget", "grace", `groundplane lift-budget ${held.id}`])
        expect(told?.message).toContain(words);
    }
  });

  test("a held run that wants an approval too gets it, and waits for the brake", async () => {
    const { approve, did } = desk([waiting("network", { approvalsMissing: 2, cost: BRAKED })]);
    const { problems, runs } = await approve("ben");
    expect(did).toEqual(["decide network"]);
    expect([runs.get("network")?.approvalsMissing, problems.get("network")?.code]).toEqual([
      1,
      "BUDGET_BRAKE",
    ]);
  });

  test("a brake that was lifted holds nothing", async () => {
    const budgetLift = { by: "grace", reason: "until Friday", digest: SHA, at: "2026-11-21T09:00:00.000Z" };
    const lifted = desk([waiting("network", { cost: BRAKED, budgetLift })]);
    expect((await lifted.approve("ben")).problems.size).toBe(0);
    expect(lifted.did).toEqual(["decide network", "apply network"]);
  });

  test("fails when the brake holds all that is left, naming each run and what lifts it", async () => {
    const automatic = { approvalRule: { type: "automatic" }, cost: BRAKED } as const;
    const [network, dns] = [waiting("network", automatic), waiting("dns", automatic)];
    const { approve, did } = desk([network, dns]);
    await expect(approve("ben")).rejects.toMatchObject({
      code: "BUDGET_BRAKE",
      message: expect.stringMatching(new RegExp(`lift-budget ${network.id}.*lift-budget ${dns.id}`, "s")),
      facts: { runs: [network.id, dns.id] },
    });
    expect(did).toEqual([]);
  });

  test("fails when nothing waits, or when some deploy and some destroy", async () => {
    await expect(desk([]).approve("ben")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    const mixed = desk([waiting("network"), waiting("app", { operation: "destroy" })]);
    await expect(mixed.approve("ben")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(mixed.did).toEqual([]);
  });
});
