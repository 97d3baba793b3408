import fc from "fast-check";
import { expect, test } from "vitest";
import { eachKeptPlacement } from "./every-placement.fixture.ts";
import { smallFleets } from "./fleets.fixture.ts";
import { hostsLowerBound } from "./hosts-lower-bound.ts";
import { compileInstance } from "./instance.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import type { Placement } from "./placement-problem.ts";
import { planPlacement } from "./plan-placement.ts";
import { sizeOf } from "./size.ts";

/** What is wanted, said once more by nothing of the planner: labels missed, then the strategy's figure. */
function wanted(
  { hosts, machines, strategy }: FleetInventory,
  placement: Placement,
): readonly [number, number] {
  const at = new Map(Object.entries(placement));
  const missed = machines.flatMap(({ name, prefers }) => {
    const labels = hosts.find((host) => host.name === at.get(name))?.labels ?? [];
    return prefers.filter((label) => !labels.includes(label));
  }).length;
  if (strategy === "pack") return [missed, new Set(at.values()).size];
  const shares = hosts.map(({ name, memoryMiB, reserve, used }) => {
    const here = machines.filter((machine) => at.get(machine.name) === name);
    const taken = [...here.map(({ size }) => sizeOf(size)), ...used].reduce(
      (sum, each) => sum + each.memoryMiB,
      0,
    );
    return taken / (memoryMiB - reserve.memoryMiB);
  });
  return [missed, Math.max(...shares)];
}

const isLess = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  a[0] < b[0] || (a[0] === b[0] && a[1] < b[1] - 1e-9);

test("of all placements the plan is the best or close to it, and none uses fewer hosts than the lower bound", () => {
  let [plans, best] = [0, 0];
  fc.assert(
    fc.property(
      smallFleets.filter(({ machines }) => machines.length <= 6),
      (inventory) => {
        const plan = planPlacement(inventory);
        if (!plan.ok) return;
        let least: readonly [number, number] | undefined;
        let fewest = Number.POSITIVE_INFINITY;
        eachKeptPlacement(inventory, {}, (placement) => {
          const score = wanted(inventory, placement);
          if (least === undefined || isLess(score, least)) least = score;
          fewest = Math.min(fewest, new Set(Object.values(placement)).size);
          return "go-on";
        });
        const bound = hostsLowerBound(compileInstance(inventory, new Map(), "sticky").instance);
        expect(bound).toBeLessThanOrEqual(fewest);
        plans += 1;
        if (least !== undefined && !isLess(least, wanted(inventory, plan.assignment))) best += 1;
      },
    ),
    { numRuns: 200 },
  );
  expect(plans).toBeGreaterThan(50);
  expect(best / plans).toBeGreaterThan(0.9);
}, 60_000);
