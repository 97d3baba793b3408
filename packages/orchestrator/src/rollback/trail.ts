import type { RunId, RunRecord } from "@groundplane/contracts";
import { EMPTY_STATE_DIGEST } from "../engine/stack-state.ts";

/** Something that stood: what one run applied, and the runs that found or left it so. */
export interface Place {
  /** Runs that kept its program, oldest first. */
  readonly points: readonly RunRecord[];
  /** No resources at all: before the first deployment, or after a destroy. */
  readonly empty: boolean;
}

/** What a stack stands at, and how it came there. */
export interface Trail {
  /** Oldest first; a way back leaves those out that it undid. The last is what stands, or stood before a failure. */
  readonly places: readonly Place[];
  /** The newest run after which it is not known what stands, as it failed half-way; undefined once another ended well. */
  readonly unsettled: RunRecord | undefined;
}

const EMPTY: Place = { points: [], empty: true };

const begun = (run: RunRecord): boolean => run.timeline.some(({ state }) => state === "APPLYING");

/** A run that others can return to: it ended well, with a program of its own that stands since then. */
export function isReturnPoint(run: RunRecord): boolean {
  const ended = run.operation === "rollback" ? "rolled-back" : "applied";
  return (
    (run.operation === "deploy" || run.operation === "rollback") &&
    (run.outcome === ended || run.outcome === "unchanged") &&
    run.artifacts["program"] !== undefined
  );
}

/** The run whose program stands after this one; undefined when that is not known. */
function landsOn(run: RunRecord): RunId | undefined {
  if (run.operation === "rollback") {
    return run.outcome === "rolled-back" || run.outcome === "unchanged" ? run.returnTo : undefined;
  }
  return run.outcome === "rolled-back" ? run.rollback?.to : undefined;
}

const withPoint = (place: Place, run: RunRecord): Place =>
  isReturnPoint(run) ? { ...place, points: [...place.points, run] } : place;

const holds = (place: Place, id: RunId): boolean => place.points.some((point) => point.id === id);

function back(
  places: readonly Place[],
  known: readonly Place[],
  to: RunId,
  run: RunRecord,
): readonly Place[] {
  const index = places.findLastIndex((place) => holds(place, to));
  const kept = index < 0 ? places : places.slice(0, index);
  const place = places[index] ??
    known.findLast((candidate) => holds(candidate, to)) ?? { points: [], empty: false };
  return [...kept, withPoint(place, run)];
}

function afterRun({ places, unsettled }: Trail, known: readonly Place[], run: RunRecord): Trail {
  const to = landsOn(run);
  if (to !== undefined) return { places: back(places, known, to, run), unsettled: undefined };
  const top = places.at(-1);
  if (run.operation === "deploy" && run.outcome === "unchanged") {
    const same = top !== undefined && !top.empty && unsettled === undefined;
    const place = withPoint(same ? top : { points: [], empty: false }, run);
    return { places: [...(same ? places.slice(0, -1) : places), place], unsettled: undefined };
  }
  if (!begun(run)) return { places, unsettled };
  const from =
    run.digest?.parts.state === EMPTY_STATE_DIGEST && top?.empty !== true ? [...places, EMPTY] : places;
  if (run.outcome !== "applied") return { places: from, unsettled: run };
  if (run.operation === "destroy") return { places: [...from, EMPTY], unsettled: undefined };
  if (run.operation !== "deploy") return { places: from, unsettled: run };
  return { places: [...from, withPoint({ points: [], empty: false }, run)], unsettled: undefined };
}

/**
 * Follows a stack through its runs.
 *
 * @param runs In the order in which they changed it.
 */
export function trailOf(runs: readonly RunRecord[]): Trail {
  let trail: Trail = { places: [], unsettled: undefined };
  const known: Place[] = [];
  for (const run of runs) {
    trail = afterRun(trail, known, run);
    const top = trail.places.at(-1);
    if (top !== undefined) known.push(top);
  }
  return trail;
}

/** Where a failure of the next deployment would go back to: what stands, or stood before the last failure. */
export function wayBackOf({ places }: Trail): Place | undefined {
  return places.at(-1);
}

/** Where a rollback goes that names no run: before what stands; after a failure, to what stood before it. */
export function placeBefore({ places, unsettled }: Trail): Place | undefined {
  return places.at(unsettled === undefined ? -2 : -1);
}
