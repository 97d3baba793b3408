import {
  type Decision,
  decisionSchema,
  GroundplaneError,
  isGroundplaneError,
  type RunOutcome,
  type RunRecord,
  writesStateAlone,
} from "@groundplane/contracts";
import { checkDecision } from "../approval/approval-rule.ts";
import { requireWithinBudget } from "../cost/lift-brake.ts";
import { type HeldLease, holdLease } from "../lease/hold-lease.ts";
import type { LeaseBusy } from "../lease/lease-keeper.ts";
import { type ProjectLeases, stackLeaseKey } from "../lease/project-leases.ts";
import { clearDeadLocks } from "../lease/unlock.ts";
import { splitOutputs } from "../outputs/export-outputs.ts";
import { keepState } from "../recovery/state-backup.ts";
import { writeWantedState } from "../recovery/write-state.ts";
import { keepFor } from "../rollback/kept-by-run.ts";
import { storeKept } from "../rollback/return-point.ts";
import { rollBackAfter } from "../rollback/roll-back.ts";
import { endRollback, startRollback } from "../rollback/rollback-times.ts";
import { applyReviewed, recheckReview } from "./apply.ts";
import { exportFrom } from "./export.ts";
import { endOvertaken } from "./interrupted.ts";
import { currentState, type RunContext } from "./run-context.ts";
import { verify } from "./verify.ts";

/** What steps need beside the run's own context. */
export interface PipelinePorts {
  readonly leases: ProjectLeases;
  readonly leaseMs?: number | undefined;
  /** How long to queue for a stack that someone else changes. @default 0 */
  readonly waitMs?: number | undefined;
  readonly clock: () => Date;
}

const OUTCOME_OF_ERROR: Readonly<Partial<Record<string, RunOutcome>>> = {
  APPROVAL_VOID: "expired",
  BUDGET_BRAKE: "expired",
  STACK_BUSY: "cancelled",
};

/** Ends a run for an error, in the journal first. */
export function endWithError(run: RunContext["run"], error: unknown, signal: AbortSignal | undefined): void {
  if (run.record.state === "DONE") return;
  const code = isGroundplaneError(error) ? error.code : "ENGINE_FAILED";
  const message = error instanceof Error ? error.message : String(error);
  const cancelled = signal?.aborted === true;
  run.moveTo("DONE", {
    outcome: cancelled ? "cancelled" : (OUTCOME_OF_ERROR[code] ?? "failed"),
    reason: { code, message },
  });
}

function waitedFor({ timeline }: RunRecord, now: Date): number {
  const since = timeline.findLast(({ state }) => state === "WAIT_FOR_APPROVE")?.at;
  // A clock that was set back must not make a time that no schema takes.
  return since === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(since));
}

/**
 * Journals someone's decision on the review that stands.
 *
 * @throws {APPROVAL_REFUSED} when the rule does not take it.
 */
export function decide(run: RunContext["run"], decision: Omit<Decision, "digest" | "at">, now: Date): void {
  run.requireState("WAIT_FOR_APPROVE");
  const parsed = decisionSchema.safeParse({
    ...decision,
    digest: run.record.digest?.digest,
    at: now.toISOString(),
  });
  if (!parsed.success) {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      `the decision is not in order: ${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}.`,
      { facts: { by: decision.by } },
    );
  }
  checkDecision(run.record, parsed.data);
  run.append({ type: "decision.made", decision: parsed.data });
  run.emit("stack.approval.decided", {
    by: decision.by,
    verdict: decision.verdict,
    approvalsMissing: run.record.approvalsMissing,
    waitedMs: waitedFor(run.record, now),
  });
  if (decision.verdict === "reject") {
    run.moveTo("DONE", {
      outcome: "rejected",
      reason: {
        code: "REJECTED",
        message: `rejected by ${decision.by}${decision.comment === undefined ? "" : `: ${decision.comment}`}`,
      },
    });
  }
}

/** Ends a review whose time is over. True when it was. */
export function lapse(run: RunContext["run"], now: Date): boolean {
  const { expiresAt, state } = run.record;
  if (state !== "WAIT_FOR_APPROVE" || expiresAt === undefined || now.toISOString() < expiresAt) return false;
  run.moveTo("DONE", {
    outcome: "expired",
    reason: { code: "APPROVAL_VOID", message: `it was reviewed, and not approved and begun by ${expiresAt}` },
  });
  return true;
}

