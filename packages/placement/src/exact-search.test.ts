import fc from "fast-check";
import { expect, test } from "vitest";
import { isKept, isPossible } from "./every-placement.fixture.ts";
import { exactSearch } from "./exact-search.ts";
import { fleet, host, machine, smallFleets } from "./fleets.fixture.ts";
import { compileInstance } from "./instance.ts";
import { assignmentOf } from "./layout.ts";
import { planPlacement } from "./plan-placement.ts";

test("finds a placement exactly when there is one, without the rules of thumb", () => {
  let [found, none] = [0, 0];
  fc.assert(
    fc.property(smallFleets, (inventory) => {
      const { instance, problems } = compileInstance(inventory, new Map(), "sticky");
      if (problems.length > 0) return;
      const result = exactSearch(instance, 1_000_000);
      expect(result.found !== undefined).toBe(isPossible(inventory));
      if (result.found === undefined) {
        none += 1;
        expect(result).toMatchObject({ why: "none" });
      } else {
        found += 1;
        expect(isKept(inventory, assignmentOf(result.found))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
  expect(Math.min(found, none)).toBeGreaterThan(20);
});

/** Memory of machines that fill hosts of 100 to the last: the largest first goes wrong on them. */
const EXACT_FIT = [44, 28, 28, 41, 32, 27, 38, 36, 26, 35, 34, 31];

test("goes on where the largest first goes wrong, past like hosts and like machines", () => {
  const machines = EXACT_FIT.map((memoryMiB, index) =>
    machine(`m${index}`, 1, { size: { memoryMiB, vcpus: 1 } }),
  );
  const hosts = ["r1", "r2", "r3", "r4"].map((name) => host(name, 1, { memoryMiB: 100 }));
  const plan = planPlacement(fleet(hosts, machines));
  expect(plan.ok).toBe(true);
  expect(plan.ok && plan.balance.largestMemoryShare).toBe(1);
});

test("gives up when its steps run out, and does not call that impossible", () => {
  const { instance } = compileInstance(
    fleet(
      ["r1", "r2"].map((name) => host(name, 10)),
      ["a", "b", "c"].map((name) => machine(name, 6)),
    ),
    new Map(),
    "sticky",
  );
  expect(exactSearch(instance, 3)).toEqual({ found: undefined, why: "gave-up" });
  expect(exactSearch(instance, 1000)).toEqual({ found: undefined, why: "none" });
});
