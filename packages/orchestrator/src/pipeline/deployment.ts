import {
  type Decision,
  decisionSchema,
  GroundplaneError,
  isGroundplaneError,
  type RunOutcome,
  type RunRecord,
} from "@groundplane/contracts";
import { checkDecision } from "../approval/approval-rule.ts";
import type { StackState } from "../engine/stack-state.ts";
import { holdLease } from "../lease/hold-lease.ts";
import type { LeaseKeeper } from "../lease/lease.ts";
import { exportOutputs, outputFiles, splitOutputs } from "../outputs/export-outputs.ts";
import { keepState } from "../recovery/state-backup.ts";
import { applyReviewed, recheckReview } from "./apply.ts";
import { currentState, type RunContext } from "./run-context.ts";
import { verify } from "./verify.ts";

/** What steps need beside the run's own context. */
export interface PipelinePorts {
  readonly leases: LeaseKeeper;
  readonly leaseMs?: number | undefined;
  readonly clock: () => Date;
}

const OUTCOME_OF_ERROR: Readonly<Partial<Record<string, RunOutcome>>> = { APPROVAL_VOID: "expired" };

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

/** Writes the stack's outputs for whoever comes downstream. */
export function exportFrom(context: RunContext, now: Date, state: StackState): void {
  const { run, project, stack, environment } = context;
  const startedAt = performance.now();
  const files = outputFiles(project.dataFolder, environment.name, stack.name);
  const { outputs, changed } = exportOutputs({
    project: project.definition.name,
    stack,
    environment: environment.name,
    sandbox: environment.cloud !== "real",
    run: run.id,
    now,
    state,
    files,
  });
  run.storeArtifact("outputs", "outputs.json", `${JSON.stringify(outputs, null, 2)}\n`);
  run.emit("stack.outputs.exported", {
    version: outputs.version,
    changed,
    files: [files.json, files.dotenv, files.types],
    durationMs: performance.now() - startedAt,
  });
}

/** What a stack is leased under, whoever changes it. */
export function stackLeaseKey({
  project,
  stack,
  environment,
}: Pick<RunContext, "project" | "stack" | "environment">): string {
  return `${project.definition.name}/${stack.name}/${environment.name}`;
}

/**
 * Works on a stack as its only writer.
 *
 * @throws {STACK_BUSY} naming who changes it now.
 */
export async function asOnlyWriter(
  context: RunContext,
  ports: PipelinePorts,
  work: (context: RunContext, fence: number) => Promise<void>,
): Promise<void> {
  const key = stackLeaseKey(context);
  const { run, stack, environment } = context;
  const done = await holdLease(
    { leases: ports.leases, key, holder: run.id, ttlMs: ports.leaseMs, signal: context.signal },
    async ({ lease, signal }) => {
      await work({ ...context, signal }, lease.fence);
      return true;
    },
  );
  if (done === true) return;
  throw new GroundplaneError(
    "STACK_BUSY",
    `stack "${stack.name}" in "${environment.name}" is being changed by ${ports.leases.holder(key) ?? "another run"}. Come back when that one is done; a review made before may be void by then.`,
    { facts: { stack: stack.name, environment: environment.name } },
  );
}

/** From WAIT_FOR_APPROVE, with all approvals, to DONE: re-check, up, verify, export, under a lease. */
export function applyApproved(context: RunContext, ports: PipelinePorts): Promise<void> {
  return asOnlyWriter(context, ports, async (held, fence) => {
    const { run } = held;
    const { digest, state } = await recheckReview(held);
    keepState(run, "before", state);
    run.append({ type: "apply.started", fence, digest: digest.digest });
    run.moveTo("APPLYING");
    await applyReviewed(held, fence);
    await finishApplied(held, ports.clock);
  });
}

/** What follows when the engine is through: verify, keep the state that is known to be good, export, DONE. */
export async function finishApplied(context: RunContext, clock: () => Date): Promise<void> {
  const { run, stack } = context;
  const state = await currentState(context);
  if (run.record.operation !== "destroy") await verify(context, splitOutputs(stack, state).values);
  keepState(run, "after", state);
  exportFrom(context, clock(), state);
  run.moveTo("DONE", { outcome: "applied" });
}
