import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runGraph } from "./run-graph.ts";
import { refuseCycles, reversed, type StackGraph, selectStacks } from "./stack-graph.ts";

const diamond: StackGraph = new Map([
  ["app", ["network", "data"]],
  ["data", ["network"]],
  ["network", []],
  ["other", []],
]);

/** Graphs without circles, in any order. */
const graphs = fc
  .array(fc.array(fc.nat()), { minLength: 1, maxLength: 12 })
  .map((needs): [string, string[]][] =>
    needs.map((picks, index) => [
      `s${index}`,
      index === 0 ? [] : [...new Set(picks.map((pick) => `s${pick % index}`))],
    ]),
  )
  .chain((stacks) => fc.shuffledSubarray(stacks, { minLength: stacks.length }))
  .map((stacks): StackGraph => new Map(stacks));
const options = { concurrency: 2, keepGoing: false };

describe("runGraph", () => {
  test("begins a stack only when all that it needs has succeeded, and never more at once than allowed", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 4 }), async (graph, concurrency) => {
        const ended: string[] = [];
        let atOnce = 0;
        const { results, skipped } = await runGraph(
          graph,
          async (stack) => {
            atOnce += 1;
            expect(atOnce).toBeLessThanOrEqual(concurrency);
            for (const need of graph.get(stack) ?? []) expect(ended).toContain(need);
            await new Promise((resolve) => setImmediate(resolve));
            ended.push(stack);
            atOnce -= 1;
            return true;
          },
          Boolean,
          { concurrency, keepGoing: false },
        );
        expect([...results.keys()].sort()).toEqual([...graph.keys()].sort());
        expect(skipped).toEqual([]);
      }),
    );
  });

  test("every stack is worked on or skipped, once, whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.func(fc.boolean()), fc.boolean(), async (graph, verdict, keepGoing) => {
        const { results, skipped } = await runGraph(graph, async (stack) => verdict(stack), Boolean, {
          concurrency: 3,
          keepGoing,
        });
        const told = [...results.keys(), ...skipped.map(({ stack }) => stack)];
        expect(told.sort()).toEqual([...graph.keys()].sort());
        for (const [stack, needs] of graph) {
          if (needs.some((need) => results.get(need) !== true)) expect(results.has(stack)).toBe(false);
        }
      }),
    );
  });

  test("what follows a failure is skipped and says why; with keep-going the others are not", async () => {
    const work = async (stack: string): Promise<boolean> => stack !== "network";
    const fast = await runGraph(diamond, work, Boolean, { concurrency: 1, keepGoing: false });
    expect(fast.skipped).toEqual([
      { stack: "app", because: "network" },
      { stack: "data", because: "network" },
      { stack: "other", because: "network" },
    ]);
    const slow = await runGraph(diamond, work, Boolean, { concurrency: 1, keepGoing: true });
    expect(slow.skipped).toEqual([
      { stack: "app", because: "network" },
      { stack: "data", because: "network" },
    ]);
    expect(slow.results.get("other")).toBe(true);
  });

  test("fails when a worker throws, after those under way have ended", async () => {
    const ended: string[] = [];
    const run = runGraph(
      new Map([
        ["a", []],
        ["b", []],
        ["c", ["b"]],
      ]),
      async (stack) => {
        if (stack === "a") throw new TypeError("broke");
        await new Promise((resolve) => setTimeout(resolve, 10));
        ended.push(stack);
        return true;
      },
      Boolean,
      options,
    );
    await expect(run).rejects.toThrow("broke");
    expect(ended).toEqual(["b"]);
  });
});

describe("a graph of stacks", () => {
  test("fails when it has a circle, and names it", () => {
    const circle: StackGraph = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["a"]],
    ]);
    expect(() => refuseCycles(circle)).toThrow(
      expect.objectContaining({ code: "PROJECT_INVALID", message: expect.stringContaining("a → b → c → a") }),
    );
  });

  test("is turned round for destroying", () => {
    expect(reversed(diamond)).toEqual(
      new Map([
        ["app", []],
        ["data", ["app"]],
        ["network", ["app", "data"]],
        ["other", []],
      ]),
    );
  });

  test("fails when no stack matches", () => {
    expect(() => selectStacks(diamond, [])).toThrow(expect.objectContaining({ code: "STACK_NOT_FOUND" }));
    expect(() => selectStacks(diamond, ["app", "ap"])).toThrow(
      expect.objectContaining({ code: "STACK_NOT_FOUND" }),
    );
    expect(selectStacks(diamond, ["app", "data"])).toEqual(
      new Map([
        ["app", ["data"]],
        ["data", []],
      ]),
    );
  });
});
