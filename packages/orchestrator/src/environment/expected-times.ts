import type { RunOperation, RunRecord, RunState } from "@groundplane/contracts";

/** In these, people are waited for and nothing is worked on. */
const IDLE: ReadonlySet<RunState> = new Set(["WAIT_FOR_APPROVE", "BLOCKED", "DONE"]);

/** Milliseconds that were worked on a run: the time in its states, without those in which it waited. */
export function workedMs({ timeline }: Pick<RunRecord, "timeline">): number {
  return timeline.reduce((sum, { state, at }, index) => {
    const next = timeline[index + 1];
    return next === undefined || IDLE.has(state) ? sum : sum + Date.parse(next.at) - Date.parse(at);
  }, 0);
}

/** Which runs of the past say how long one will take: an unchanged deploy took no longer than a preview. */
function tells(run: RunRecord, operation: RunOperation): boolean {
  if (run.state !== "DONE" || run.operation !== operation) return false;
  return operation === "preview" ? run.reason?.code === "PREVIEW_ONLY" : run.outcome === "applied";
}

/**
 * How long each stack is expected to take, in milliseconds: as its last such run did. One that has none counts as
 * the mean of the others, and where nothing is known all count the same.
 */
export function expectedTimes(
  stacks: readonly string[],
  operation: RunOperation,
  runsOf: (stack: string) => readonly RunRecord[],
): (stack: string) => number {
  const known = new Map(
    stacks.flatMap((stack) => {
      const last = runsOf(stack).find((run) => tells(run, operation));
      return last === undefined ? [] : [[stack, Math.max(1, workedMs(last))]];
    }),
  );
  const mean = [...known.values()].reduce((sum, ms) => sum + ms, 0) / Math.max(1, known.size) || 1;
  return (stack) => known.get(stack) ?? mean;
}
