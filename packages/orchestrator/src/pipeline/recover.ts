import { type GroundplaneError, isGroundplaneError, writesStateAlone } from "@groundplane/contracts";
import type { StackState } from "../engine/stack-state.ts";
import type { HeldLease } from "../lease/hold-lease.ts";
import { pendingAdvice } from "../recovery/pending-report.ts";
import { recoverStateWrite } from "../recovery/write-state.ts";
import { finishWayBack, rollbackCommand } from "../rollback/roll-back.ts";
import { previewShowsNothing } from "./apply.ts";
import { asOnlyWriter, finishApplied, type PipelinePorts } from "./deployment.ts";
import { endInterrupted, INTERRUPTED } from "./interrupted.ts";
import { currentState, type RunContext } from "./run-context.ts";
import type { RunOpening } from "./run-desk.ts";

function subjectOf({ stack, environment }: Pick<RunContext, "stack" | "environment">) {
  return { stack: stack.name, environment: environment.name };
}

function isVerification(error: unknown): error is GroundplaneError {
  return isGroundplaneError(error) && error.code === "VERIFICATION_FAILED";
}

/** Whether everything that was approved is there. */
async function isComplete(context: RunContext, state: StackState): Promise<boolean> {
  if (context.run.record.operation === "destroy") return state.resources.length === 0;
  try {
    await previewShowsNothing(context);
    return true;
  } catch (error) {
    if (isVerification(error)) return false;
    throw error;
  }
}

/** A way back whose process ended is finished when it is all there, and left to a person when it is not. */
async function recoverRollback(context: RunContext, held: HeldLease, ports: PipelinePorts): Promise<void> {
  const { run } = context;
  const { reason, rollback } = run.record;
  const state = await currentState(context);
  const pending = state.pendingOperations.length > 0;
  if (!pending && (await isComplete(context, state))) {
    await finishWayBack(context, held, ports.clock);
    return;
  }
  const to = rollback?.to ?? "";
  const why = pending
    ? pendingAdvice(state.pendingOperations, subjectOf(context))
    : "the state tells how far it came.";
  const message = `${reason?.message ?? ""}\nIts process ended on the way back to run ${to}: ${why} Go back with: ${rollbackCommand(context, to)}`;
  run.moveTo("DONE", { outcome: "failed", reason: { code: reason?.code ?? INTERRUPTED, message } });
}

async function recoverState(context: RunContext): Promise<void> {
  const found = await recoverStateWrite(context);
  if (found === "written") return;
  endInterrupted(
    context.run,
    "failed",
    found === "untouched"
      ? "its process ended before the state was written; nothing was changed, ask again."
      : "its process ended while it wrote the state, and what stands now is neither the state before nor the one that was wanted: someone else wrote it meanwhile. What stood before is in the run's folder.",
  );
}

async function recoverApplying(context: RunContext, held: HeldLease, ports: PipelinePorts): Promise<void> {
  const { run } = context;
  if (writesStateAlone(run.record.operation)) return recoverState(context);
  const state = await currentState(context);
  if (state.pendingOperations.length > 0) {
    endInterrupted(
      context.run,
      "failed",
      `its process ended during up, and ${pendingAdvice(state.pendingOperations, subjectOf(context))}`,
    );
    return;
  }
  if (state.digest === run.record.digest?.parts.state) {
    endInterrupted(
      context.run,
      "failed",
      "its process ended before the engine changed anything; deploy again.",
    );
    return;
  }
  if (await isComplete(context, state)) {
    await finishApplied(context, held, ports.clock);
    return;
  }
  endInterrupted(
    context.run,
    "failed",
    "its process ended half-way through up; the state tells what was made, and the next deploy shows the rest for review.",
  );
}

/** Undefined when the state is no state any more: then the run is at its end, and a person has to look. */
async function openedAfterUp(opening: RunOpening): Promise<RunContext | undefined> {
  try {
    return await opening.open(opening.signal);
  } catch (error) {
    if (!isGroundplaneError(error) || error.code !== "STATE_CORRUPT") throw error;
    const { stack, environment } = subjectOf(opening);
    endInterrupted(
      opening.run,
      "failed",
      `its process ended during up, and what stands in the backend is no state any more: what up made may be in the cloud, and no state says so. "groundplane restore ${environment} ${stack} --list" shows the states that are kept; "groundplane status ${opening.run.id}" and the engine-log in the run's folder tell what was made since.`,
    );
    return undefined;
  }
}

/**
 * Finds out where a run stands whose process is gone, from the journal, the state and the engine: goes on where
 * nothing is left to decide, and says what a person must do where something is. Nothing is applied.
 *
 * @throws {STACK_BUSY} while someone alive works on the stack.
 * @throws {STATE_UNREADABLE} while the backend does not answer: the run stays where it is.
 */
export async function recover(opening: RunOpening, ports: PipelinePorts): Promise<void> {
  const { state } = opening.run.record;
  if (state === "APPLYING" || state === "ROLLBACK") {
    const context = await openedAfterUp(opening);
    if (context === undefined) return;
    const recoverIt = state === "APPLYING" ? recoverApplying : recoverRollback;
    await asOnlyWriter(context, ports, (writer, held) => recoverIt(writer, held, ports));
    return;
  }
  // Nothing had begun: neither the engine nor the state is asked.
  endInterrupted(
    opening.run,
    "cancelled",
    `its process ended while the run was ${state}; nothing was changed, deploy again.`,
  );
}
