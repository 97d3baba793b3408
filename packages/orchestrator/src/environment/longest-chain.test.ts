import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphs } from "./graphs.fixture.ts";
import { byLongestChain, remainingChain } from "./longest-chain.ts";
import { runGraph } from "./run-graph.ts";
import type { StackGraph } from "./stack-graph.ts";

/** Works through a graph on a clock of its own: a stack takes its time, and no real time passes. */
async function makespan(
  graph: StackGraph,
  time: (stack: string) => number,
  concurrency: number,
): Promise<number> {
  let now = 0;
  const ends: { readonly at: number; readonly end: () => void }[] = [];
  const done = runGraph(
    graph,
    (stack) => new Promise<void>((resolve) => ends.push({ at: now + time(stack), end: resolve })),
    () => "succeeded",
    { concurrency, keepGoing: false, expected: time },
  );
  const idle = () => new Promise((resolve) => setImmediate(resolve));
  for (await idle(); ends.length > 0; await idle()) {
    ends.sort((a, b) => a.at - b.at);
    const next = ends.shift();
    if (next === undefined) break;
    now = next.at;
    next.end();
  }
  await done;
  return now;
}

const total = (graph: StackGraph, time: (stack: string) => number): number =>
  [...graph.keys()].reduce((sum, stack) => sum + time(stack), 0);
const critical = (graph: StackGraph, time: (stack: string) => number): number =>
  Math.max(...remainingChain(graph, time).values());

/**
 * A time that no schedule can beat: the critical path, and what must be done within some stretch of it beyond what
 * fits (Fernandez and Bussell, 1973). Never less than total over concurrency.
 */
function leastTime(graph: StackGraph, time: (stack: string) => number, concurrency: number): number {
  const behind = remainingChain(graph, time);
  const path = Math.max(...behind.values());
  const earliest = new Map<string, number>();
  const earliestOf = (stack: string): number => {
    const known = earliest.get(stack);
    if (known !== undefined) return known;
    const from = Math.max(0, ...(graph.get(stack) ?? []).map((need) => earliestOf(need) + time(need)));
    earliest.set(stack, from);
    return from;
  };
  const windows = [...graph.keys()].map((stack) => {
    const begin = earliestOf(stack);
    const latest = path - (behind.get(stack) ?? 0);
    return { begin, latest, takes: time(stack) };
  });
  const points = [...new Set(windows.flatMap(({ begin, latest, takes }) => [begin, latest + takes]))];
  let excess = 0;
  for (const from of points) {
    for (const to of points) {
      if (to <= from) continue;
      const must = windows.reduce(
        (sum, { begin, latest, takes }) =>
          sum + Math.max(0, Math.min(takes, to - from, begin + takes - from, to - latest)),
        0,
      );
      excess = Math.max(excess, must / concurrency - (to - from));
    }
  }
  return path + excess;
}

/** A graph, how long each stack takes (the index of its name picks it), and how many at once. */
const jobs = fc.record({
  graph: graphs(12),
  times: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 12, maxLength: 12 }),
  concurrency: fc.integer({ min: 1, max: 6 }),
});
const timeFrom =
  (times: readonly number[]) =>
  (stack: string): number =>
    times[Number(stack.slice(1)) % times.length] ?? 1;

describe("the order in which stacks are begun", () => {
  test("the longest chain goes first, and equal ones keep the project's order", () => {
    const graph: StackGraph = new Map([
      ["dns", []],
      ["network", []],
      ["data", ["network"]],
      ["app", ["data"]],
      ["logs", []],
    ]);
    expect(byLongestChain(graph)).toEqual(["network", "data", "dns", "app", "logs"]);
    expect(byLongestChain(graph, (stack) => (stack === "dns" ? 9 : 1))[0]).toBe("dns");
  });

  test("is a dependency order, whatever the times", () => {
    fc.assert(
      fc.property(jobs, ({ graph, times }) => {
        const order = byLongestChain(graph, timeFrom(times));
        for (const [stack, needs] of graph) {
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(stack));
        }
      }),
    );
  });
});

describe("how long a whole graph takes", () => {
  test("is the critical path, where nothing waits for a place", async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async ({ graph, times }) => {
        const time = timeFrom(times);
        expect(await makespan(graph, time, graph.size)).toBe(critical(graph, time));
      }),
      { numRuns: 50 },
    );
  });

  test("never exceeds Graham's bound: a free place is not left empty while a stack could begin", async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async ({ graph, times, concurrency }) => {
        const time = timeFrom(times);
        const path = critical(graph, time);
        const bound = path + (total(graph, time) - path) / concurrency;
        expect(await makespan(graph, time, concurrency)).toBeLessThanOrEqual(bound + 1e-9);
      }),
      { numRuns: 50 },
    );
  });

  test("is within 1.15 of what no schedule can beat, over 40 graphs of 40 stacks", async () => {
    // A fixed seed: whether a schedule near the bound exists at all depends on the graph.
    const sample = fc.sample(
      fc.record({
        graph: graphs(40, { exactly: true, needs: 3 }),
        times: fc.array(fc.integer({ min: 5, max: 100 }), { minLength: 40, maxLength: 40 }),
      }),
      { numRuns: 40, seed: 20261121 },
    );
    const ratios: number[] = [];
    for (const { graph, times } of sample) {
      for (const concurrency of [2, 4, 8]) {
        const time = timeFrom(times);
        const least = leastTime(graph, time, concurrency);
        expect(least).toBeGreaterThanOrEqual(total(graph, time) / concurrency - 1e-9);
        ratios.push((await makespan(graph, time, concurrency)) / least);
      }
    }
    ratios.sort((a, b) => a - b);
    expect(ratios[ratios.length / 2]).toBeLessThanOrEqual(1.01);
    expect(ratios.at(-1)).toBeLessThanOrEqual(1.15);
  });
});
