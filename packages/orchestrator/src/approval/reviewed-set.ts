import { GroundplaneError, type RunRecord, type Sha256 } from "@groundplane/contracts";
import { sha256Of } from "../journal/entry-hash.ts";

/** What waits for approval in an environment: the newest reviewed run of each stack. */
export interface ReviewedSet {
  readonly environment: string;
  /** Over the runs' ids and digests: a decision on the whole set is bound to it. */
  readonly digest: Sha256;
  /** By the name of the stack. */
  readonly runs: readonly RunRecord[];
}

/** Whether a run waited for approval at a moment, as its own record tells it. */
function waitedAt({ timeline, expiresAt }: RunRecord, at: string): boolean {
  const last = timeline.findLast((step) => step.at <= at);
  return last?.state === "WAIT_FOR_APPROVE" && (expiresAt === undefined || at < expiresAt);
}

const newerFirst = (a: RunRecord, b: RunRecord): number =>
  a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1;

/** What waited for approval at a moment. */
export function reviewedSetAt(environment: string, runs: readonly RunRecord[], at: string): ReviewedSet {
  const waiting = runs.filter((run) => run.environment === environment && waitedAt(run, at)).sort(newerFirst);
  const newest = [...new Map(waiting.toReversed().map((run) => [run.stack, run])).values()];
  const found = newest.sort((a, b) => (a.stack < b.stack ? -1 : 1));
  const parts = found.map(({ id, stack, digest }) => ({ run: id, stack, digest: digest?.digest ?? "none" }));
  return { environment, digest: sha256Of({ environment, runs: parts }), runs: found };
}

/** The set that someone looked at, found by its digest among those that there were; undefined for none of them. */
function setOf(environment: string, runs: readonly RunRecord[], digest: string, now: string) {
  const moments = runs.flatMap(({ timeline, expiresAt }) => [
    ...timeline.map(({ at }) => at),
    ...(expiresAt === undefined ? [] : [expiresAt]),
  ]);
  const past = [...new Set(moments)].filter((at) => at <= now).sort();
  return past
    .toReversed()
    .map((at) => reviewedSetAt(environment, runs, at))
    .find((set) => set.digest === digest);
}

function standing(run: RunRecord | undefined, now: string): string {
  if (run === undefined) return "is gone";
  if (run.state === "WAIT_FOR_APPROVE") {
    return run.expiresAt !== undefined && run.expiresAt <= now ? "has lapsed" : "was replaced by a newer one";
  }
  return `is ${run.outcome ?? run.state}`;
}

/**
 * The set that stands, if it is the one that was looked at.
 *
 * @throws {APPROVAL_VOID} naming what moved: runs that came, lapsed, were decided or replaced.
 */
export function requireLookedAt(
  environment: string,
  runs: readonly RunRecord[],
  digest: string,
  now: string,
): ReviewedSet {
  const stands = reviewedSetAt(environment, runs, now);
  if (stands.digest === digest) return stands;
  const before = setOf(environment, runs, digest, now);
  const idsOf = (set: ReviewedSet): ReadonlySet<string> => new Set(set.runs.map(({ id }) => id));
  const moved =
    before === undefined
      ? []
      : [
          ...stands.runs
            .filter(({ id }) => !idsOf(before).has(id))
            .map(({ stack, id }) => `${stack} (${id}) was not in it`),
          ...before.runs
            .filter(({ id }) => !idsOf(stands).has(id))
            .map(
              ({ stack, id }) =>
                `${stack} (${id}) ${standing(
                  runs.find((run) => run.id === id),
                  now,
                )}`,
            ),
        ];
  throw new GroundplaneError(
    "APPROVAL_VOID",
    `what waits for approval in "${environment}" is not the set with the digest ${digest}: ${moved.join("; ") || "there was none with it"}. Nothing was approved; look at the set that stands, ${stands.digest}.`,
    { facts: { environment, digest, stands: stands.digest, moved } },
  );
}
