import {
  blocks,
  type ErrorCode,
  GroundplaneError,
  hasChanges,
  isGroundplaneError,
} from "@groundplane/contracts";
import type { HeldLease } from "../lease/hold-lease.ts";
import { splitOutputs } from "../outputs/export-outputs.ts";
import { applyPlan } from "../pipeline/apply.ts";
import { exportFrom } from "../pipeline/export.ts";
import { preview } from "../pipeline/preview.ts";
import { closeRunContext, currentState, openRunContext, type RunContext } from "../pipeline/run-context.ts";
import { validate } from "../pipeline/validate.ts";
import { verify } from "../pipeline/verify.ts";
import { keepState } from "../recovery/state-backup.ts";
import { readReturnPoint } from "./return-point.ts";
import { endRollback, startRollback, watchRollback } from "./rollback-times.ts";

/** Up or verification failed: not a caller's wish, and nothing that was refused before. */
const GOES_BACK: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ENGINE_FAILED",
  "ENGINE_TIMEOUT",
  "VERIFICATION_FAILED",
  "OUTPUTS_INVALID",
]);

interface Failure {
  readonly error: unknown;
  readonly held: HeldLease;
  readonly clock: () => Date;
}

/** The same run, with the program and settings of the run that it goes back to. */
function openWayBack(failed: RunContext, to: string): Promise<RunContext> {
  const { project, stack, environment, engine, run, signal } = failed;
  const returnPoint = readReturnPoint(run.other(to));
  return openRunContext({ project, stack, environment, engine, run, signal, returnPoint });
}

/** The command with which a person goes the same way. */
export function rollbackCommand({ run }: RunContext, to: string): string {
  return `groundplane rollback ${run.record.environment} ${run.record.stack} --to ${to}`;
}

const asFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Plans the way back under the rules of any other change. Nobody is there to confirm a loss. */
async function planBack(
  context: RunContext,
  now: Date,
): Promise<{ plan: string; state: string } | undefined> {
  const { run, environment } = context;
  const state = await currentState(context);
  const planned = await preview(context, "update");
  run.storeArtifact("rollback-change-set", "rollback-change-set.json", asFile(planned.changeSet));
  const findings = await validate(context, planned, state, [], now.toISOString().slice(0, 10));
  run.storeArtifact("rollback-findings", "rollback-findings.json", asFile(findings));
  const blocking = findings.filter((finding) => blocks(finding, environment.strict));
  if (blocking.length > 0) {
    const said = blocking.map(({ rule, message }) => `${rule}: ${message}`).join("; ");
    throw new GroundplaneError("ROLLBACK_UNAVAILABLE", `it is blocked (${said})`);
  }
  if (!hasChanges(planned.changeSet) || planned.plan === undefined) return undefined;
  if ((await currentState(context)).digest !== state.digest) {
    throw new GroundplaneError("ROLLBACK_UNAVAILABLE", "someone else changed the state meanwhile");
  }
  run.storeArtifact("rollback-plan", "rollback-plan.json", planned.plan);
  run.storeArtifact("rollback-state-before", "rollback-state-before.json", state.text);
  return { plan: planned.plan, state: state.text };
}

/** What follows when the way back is applied, with the target's own checks. */
export async function finishWayBack(context: RunContext, held: HeldLease, clock: () => Date): Promise<void> {
  const { run, stack } = context;
  const state = await currentState(context);
  await verify(context, splitOutputs(stack, state).values);
  await held.check();
  keepState(run, "after", state);
  exportFrom(context, clock(), state);
  endRollback(run, clock);
  run.moveTo("DONE", { outcome: "rolled-back" });
}

async function goBack(failed: RunContext, to: string, { held, clock }: Failure): Promise<void> {
  const context = await openWayBack(failed, to);
  try {
    const planned = await planBack(context, clock());
    await held.check();
    startRollback(context.run, clock);
    if (planned !== undefined) await applyPlan(context, held, planned.plan);
    await finishWayBack(context, held, clock);
  } finally {
    await closeRunContext(context);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Goes back after a deployment failed, where the environment's rule says so and the review told where to: under the
 * same lease, with policies and data guard as ever.
 *
 * @returns false when the rule does not say so; then the failure stands as it is.
 */
export async function rollBackAfter(failed: RunContext, failure: Failure): Promise<boolean> {
  const { run, signal } = failed;
  const { error, clock } = failure;
  const { operation, onFailure } = run.record;
  if (operation !== "deploy" || onFailure?.rule !== "roll-back" || signal?.aborted === true) return false;
  if (!isGroundplaneError(error) || !GOES_BACK.has(error.code)) return false;
  const { code, message } = error;
  const { to } = onFailure;
  if (to === undefined) {
    const why = "the environment's rule is to roll back, and there was nothing to go back to";
    run.moveTo("DONE", {
      outcome: "failed",
      reason: { code, message: `${message}\nIt stops here: ${why}.` },
    });
    return true;
  }
  run.append({ type: "rollback.due", to, since: clock().toISOString() });
  run.moveTo("ROLLBACK", { reason: { code, message } });
  const stopWatching = watchRollback(run, clock);
  try {
    await goBack(failed, to, failure);
  } catch (problem) {
    const told = `${message}\nIt was to go back to run ${to}, and that did not come through: ${messageOf(problem)}\nLook at what stands ("groundplane status ${run.id}"), then go back with: ${rollbackCommand(failed, to)}`;
    run.moveTo("DONE", { outcome: "failed", reason: { code, message: told } });
  } finally {
    stopWatching();
  }
  return true;
}
