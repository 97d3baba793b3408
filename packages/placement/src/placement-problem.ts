import { GroundplaneError } from "@groundplane/contracts";

/** What is wrong, with what, and what to do about it. */
export interface PlacementProblem {
  /** A machine, a host, or the fleet. */
  readonly subject: string;
  readonly problem: string;
  readonly remedy: string;
}

/** Who is where: a host's name by that of its machine. */
export type Placement = Readonly<Record<string, string>>;

/** A placement to look names up in: an object has more names than were put into it, as `constructor`. */
export type PlacementMap = ReadonlyMap<string, string>;

export const placementMap = (placement: Placement): PlacementMap => new Map(Object.entries(placement));

/** Order by code units: the same on every machine, whatever its language. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** A record in the order of its keys. */
export function sortedRecord<Value>(
  entries: Iterable<readonly [string, Value]>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The error for a fleet that does not fit. */
export function noPlacement(problems: readonly PlacementProblem[]): GroundplaneError {
  const lines = problems.map(({ subject, problem, remedy }) => `${subject}: ${problem}. ${remedy}`);
  return new GroundplaneError("NO_PLACEMENT", lines.join(" "), {
    facts: { problems: problems.map((problem) => ({ ...problem })) },
  });
}
