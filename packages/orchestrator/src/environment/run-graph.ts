import { byLongestChain } from "./longest-chain.ts";
import type { StackGraph } from "./stack-graph.ts";

/**
 * How a stack ended. `waits`: nothing went wrong, and those that need it cannot begin yet: it holds back only them.
 */
export type Verdict = "succeeded" | "waits" | "failed";

export interface RunGraphOptions {
  /** How many stacks are worked on at once. */
  readonly concurrency: number;
  /** After a stack that failed: whether those that do not need it still go on. */
  readonly keepGoing: boolean;
  /** How long a stack is expected to take, in any unit. @default every stack takes the same */
  readonly expected?: (stack: string) => number;
  /** Once it is aborted, nothing more is begun. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Why a stack was not begun. `failed` and `waits`: it needs `because`, directly or through others, and that one
 * failed, or waits. `stopped`: it does not need `because`, and nothing more is begun after a failure.
 */
export type Skipped =
  | { readonly stack: string; readonly reason: "failed" | "waits" | "stopped"; readonly because: string }
  | { readonly stack: string; readonly reason: "cancelled" };

export interface GraphResult<Result> {
  /** In an order in which what a stack needs stands before it. */
  readonly results: ReadonlyMap<string, Result>;
  /** In the graph's order. */
  readonly skipped: readonly Skipped[];
}

/**
 * Works through a graph: a stack begins when all that it needs has succeeded, as many at once as allowed, those with
 * the most work behind them first. What needs a stack that did not succeed is not begun. A worker that throws lets
 * the others end, then the error goes on.
 *
 * @throws {PROJECT_INVALID} for a circle, before anything is begun.
 */
export async function runGraph<Result>(
  graph: StackGraph,
  work: (stack: string) => Promise<Result>,
  verdictOf: (result: Result) => Verdict,
  { concurrency, keepGoing, expected, signal }: RunGraphOptions,
): Promise<GraphResult<Result>> {
  const order = byLongestChain(graph, expected);
  const results = new Map<string, { readonly result: Result; readonly verdict: Verdict }>();
  const skipped = new Map<string, Skipped>();
  const running = new Map<string, Promise<void>>();
  let stoppedBy: string | undefined;
  let broken: { readonly error: unknown } | undefined;

  const begin = (stack: string): void => {
    const ended = work(stack).then(
      (result) => {
        const verdict = verdictOf(result);
        results.set(stack, { result, verdict });
        if (verdict === "failed" && !keepGoing) stoppedBy ??= stack;
      },
      (error: unknown) => {
        broken ??= { error };
      },
    );
    running.set(
      stack,
      ended.finally(() => running.delete(stack)),
    );
  };

  /** The stack at the root: what a skipped stack was skipped for holds back those that need it. */
  const heldBy = (stack: string): Skipped | undefined => {
    for (const need of graph.get(stack) ?? []) {
      const verdict = results.get(need)?.verdict;
      if (verdict === "failed" || verdict === "waits") return { stack, reason: verdict, because: need };
      const root = skipped.get(need);
      if (root !== undefined) return { ...root, stack };
    }
    return undefined;
  };

  const skipOf = (stack: string): Skipped | undefined => {
    const held = heldBy(stack);
    if (held !== undefined) return held;
    if (stoppedBy !== undefined) return { stack, reason: "stopped", because: stoppedBy };
    return signal?.aborted === true ? { stack, reason: "cancelled" } : undefined;
  };

  for (;;) {
    const skippedBefore = skipped.size;
    for (const stack of order) {
      if (results.has(stack) || skipped.has(stack) || running.has(stack)) continue;
      const skip = skipOf(stack);
      const ready = (graph.get(stack) ?? []).every((need) => results.has(need));
      if (skip !== undefined) skipped.set(stack, skip);
      else if (ready && broken === undefined && running.size < concurrency) begin(stack);
    }
    // What was skipped just now may have been needed by a stack looked at before it.
    if (skipped.size > skippedBefore) continue;
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (broken !== undefined) throw broken.error;
  return {
    results: new Map(
      order.flatMap((stack) => {
        const ended = results.get(stack);
        return ended === undefined ? [] : [[stack, ended.result] as const];
      }),
    ),
    skipped: [...graph.keys()].flatMap((stack) => skipped.get(stack) ?? []),
  };
}
