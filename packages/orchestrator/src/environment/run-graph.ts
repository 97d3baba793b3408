import { refuseCycles, type StackGraph } from "./stack-graph.ts";

export interface RunGraphOptions {
  /** How many stacks are worked on at once. */
  readonly concurrency: number;
  /** After a stack that did not succeed: whether those that do not need it still go on. */
  readonly keepGoing: boolean;
}

/** Why a stack was not begun: the stack that did not succeed. */
export interface Skipped {
  readonly stack: string;
  readonly because: string;
}

export interface GraphResult<Result> {
  readonly results: ReadonlyMap<string, Result>;
  /** In the graph's order. */
  readonly skipped: readonly Skipped[];
}

/**
 * Works through a graph: a stack begins when all that it needs has succeeded, as many at once as allowed. What
 * follows a stack that did not succeed is not begun. A worker that throws lets the others end, then the error goes on.
 *
 * @throws {PROJECT_INVALID} for a circle, before anything is begun.
 */
export async function runGraph<Result>(
  graph: StackGraph,
  work: (stack: string) => Promise<Result>,
  succeeded: (result: Result) => boolean,
  { concurrency, keepGoing }: RunGraphOptions,
): Promise<GraphResult<Result>> {
  refuseCycles(graph);
  const results = new Map<string, Result>();
  const skipped = new Map<string, string>();
  const running = new Map<string, Promise<void>>();
  let stoppedBy: string | undefined;
  let broken: { readonly error: unknown } | undefined;

  const begin = (stack: string): void => {
    const ended = work(stack).then(
      (result) => {
        results.set(stack, result);
        if (!succeeded(result)) stoppedBy ??= stack;
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

  const failedNeed = (needs: readonly string[]): string | undefined =>
    needs.find((need) => skipped.has(need) || (results.has(need) && !isSuccess(results, need, succeeded)));

  for (;;) {
    const skippedBefore = skipped.size;
    for (const [stack, needs] of graph) {
      if (results.has(stack) || skipped.has(stack) || running.has(stack)) continue;
      const because = failedNeed(needs) ?? (keepGoing ? undefined : stoppedBy);
      if (because !== undefined) skipped.set(stack, because);
      else if (broken === undefined && running.size < concurrency && needs.every((need) => results.has(need)))
        begin(stack);
    }
    // What was skipped just now may have been needed by a stack looked at before it.
    if (skipped.size > skippedBefore) continue;
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (broken !== undefined) throw broken.error;
  return {
    results,
    skipped: [...graph.keys()].flatMap((stack) => {
      const because = skipped.get(stack);
      return because === undefined ? [] : [{ stack, because }];
    }),
  };
}

function isSuccess<Result>(
  results: ReadonlyMap<string, Result>,
  stack: string,
  succeeded: (result: Result) => boolean,
): boolean {
  const result = results.get(stack);
  return result !== undefined && succeeded(result);
}
