import {
  brakeHolds,
  type Decision,
  decisionsMissing,
  GroundplaneError,
  isGroundplaneError,
  type RunRecord,
} from "@groundplane/contracts";
import { heldByBrake } from "../cost/lift-brake.ts";
import { verdictOf } from "../environment/run-environment.ts";
import { runGraph, type Skipped, type Verdict } from "../environment/run-graph.ts";
import { reversed, type StackGraph, selectStacks } from "../environment/stack-graph.ts";
import { checkDecision, personOf } from "./approval-rule.ts";
import type { ReviewedSet } from "./reviewed-set.ts";

export interface EnvironmentApprovalRequest {
  readonly environment: string;
  readonly by: string;
  /** Digest of the set that was looked at. */
  readonly digest: string;
  readonly comment?: string;
  /** Apply each run as soon as its rule is met, in dependency order. @default true */
  readonly apply?: boolean;
  /** Stacks worked on at once. @minimum 1 @default 4 */
  readonly concurrency?: number;
  /** How many milliseconds each run queues for its stack while someone else changes it. @default 0 */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** A review that no longer counts, as an upstream of the same set hands on something else now. */
export interface VoidReview {
  readonly stack: string;
  readonly run: string;
  /** Stacks whose outputs moved. */
  readonly because: readonly string[];
}

export interface EnvironmentApproval {
  readonly digest: string;
  /** Each run of the set as it stands now. */
  readonly runs: ReadonlyMap<string, RunRecord>;
  /** Approved and not begun, and why. */
  readonly skipped: readonly Skipped[];
  readonly voided: readonly VoidReview[];
  /** Runs that could not be begun: someone else has them, or their stack, or the budget's brake holds them. They still wait. */
  readonly problems: ReadonlyMap<string, GroundplaneError>;
}

export interface ApproveSetPorts {
  readonly decide: (run: RunRecord) => void;
  /** Applies a run whose approvals are complete. */
  readonly apply: (run: RunRecord) => Promise<RunRecord>;
  readonly runOf: (id: string) => RunRecord;
  /** Whether applying the run changed what its stack hands on. */
  readonly movedOutputs: (run: RunRecord) => boolean;
}

/** Runs of the set that this person still has to decide on. */
function undecided(set: ReviewedSet, by: string): readonly RunRecord[] {
  const person = personOf(by);
  return set.runs.filter(
    (run) =>
      decisionsMissing(run) > 0 &&
      !run.decisions.some(
        (one) =>
          one.verdict === "approve" && personOf(one.by) === person && one.digest === run.digest?.digest,
      ),
  );
}

/** Runs that nobody has to approve any more, and that the budget's brake holds. */
function onlyBraked(runs: readonly RunRecord[]): readonly RunRecord[] {
  return runs.filter((run) => brakeHolds(run) && decisionsMissing(run) === 0);
}

/**
 * Checks what could speak against any of the decisions, before the first one is made.
 *
 * @throws {RUN_NOT_FOUND} when nothing waits.
 * @throws {APPROVAL_REFUSED} naming each run whose rule does not take this person's approval.
 * @throws {BUDGET_BRAKE} when the brake holds all of it: there is nothing to decide, and nothing to apply.
 * @throws {INVALID_ARGUMENT} when the set both deploys and destroys: there is no one order for it.
 */
function checkSet(set: ReviewedSet, by: string): readonly RunRecord[] {
  const { environment, runs } = set;
  if (runs.length === 0) {
    throw new GroundplaneError("RUN_NOT_FOUND", `nothing waits for approval in "${environment}".`, {
      facts: { environment },
    });
  }
  if (new Set(runs.map(({ operation }) => operation === "destroy")).size > 1) {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      `what waits in "${environment}" deploys some stacks and destroys others: approve these runs one by one.`,
      { facts: { environment, runs: runs.map(({ id }) => id) } },
    );
  }
  const braked = onlyBraked(runs);
  if (braked.length === runs.length) throw heldByBrake(braked);
  const open = undecided(set, by);
  const at = new Date().toISOString();
  const refusals = open.flatMap((run) => {
    const decision: Decision = { by, verdict: "approve", digest: run.digest?.digest ?? "", at };
    try {
      checkDecision(run, decision);
      return [];
    } catch (error) {
      if (isGroundplaneError(error) && error.code === "APPROVAL_REFUSED") return [error.message];
      throw error;
    }
  });
  const allDecided = open.length === 0 && runs.some((run) => decisionsMissing(run) > 0);
  if (refusals.length === 0 && !allDecided) return open;
  throw new GroundplaneError(
    "APPROVAL_REFUSED",
    allDecided
      ? `${by} has approved all that waits in "${environment}" already, and someone else is still needed.`
      : `none of the ${runs.length} was approved, as not all can be: ${refusals.join(" ")}`,
    { facts: { environment, by, refusals } },
  );
}

/** Runs that ended as their review was void, and the stacks of the set whose outputs moved before. */
function voidedIn(
  graph: StackGraph,
  runs: ReadonlyMap<string, RunRecord>,
  movedOutputs: (run: RunRecord) => boolean,
): readonly VoidReview[] {
  return [...runs].flatMap(([stack, { id, reason }]) => {
    if (reason?.code !== "APPROVAL_VOID") return [];
    const because = (graph.get(stack) ?? []).filter((need) => {
      const upstream = runs.get(need);
      return upstream?.outcome === "applied" && movedOutputs(upstream);
    });
    return because.length === 0 ? [] : [{ stack, run: id, because }];
  });
}

/**
 * Approves a whole set, or nothing of it, then applies it: what a stack needs first, several at once where the order
 * allows. What needs a stack that failed is left waiting, approved.
 */
export async function approveSet(
  stacks: StackGraph,
  set: ReviewedSet,
  request: EnvironmentApprovalRequest,
  ports: ApproveSetPorts,
): Promise<EnvironmentApproval> {
  for (const run of checkSet(set, request.by)) ports.decide(run);
  const approved = new Map(set.runs.map(({ id, stack }) => [stack, ports.runOf(id)]));
  const { digest } = set;
  const problems = new Map(onlyBraked([...approved.values()]).map((run) => [run.stack, heldByBrake([run])]));
  if (request.apply === false) return { digest, runs: approved, skipped: [], voided: [], problems };
  const graph = selectStacks(stacks, [...approved.keys()]);
  const destroys = set.runs.some(({ operation }) => operation === "destroy");
  const { results, skipped } = await runGraph(
    destroys ? reversed(graph) : graph,
    async (stack): Promise<Verdict> => {
      const run = approved.get(stack);
      if (run === undefined || run.approvalsMissing > 0) return "waits";
      try {
        return verdictOf(await ports.apply(run));
      } catch (error) {
        if (!isGroundplaneError(error)) throw error;
        problems.set(stack, error);
        return "failed";
      }
    },
    (verdict) => verdict,
    {
      concurrency: Math.max(1, request.concurrency ?? 4),
      // Each was approved for itself: a failure stops only what needs it.
      keepGoing: true,
      signal: request.signal,
    },
  );
  const order = [...results.keys(), ...skipped.map(({ stack }) => stack)];
  const runs = new Map(
    order.flatMap((stack) => {
      const run = approved.get(stack);
      return run === undefined ? [] : [[stack, ports.runOf(run.id)] as const];
    }),
  );
  return { digest, runs, skipped, voided: voidedIn(graph, runs, ports.movedOutputs), problems };
}
