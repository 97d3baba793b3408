import type { JournaledRun } from "./journaled-run.ts";

/** Why a run ended whose process did not end it. */
export const INTERRUPTED = "INTERRUPTED";

/** Of a stack's runs those that may be under way: every command looks, and a long history is not gone through for it. */
export const NEWEST_RUNS = 100;

/** Ends a run whose process is gone. */
export function endInterrupted(run: JournaledRun, outcome: "cancelled" | "failed", message: string): void {
  run.moveTo("DONE", { outcome, reason: { code: INTERRUPTED, message } });
}

/**
 * Ends the runs that were changing the stack and have lost it to this one, which holds its lease: left as they are, somebody
 * would find out later how far they came, and take what stands then for theirs.
 */
export function endOvertaken(run: JournaledRun): void {
  for (const other of run.ofSameStack(NEWEST_RUNS)) {
    const { state } = other.record;
    if (other.id === run.id || (state !== "APPLYING" && state !== "ROLLBACK")) continue;
    endInterrupted(
      other,
      "failed",
      `its process fell silent while it changed the stack, and run ${run.id} took over before it was found out how far it came; what it made is in the state, and that run was reviewed on it.`,
    );
  }
}
