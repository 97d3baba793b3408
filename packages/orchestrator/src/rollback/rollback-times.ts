import { ROLLBACK_LIMITS_MS, type RollbackPhase, type RunRecord } from "@groundplane/contracts";
import type { JournaledRun } from "../pipeline/journaled-run.ts";

type Clock = () => Date;

function sinceDue({ rollback }: RunRecord, now: Date): number {
  return rollback === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(rollback.since));
}

/** Journals and tells that the engine begins to apply the way back. Nothing for a run that is none. */
export function startRollback(run: JournaledRun, clock: Clock): void {
  const { rollback } = run.record;
  if (rollback === undefined) return;
  run.append({ type: "rollback.began" });
  run.emit("stack.rollback.started", { to: rollback.to, tookMs: sinceDue(run.record, clock()) });
}

/** Journals and tells that the way back is through. Nothing for a run that is none. */
export function endRollback(run: JournaledRun, clock: Clock): void {
  const { rollback } = run.record;
  if (rollback === undefined) return;
  run.append({ type: "rollback.finished" });
  run.emit("stack.rollback.finished", { to: rollback.to, durationMs: sinceDue(run.record, clock()) });
}

const REACHED: Readonly<Record<RollbackPhase, (run: RunRecord) => boolean>> = {
  begin: ({ rollback }) => rollback?.beganAt !== undefined || rollback?.finishedAt !== undefined,
  finish: ({ rollback }) => rollback?.finishedAt !== undefined,
};

/**
 * Raises the alarm when a way back does not begin or finish in time, while it is still under way: at once when a
 * limit is over already, else by a timer.
 *
 * @param limits In milliseconds since it was due.
 * @returns stops watching.
 */
export function watchRollback(
  run: JournaledRun,
  clock: Clock,
  limits: Readonly<Record<RollbackPhase, number>> = ROLLBACK_LIMITS_MS,
): () => void {
  const { rollback } = run.record;
  if (rollback === undefined) return () => undefined;
  const look = (phase: RollbackPhase): void => {
    const { record } = run;
    const told = record.rollback?.late.some((late) => late.phase === phase);
    if (told === true || record.state === "DONE" || REACHED[phase](record)) return;
    const tookMs = sinceDue(record, clock());
    run.append({ type: "rollback.late", phase, tookMs });
    run.emit("stack.rollback.late", { to: rollback.to, phase, limitMs: limits[phase], tookMs });
  };
  const later = (phase: RollbackPhase): void => {
    try {
      look(phase);
    } catch (error) {
      // The alarm must not end the work that it watches: whoever wrote meanwhile watches too.
      process.emitWarning(error instanceof Error ? error : String(error), "GroundplaneRollbackWarning");
    }
  };
  const timers = (["begin", "finish"] as const).flatMap((phase) => {
    const left = limits[phase] - sinceDue(run.record, clock());
    if (left > 0) return [setTimeout(() => later(phase), left)];
    later(phase);
    return [];
  });
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}
