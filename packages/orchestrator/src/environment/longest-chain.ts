import { refuseCycles, type StackGraph } from "./stack-graph.ts";

const EQUAL = (): number => 1;

/**
 * What lies from the beginning of each stack to the end of the longest chain that needs it: its own time, and that
 * of the stacks behind it.
 *
 * @throws {PROJECT_INVALID} for a circle.
 */
export function remainingChain(
  graph: StackGraph,
  expected: (stack: string) => number = EQUAL,
): ReadonlyMap<string, number> {
  refuseCycles(graph);
  const neededBy = new Map<string, string[]>([...graph.keys()].map((stack) => [stack, []]));
  for (const [stack, needs] of graph) for (const need of needs) neededBy.get(need)?.push(stack);
  const chain = new Map<string, number>();
  const chainOf = (stack: string): number => {
    const known = chain.get(stack);
    if (known !== undefined) return known;
    const behind = Math.max(0, ...(neededBy.get(stack) ?? []).map(chainOf));
    chain.set(stack, expected(stack) + behind);
    return expected(stack) + behind;
  };
  for (const stack of graph.keys()) chainOf(stack);
  return chain;
}

/**
 * The stacks in the order in which they are begun when several could be: those with the longest chain behind them
 * first, as that chain decides when all is done (list scheduling; Graham, 1969). Equal ones keep the graph's order.
 *
 * @throws {PROJECT_INVALID} for a circle.
 */
export function byLongestChain(
  graph: StackGraph,
  expected: (stack: string) => number = EQUAL,
): readonly string[] {
  const chain = remainingChain(graph, expected);
  return [...graph.keys()].sort((a, b) => (chain.get(b) ?? 0) - (chain.get(a) ?? 0));
}
