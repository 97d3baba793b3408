import { expect, test } from "vitest";
import { criticalPathMs } from "./figures.ts";
import { spreadOf } from "./quantiles.ts";
import { runPairs } from "./run-pairs.ts";

test("quartiles lie between their neighbours", () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, q1: 1.75, q3: 3.25, min: 1, max: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, q1: 7, q3: 7, min: 7, max: 7 });
});

test("who begins takes turns, after a warm-up that is not counted", async () => {
  const order: string[] = [];
  const side = (label: string) => ({
    label,
    measure: async (pair: number) => {
      order.push(`${label}${pair}`);
      return { ms: pair, parts: {}, stacks: {} };
    },
  });
  const told: number[] = [];
  const pairs = await runPairs(
    { first: side("a"), second: side("b") },
    { pairs: 3, warmUp: true },
    (_pair, number) => told.push(number),
  );
  expect(order).toEqual(["a0", "b0", "a1", "b1", "b2", "a2", "a3", "b3"]);
  expect(told).toEqual([1, 2, 3]);
  expect(pairs.map(({ first, second }) => [first.ms, second.ms])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});

test("the critical path is the longest way, not the longest chain", () => {
  const stacks = [
    { name: "a", resources: 1 },
    { name: "b", resources: 1, needs: ["a"] },
    { name: "c", resources: 1, needs: ["a", "b"] },
    { name: "d", resources: 1 },
  ];
  expect(criticalPathMs(stacks, { a: 1, b: 2, c: 3, d: 4 })).toBe(6);
  expect(criticalPathMs(stacks, { a: 1, b: 2, c: 3, d: 10 })).toBe(10);
});