type Writer = Pick<RunContext, "project" | "stack" | "environment" | "run" | "signal">;

/** What someone is told who cannot change a stack now. */
export function stackBusy(
  { stack, environment }: Pick<RunContext, "stack" | "environment">,
  { holder, position }: LeaseBusy,
): GroundplaneError {
  const { host, pid } = holder.process;
  const queue = position > 1 ? `, and ${position - 1} more before you` : "";
  return new GroundplaneError(
    "STACK_BUSY",
    `stack "${stack.name}" in "${environment.name}" is being changed by ${holder.name} (process ${pid} on ${host}, since ${holder.since})${queue}. Wait for it with --wait 10m, or come back later; a review made before may be void by then.`,
    {
      facts: {
        stack: stack.name,
        environment: environment.name,
        holder: holder.name,
        host,
        pid,
        since: holder.since,
        position,
      },
    },
  );
}

/**
 * Works on a stack as its only writer, after waiting for it as long as told. Locks that a dead engine left in the
 * backend are cleared first.
 *
 * @throws {STACK_BUSY} naming who changes it now.
 * @throws {LEASE_UNAVAILABLE} when nobody can tell who does.
 */
export async function asOnlyWriter<Subject extends Writer, Result>(
  subject: Subject,
  { leases, leaseMs, waitMs }: PipelinePorts,
  work: (subject: Subject, held: HeldLease) => Promise<Result>,
): Promise<Result> {
  const { run, stack, environment } = subject;
  return holdLease(
    {
      leases: leases.stacks(environment),
      key: stackLeaseKey(stack.name, environment.name),
      name: run.id,
      ttlMs: leaseMs,
      waitMs,
      signal: subject.signal,
      busy: (busy) => stackBusy(subject, busy),
      onWaiting: ({ holder, position }) =>
        run.emit("stack.lease.waiting", {
          holder: {
            run: holder.name,
            host: holder.process.host,
            pid: holder.process.pid,
            since: holder.since,
          },
          position,
        }),
    },
    async (held) => {
      // What a killed engine left: nobody else writes now, and a living one's lock is not cleared.
      await clearDeadLocks(subject);
      endOvertaken(run);
      return work({ ...subject, signal: held.signal }, held);
    },
  );
}

/** From WAIT_FOR_APPROVE, with all approvals, to DONE: re-check, up, verify, export, under a lease. */
export function applyApproved(context: RunContext, ports: PipelinePorts): Promise<void> {
  return asOnlyWriter(context, ports, (writer, held) => applyUnder(writer, held, ports.clock));
}

/** The same under a lease that is held already. */
export async function applyUnder(context: RunContext, held: HeldLease, clock: () => Date): Promise<void> {
  const { run } = context;
  // Its time may have ended while it stood in the queue.
  if (lapse(run, clock())) return;
  if (writesStateAlone(run.record.operation)) return writeWantedState(context, held);
  requireWithinBudget(context);
  // Before the re-check, which then finds whether this is what was reviewed.
  const kept = run.record.operation === "destroy" ? undefined : await keepFor(context);
  const { digest, state } = await recheckReview(context);
  await held.check();
  if (kept !== undefined) storeKept(run, kept);
  keepState(run, "before", state);
  run.append({ type: "apply.started", fence: held.lease.fence, digest: digest.digest });
  run.moveTo("APPLYING");
  startRollback(run, clock);
  try {
    await applyReviewed(context, held);
    await finishApplied(context, held, clock);
  } catch (error) {
    if (!(await rollBackAfter(context, { error, held, clock }))) throw error;
  }
}

/** What follows when the engine is through: verify, keep the state that is known to be good, export, DONE. */
export async function finishApplied(context: RunContext, held: HeldLease, clock: () => Date): Promise<void> {
  const { run, stack } = context;
  await held.check();
  const state = await currentState(context);
  if (run.record.operation !== "destroy") await verify(context, splitOutputs(stack, state).values);
  await held.check();
  keepState(run, "after", state);
  exportFrom(context, clock(), state);
  endRollback(run, clock);
  run.moveTo("DONE", { outcome: run.record.operation === "rollback" ? "rolled-back" : "applied" });
}
