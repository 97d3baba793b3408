import type { RunOutcome, RunRecord } from "@groundplane/contracts";
import type { JournaledRun } from "../pipeline/journaled-run.ts";
import { gone, missingOf, unavailable } from "./return-point.ts";
import { isReturnPoint, placeBefore, type Trail, trailOf } from "./trail.ts";

/** A run that a stack can be returned to. */
export interface ReturnPointSummary {
  readonly run: string;
  readonly operation: RunRecord["operation"];
  readonly outcome: RunOutcome;
  /** When it ended. */
  readonly at: string;
  readonly requester: string;
  readonly counts: RunRecord["counts"];
  /** What it kept and does not have any more, or not as it was journaled; empty when it is intact. */
  readonly missing: readonly string[];
  /** What it applied stands now. */
  readonly stands: boolean;
  /** A rollback that names no run goes here. */
  readonly next: boolean;
}

/** Newest first. */
export function returnPointsOf(runs: readonly JournaledRun[]): readonly ReturnPointSummary[] {
  const trail = trailOf(runs.map(({ record }) => record));
  const standing = trail.unsettled === undefined ? trail.places.at(-1) : undefined;
  const next = placeBefore(trail)?.points.findLast(({ id }) =>
    runs.some((run) => run.id === id && gone(run) === undefined),
  )?.id;
  return runs
    .filter(({ record }) => isReturnPoint(record))
    .map((run) => {
      const { id, operation, outcome, updatedAt, requester, counts } = run.record;
      return {
        run: id,
        operation,
        outcome: outcome ?? "applied",
        at: updatedAt,
        requester,
        counts,
        missing: missingOf(run),
        stands: standing?.points.some((point) => point.id === id) ?? false,
        next: id === next,
      };
    })
    .toReversed();
}

export interface RollbackTarget {
  readonly to: string;
  /** The run whose failure is undone, and when it failed. */
  readonly failed: { readonly run: string; readonly at: string } | undefined;
}

function failureOf(run: RunRecord | undefined): RollbackTarget["failed"] {
  if (run === undefined || run.outcome === "applied") return undefined;
  const began = run.rollback?.since ?? run.timeline.at(-1)?.at ?? run.updatedAt;
  return { run: run.id, at: began };
}

function placeOf(trail: Trail): string | readonly RunRecord[] {
  const place = placeBefore(trail);
  if (place === undefined) return "nothing was deployed before what stands";
  if (place.empty) return "before, there was nothing: `groundplane destroy` takes away what stands";
  return place.points.length > 0
    ? place.points
    : "what stood before was deployed by a run that kept no program, or not by Groundplane";
}

function whyNoPoint(run: RunRecord | undefined): string | undefined {
  if (run === undefined) return "no run of that id deployed this stack";
  if (isReturnPoint(run)) return undefined;
  if (run.rollback !== undefined && run.outcome === "rolled-back") {
    return `it was itself rolled back to run ${run.rollback.to}`;
  }
  return `it is a ${run.operation} that ended ${run.outcome ?? run.state}, and kept nothing to return to`;
}

/**
 * The run that a rollback goes back to.
 *
 * @param to A run's id. @default what stood before; after a failure, what stood before that
 * @throws {ROLLBACK_UNAVAILABLE} when there is none, or it is not there any more as it was.
 */
export function rollbackTarget(
  subject: Pick<RunRecord, "stack" | "environment">,
  runs: readonly JournaledRun[],
  to: string | undefined,
): RollbackTarget {
  const trail = trailOf(runs.map(({ record }) => record));
  const failed = failureOf(trail.unsettled);
  if (to !== undefined) {
    const run = runs.find(({ id }) => id === to);
    const why = whyNoPoint(run?.record) ?? gone(run);
    if (why !== undefined) throw unavailable(subject, to, why);
    return { to, failed };
  }
  const points = placeOf(trail);
  if (typeof points === "string") throw unavailable(subject, undefined, points);
  const candidates = runs.filter(({ id }) => points.some((point) => point.id === id));
  const intact = candidates.findLast((run) => gone(run) === undefined);
  if (intact === undefined) {
    const newest = candidates.at(-1);
    throw unavailable(subject, newest?.id, gone(newest) ?? "it is gone");
  }
  return { to: intact.id, failed };
}
