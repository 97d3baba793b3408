import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphs } from "./graphs.fixture.ts";
import { runGraph, type Skipped, type Verdict } from "./run-graph.ts";
import { refuseCycles, reversed, type StackGraph, selectStacks } from "./stack-graph.ts";

const diamond: StackGraph = new Map([
  ["app", ["network", "data"]],
  ["data", ["network"]],
  ["network", []],
  ["other", []],
]);

const options = { concurrency: 2, keepGoing: false };
const passOrFail = (ok: boolean): Verdict => (ok ? "succeeded" : "failed");
const verdicts = fc.constantFrom<Verdict[]>("succeeded", "succeeded", "waits", "failed");

/** Everything that a stack needs, directly or through others. */
function allNeeds(graph: StackGraph, stack: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const need of graph.get(name) ?? []) {
      if (!found.has(need)) {
        found.add(need);
        visit(need);
      }
    }
  };
  visit(stack);
  return found;
}

/** Why it was skipped, checked against what happened. */
function expectTrue(skip: Skipped, graph: StackGraph, results: ReadonlyMap<string, Verdict>): void {
  expect(results.has(skip.stack)).toBe(false);
  if (skip.reason === "cancelled") throw new TypeError("nothing was cancelled");
  const needed = allNeeds(graph, skip.stack).has(skip.because);
  const ended = results.get(skip.because);
  if (skip.reason === "stopped") expect(ended).toBe("failed");
  else expect([needed, ended]).toEqual([true, skip.reason]);
}

describe("runGraph", () => {
  test("keeps to order and concurrency, works on each stack once or skips it for a true reason, whatever happens", async () => {
    await fc.assert(
      fc.asyncProperty(
        graphs(12),
        fc.infiniteStream(verdicts),
        fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (graph, outcomes, turns, concurrency, keepGoing) => {
          const begun: string[] = [];
          const ended = new Map<string, Verdict>();
          let atOnce = 0;
          const { results, skipped } = await runGraph(
            graph,
            async (stack) => {
              atOnce += 1;
              expect(atOnce).toBeLessThanOrEqual(concurrency);
              expect(begun).not.toContain(stack);
              begun.push(stack);
              for (const need of graph.get(stack) ?? []) expect(ended.get(need)).toBe("succeeded");
              const wait: number = turns.next().value ?? 0;
              for (let turn = 0; turn < wait; turn += 1)
                await new Promise((resolve) => setImmediate(resolve));
              const verdict: Verdict = outcomes.next().value ?? "succeeded";
              ended.set(stack, verdict);
              atOnce -= 1;
              return verdict;
            },
            (verdict) => verdict,
            { concurrency, keepGoing },
          );
          expect(results).toEqual(ended);
          const told = [...results.keys(), ...skipped.map(({ stack }) => stack)];
          expect(told.sort()).toEqual([...graph.keys()].sort());
          for (const skip of skipped) {
            expectTrue(skip, graph, results);
            if (keepGoing) expect(skip.reason).not.toBe("stopped");
          }
        },
      ),
    );
  });

  test("what follows a failure is skipped and says why; with keep-going the others are not", async () => {
    const work = async (stack: string): Promise<boolean> => stack !== "network";
    const fast = await runGraph(diamond, work, passOrFail, { concurrency: 1, keepGoing: false });
    expect(fast.skipped).toEqual([
      { stack: "app", reason: "failed", because: "network" },
      { stack: "data", reason: "failed", because: "network" },
      { stack: "other", reason: "stopped", because: "network" },
    ]);
    const slow = await runGraph(diamond, work, passOrFail, { concurrency: 1, keepGoing: true });
    expect(slow.skipped).toEqual([
      { stack: "app", reason: "failed", because: "network" },
      { stack: "data", reason: "failed", because: "network" },
    ]);
    expect(slow.results.get("other")).toBe(true);
  });

  test("a stack that waits holds back those that need it, and nobody else", async () => {
    const { results, skipped } = await runGraph(
      diamond,
      async (stack): Promise<Verdict> => (stack === "data" ? "waits" : "succeeded"),
      (verdict) => verdict,
      { concurrency: 1, keepGoing: false },
    );
    expect([...results.keys()].sort()).toEqual(["data", "network", "other"]);
    expect(skipped).toEqual([{ stack: "app", reason: "waits", because: "data" }]);
  });

  test("begins nothing more once it is cancelled", async () => {
    const controller = new AbortController();
    const { results, skipped } = await runGraph(
      diamond,
      async (stack) => {
        if (stack === "network") controller.abort();
        return true;
      },
      passOrFail,
      { concurrency: 1, keepGoing: true, signal: controller.signal },
    );
    expect([...results.keys()]).toEqual(["network"]);
    expect(skipped.map(({ stack, reason }) => [stack, reason])).toEqual([
      ["app", "cancelled"],
      ["data", "cancelled"],
      ["other", "cancelled"],
    ]);
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
      passOrFail,
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
