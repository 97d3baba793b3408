import {
  brakeHolds,
  GroundplaneError,
  type JournalEntry,
  type JournalFact,
  type RollbackRecord,
  RUN_TRANSITIONS,
  type RunId,
  type RunRecord,
} from "@groundplane/contracts";
import { approvalsMissing } from "../approval/approval-rule.ts";

type Draft = { -readonly [Key in keyof RunRecord]: RunRecord[Key] };

function begin(entry: JournalEntry, fact: Extract<JournalFact, { type: "run.requested" }>): Draft {
  return {
    schema: "groundplane.dev/run/v1",
    id: entry.run,
    project: fact.project,
    stack: fact.stack,
    environment: fact.environment,
    operation: fact.operation,
    sandbox: fact.sandbox,
    ...(fact.refresh === undefined ? {} : { refresh: fact.refresh }),
    ...(fact.returnTo === undefined ? {} : { returnTo: fact.returnTo }),
    ...(fact.restoreFrom === undefined ? {} : { restoreFrom: fact.restoreFrom }),
    ...(fact.settlement === undefined ? {} : { settlement: fact.settlement }),
    state: "PENDING",
    requester: fact.requester,
    createdAt: entry.at,
    updatedAt: entry.at,
    timeline: [{ state: "PENDING", at: entry.at }],
    counts: {},
    findings: [],
    approvalRule: fact.approvalRule,
    decisions: [],
    approvalsMissing: 0,
    confirmed: [],
    artifacts: {},
  };
}

function move(draft: Draft, at: string, fact: Extract<JournalFact, { type: "run.moved" }>): void {
  if (draft.state !== fact.from || !RUN_TRANSITIONS[fact.from].includes(fact.to)) {
    throw new GroundplaneError(
      "JOURNAL_CORRUPT",
      `run ${draft.id} cannot go from ${draft.state} to ${fact.to}: its entries do not tell a possible story.`,
      { facts: { run: draft.id, from: draft.state, to: fact.to } },
    );
  }
  draft.state = fact.to;
  draft.timeline = [...draft.timeline, { state: fact.to, at }];
  if (fact.outcome !== undefined) draft.outcome = fact.outcome;
  if (fact.reason !== undefined) draft.reason = fact.reason;
}

type RollbackFact = Extract<JournalFact, { type: `rollback.${string}` }>;

function rollbackAfter({ id, rollback }: Draft, at: string, fact: RollbackFact): RollbackRecord {
  if (fact.type === "rollback.due") {
    const { to, since, failedRun } = fact;
    return { to, since, ...(failedRun === undefined ? {} : { failedRun }), late: [] };
  }
  if (rollback === undefined) {
    throw new GroundplaneError(
      "JOURNAL_CORRUPT",
      `run ${id} has a ${fact.type} and no way back: its entries do not tell a possible story.`,
      { facts: { run: id } },
    );
  }
  switch (fact.type) {
    case "rollback.began":
      return { ...rollback, beganAt: at };
    case "rollback.finished":
      return { ...rollback, finishedAt: at };
    case "rollback.late":
      return { ...rollback, late: [...rollback.late, { phase: fact.phase, at, tookMs: fact.tookMs }] };
  }
}

function apply(draft: Draft, entry: JournalEntry): void {
  const { fact } = entry;
  switch (fact.type) {
    case "run.requested":
      throw new GroundplaneError(
        "JOURNAL_CORRUPT",
        `run ${draft.id} was requested twice: its entries do not tell a possible story.`,
        { facts: { run: draft.id, sequence: entry.sequence } },
      );
    case "run.moved":
      move(draft, entry.at, fact);
      break;
    case "review.recorded":
      draft.counts = fact.counts;
      draft.findings = fact.findings;
      draft.confirmed = fact.confirmed;
      if (fact.digest !== undefined) draft.digest = fact.digest;
      if (fact.upstreams !== undefined) draft.upstreams = fact.upstreams;
      if (fact.assumes !== undefined) draft.assumes = fact.assumes;
      if (fact.onFailure !== undefined) draft.onFailure = fact.onFailure;
      if (fact.cost !== undefined) draft.cost = fact.cost;
      break;
    case "review.opened":
      draft.expiresAt = fact.expiresAt;
      break;
    case "decision.made":
      draft.decisions = [...draft.decisions, fact.decision];
      break;
    case "budget.lifted":
      draft.budgetLift = fact.lift;
      break;
    case "apply.started":
      draft.fence = fact.fence;
      break;
    case "rollback.due":
    case "rollback.began":
    case "rollback.late":
    case "rollback.finished":
      draft.rollback = rollbackAfter(draft, entry.at, fact);
      break;
    case "artifact.stored":
      draft.artifacts = { ...draft.artifacts, [fact.name]: fact.artifact };
      break;
  }
}

/**
 * A run, told by its entries.
 *
 * @throws {RUN_NOT_FOUND} when there are none.
 * @throws {JOURNAL_CORRUPT} when they do not tell a possible story.
 */
export function foldRun(run: RunId, entries: readonly JournalEntry[]): RunRecord {
  const [first, ...rest] = entries;
  if (first === undefined) {
    throw new GroundplaneError(
      "RUN_NOT_FOUND",
      `there is no run ${run}: "groundplane status" lists the runs.`,
      {
        facts: { run },
      },
    );
  }
  if (first.fact.type !== "run.requested") {
    throw new GroundplaneError(
      "JOURNAL_CORRUPT",
      `run ${run} begins with ${first.fact.type}, not with its request: its entries do not tell a possible story.`,
      { facts: { run, sequence: first.sequence } },
    );
  }
  const draft = begin(first, first.fact);
  for (const entry of rest) apply(draft, entry);
  draft.updatedAt = entries.at(-1)?.at ?? first.at;
  const brake = brakeHolds(draft) ? 1 : 0;
  draft.approvalsMissing = draft.state === "WAIT_FOR_APPROVE" ? approvalsMissing(draft) + brake : 0;
  return draft;
}
