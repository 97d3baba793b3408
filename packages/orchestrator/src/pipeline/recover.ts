import { type GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import type { StackState } from "../engine/stack-state.ts";
import type { HeldLease } from "../lease/hold-lease.ts";
import { previewShowsNothing } from "./apply.ts";
import { asOnlyWriter, finishApplied, type PipelinePorts } from "./deployment.ts";
import { currentState, type RunContext } from "./run-context.ts";

const INTERRUPTED = "INTERRUPTED";

function endInterrupted(context: RunContext, outcome: "cancelled" | "failed", message: string): void {
  context.run.moveTo("DONE", { outcome, reason: { code: INTERRUPTED, message } });
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

async function recoverApplying(context: RunContext, held: HeldLease, ports: PipelinePorts): Promise<void> {
  const { run } = context;
  const state = await currentState(context);
  if (state.pendingOperations.length > 0) {
    const operations = state.pendingOperations.map(({ type, urn }) => `${type} ${urn}`).join(", ");
    endInterrupted(
      context,
      "failed",
      `its process ended during up, and the engine never told how this went: ${operations}. Look whether it is there. If it is, import it; if not, clear the mark with \`pulumi refresh --clear-pending-creates\`. Then deploy again.`,
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
  endInterrupted(
    context,
    "cancelled",
    `its process ended while the run was ${state}; nothing was changed, deploy again.`,
  );
}
