import { type GroundplaneError, isGroundplaneError, writesStateAlone } from "@groundplane/contracts";
import type { StackState } from "../engine/stack-state.ts";
import type { HeldLease } from "../lease/hold-lease.ts";
import { pendingAdvice } from "../recovery/pending-report.ts";
import { recoverStateWrite } from "../recovery/write-state.ts";
import { finishWayBack, rollbackCommand } from "../rollback/roll-back.ts";
import { previewShowsNothing } from "./apply.ts";
import { asOnlyWriter, finishApplied, type PipelinePorts } from "./deployment.ts";
import { currentState, type RunContext } from "./run-context.ts";

const INTERRUPTED = "INTERRUPTED";

function endInterrupted(context: RunContext, outcome: "cancelled" | "failed", message: string): void {
  context.run.moveTo("DONE", { outcome, reason: { code: INTERRUPTED, message } });
}

function subjectOf({ stack, environment }: RunContext) {
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
    context,
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
      context,
      "failed",
      `its process ended during up, and ${pendingAdvice(state.pendingOperations, subjectOf(context))}`,
    );
    return;
  }
  if (state.digest === run.record.digest?.parts.state) {
    endInterrupted(context, "failed", "its process ended before the engine changed anything; deploy again.");
    return;
  }
  if (await isComplete(context, state)) {
    await finishApplied(context, held, ports.clock);
    return;
  }
  endInterrupted(
    context,
    "failed",
    "its process ended half-way through up; the state tells what was made, and the next deploy shows the rest for review.",
  );
}

/**
 * Finds out where a run stands whose process is gone, from the journal, the state and the engine: goes on where
 * nothing is left to decide, and says what a person must do where something is. Nothing is applied.
 *
 * @throws {STACK_BUSY} while someone alive works on the stack.
 */
export async function recover(context: RunContext, ports: PipelinePorts): Promise<void> {
  const { state } = context.run.record;
  if (state === "APPLYING") {
    await asOnlyWriter(context, ports, (writer, held) => recoverApplying(writer, held, ports));
    return;
  }
  if (state === "ROLLBACK") {
    await asOnlyWriter(context, ports, (writer, held) => recoverRollback(writer, held, ports));
    return;
  }
  endInterrupted(
    context,
    "cancelled",
    `its process ended while the run was ${state}; nothing was changed, deploy again.`,
  );
}
