import type { JournalFact, RunRecord } from "@groundplane/contracts";

type Requested = Extract<JournalFact, { type: "run.requested" }>;

/** The first entry of a deployment's journal, changed as given. */
export function requestedRun(change: Partial<Requested> = {}): Requested {
  return {
    type: "run.requested",
    project: "shop",
    stack: "net",
    environment: "dev",
    operation: "deploy",
    sandbox: true,
    requester: "rita",
    approvalRule: { type: "automatic" },
    ...change,
  };
}

/** A deployment of dev/network by ada that was applied, changed as given. */
export function runRecord(change: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: "groundplane.dev/run/v1",
    id: "run-20261121-090000-abc123",
    project: "shop",
    stack: "network",
    environment: "dev",
    operation: "deploy",
    sandbox: true,
    state: "DONE",
    outcome: "applied",
    requester: "ada",
    createdAt: "2026-11-21T09:00:00.000Z",
    updatedAt: "2026-11-21T09:00:10.000Z",
    timeline: [{ state: "PENDING", at: "2026-11-21T09:00:00.000Z" }],
    counts: {},
    findings: [],
    approvalRule: { type: "automatic" },
    decisions: [],
    approvalsMissing: 0,
    confirmed: [],
    artifacts: {},
    ...change,
  };
}
