import {
  DIGEST_PARTS,
  type JournalEntry,
  type JournalFact,
  RUN_STATES,
  RUN_TRANSITIONS,
  type RunState,
  reviewDigestSchema,
  runRecordSchema,
} from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../test/code-of.ts";
import { requestedRun } from "../../../../test/run-record.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { foldRun } from "./run-record.ts";

const RUN = "run-20261121-050000-a1b2c3";
const hash = `sha256:${"a".repeat(64)}`;
const digest = reviewDigestSchema.parse({
  digest: hash,
  parts: Object.fromEntries(DIGEST_PARTS.map((part) => [part, hash])),
});

const requested = requestedRun({ approvalRule: { type: "other-person", expiresAfterMinutes: 60 } });
const moved = (from: RunState, to: RunState, more: object = {}): JournalFact => ({
  type: "run.moved",
  from,
  to,
  ...more,
});
const reviewed: JournalFact = {
  type: "review.recorded",
  counts: { create: 2 },
  findings: [],
  digest,
  confirmed: ["urn:a"],
};

/** Entries a second apart. */
function entriesOf(...facts: readonly JournalFact[]): readonly JournalEntry[] {
  let second = 0;
  const journal = new MemoryJournal(() => new Date(Date.UTC(2026, 10, 21, 5, 0, second++)));
  for (const [index, fact] of facts.entries()) journal.append(RUN, fact, index);
  return journal.entries(RUN);
}
const fold = (...facts: readonly JournalFact[]) => foldRun(RUN, entriesOf(...facts));

const toApproval: readonly JournalFact[] = [
  requested,
  moved("PENDING", "IN_PROGRESS"),
  moved("IN_PROGRESS", "VALIDATING"),
  reviewed,
  moved("VALIDATING", "READY_FOR_APPLY"),
  moved("READY_FOR_APPLY", "WAIT_FOR_APPROVE"),
];

describe("foldRun", () => {
  test("begins with the request", () => {
    expect(fold(requested)).toEqual({
      schema: "groundplane.dev/run/v1",
      id: RUN,
      project: "shop",
      stack: "net",
      environment: "dev",
      operation: "deploy",
      sandbox: true,
      state: "PENDING",
      requester: "rita",
      createdAt: "2026-11-21T05:00:00.000Z",
      updatedAt: "2026-11-21T05:00:00.000Z",
      timeline: [{ state: "PENDING", at: "2026-11-21T05:00:00.000Z" }],
      counts: {},
      findings: [],
      approvalRule: { type: "other-person", expiresAfterMinutes: 60 },
      decisions: [],
      approvalsMissing: 0,
      confirmed: [],
      artifacts: {},
    });
  });

  test("keeps what each fact says, and is a record of the contract", () => {
    const record = fold(
      ...toApproval,
      { type: "review.opened", expiresAt: "2026-11-22T05:00:00.000Z" },
      {
        type: "decision.made",
        decision: { by: "ann", verdict: "approve", digest: hash, at: "2026-11-21T06:00:00.000Z" },
      },
      moved("WAIT_FOR_APPROVE", "APPLYING"),
      { type: "apply.started", fence: 7, digest: hash },
      { type: "artifact.stored", name: "plan", artifact: { path: "plan.json", sha256: hash } },
      { type: "artifact.stored", name: "outputs", artifact: { path: "outputs.json", sha256: hash } },
      moved("APPLYING", "DONE", { outcome: "failed", reason: { code: "ENGINE_FAILED", message: "no" } }),
    );
    expect(record).toMatchObject({
      state: "DONE",
      outcome: "failed",
      reason: { code: "ENGINE_FAILED", message: "no" },
      counts: { create: 2 },
      digest,
      confirmed: ["urn:a"],
      expiresAt: "2026-11-22T05:00:00.000Z",
      decisions: [{ by: "ann" }],
      fence: 7,
      artifacts: { plan: { path: "plan.json" }, outputs: { path: "outputs.json" } },
      createdAt: "2026-11-21T05:00:00.000Z",
      updatedAt: "2026-11-21T05:00:12.000Z",
      approvalsMissing: 0,
    });
    expect(record.timeline.map(({ state, at }) => `${at.slice(17, 19)} ${state}`)).toEqual([
      "00 PENDING",
      "01 IN_PROGRESS",
      "02 VALIDATING",
      "04 READY_FOR_APPLY",
      "05 WAIT_FOR_APPROVE",
      "08 APPLYING",
      "12 DONE",
    ]);
    expect(runRecordSchema.parse(record)).toEqual(record);
  });

  test("counts missing approvals only while it waits for them", () => {
    expect(fold(...toApproval.slice(0, -1)).approvalsMissing).toBe(0);
    expect(fold(...toApproval).approvalsMissing).toBe(1);
    const own = { by: "rita", verdict: "approve" as const, digest: hash, at: "2026-11-21T06:00:00.000Z" };
    expect(fold(...toApproval, { type: "decision.made", decision: own }).approvalsMissing).toBe(1);
    expect(
      fold(...toApproval, { type: "decision.made", decision: { ...own, by: "ann" } }).approvalsMissing,
    ).toBe(0);
  });

  test("fails when there are no entries, or the first is no request", () => {
    expect(codeOf(() => foldRun(RUN, []))).toBe("RUN_NOT_FOUND");
    expect(codeOf(() => fold(reviewed))).toBe("JOURNAL_CORRUPT");
  });

  test("fails when a run would go where no run may", () => {
    for (const from of RUN_STATES) {
      for (const to of RUN_STATES.filter((state) => !RUN_TRANSITIONS[from].includes(state)))
        expect(
          codeOf(() => fold(...pathTo(from), moved(from, to))),
          `${from} to ${to}`,
        ).toBe("JOURNAL_CORRUPT");
    }
  });

  test("fails when a run leaves a state in which it is not", () => {
    expect(codeOf(() => fold(requested, moved("IN_PROGRESS", "VALIDATING")))).toBe("JOURNAL_CORRUPT");
    expect(codeOf(() => fold(requested, moved("WAIT_FOR_APPROVE", "APPLYING")))).toBe("JOURNAL_CORRUPT");
  });

  test("fails when a run is requested twice", () => {
    expect(codeOf(() => fold(requested, requested))).toBe("JOURNAL_CORRUPT");
  });

  test("ends any walk over the transitions in its last state", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 10 }), (choices) => {
        const states: RunState[] = ["PENDING"];
        const facts: JournalFact[] = [requested];
        for (const choice of choices) {
          const from = states.at(-1) ?? "PENDING";
          const to = RUN_TRANSITIONS[from][choice % Math.max(1, RUN_TRANSITIONS[from].length)];
          if (to === undefined) break;
          facts.push(moved(from, to));
          states.push(to);
        }
        const record = fold(...facts);
        expect(record.state).toBe(states.at(-1));
        expect(record.timeline.map(({ state }) => state)).toEqual(states);
      }),
    );
  });
});

/** The facts of a shortest way to a state. */
function pathTo(wanted: RunState): readonly JournalFact[] {
  const ways = new Map<RunState, readonly JournalFact[]>([["PENDING", [requested]]]);
  for (const [state, way] of ways)
    for (const next of RUN_TRANSITIONS[state])
      if (!ways.has(next)) ways.set(next, [...way, moved(state, next)]);
  return ways.get(wanted) ?? [];
}
