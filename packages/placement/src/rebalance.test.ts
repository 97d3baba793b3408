import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPlacement } from "./check-placement.ts";
import { eachKeptPlacement, isKept } from "./every-placement.fixture.ts";
import { fleet, host, machine, smallFleets } from "./fleets.fixture.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import type { Placement } from "./placement-problem.ts";
import { planPlacement } from "./plan-placement.ts";
import { rebalance } from "./rebalance.ts";
import { REFERENCE_PLACEMENT, referenceFleet } from "./reference-fleet.ts";

/** All machines on hosts at random: over limits, apart from whom they should be near. */
const anywhere = smallFleets.chain((inventory) =>
  fc.tuple(
    fc.constant(inventory),
    fc
      .tuple(...inventory.machines.map(() => fc.constantFrom(...inventory.hosts.map(({ name }) => name))))
      .map(
        (hosts): Placement =>
          Object.fromEntries(inventory.machines.map(({ name }, index) => [name, hosts[index] ?? ""])),
      ),
  ),
);

/** One of the first placements that keep everything. */
function someKeptPlacement(inventory: FleetInventory, which: number): Placement | undefined {
  let [found, count]: [Placement | undefined, number] = [undefined, 0];
  eachKeptPlacement(inventory, {}, (placement) => {
    found = placement;
    count += 1;
    return count > which ? "stop" : "go-on";
  });
  return found;
}

const withoutRules = (inventory: FleetInventory): FleetInventory => ({
  ...inventory,
  machines: inventory.machines.map(({ pin: _, ...each }) => ({ ...each, near: [], apart: [] })),
});

describe("rebalancing", () => {
  test("from a placement in order: each step is possible when it is its turn, and moves one thing from where it is", () => {
    let moved = 0;
    fc.assert(
      fc.property(smallFleets, fc.nat({ max: 40 }), (inventory, which) => {
        const current = someKeptPlacement(inventory, which);
        if (current === undefined) return;
        const result = rebalance(inventory, { current, maxSteps: 10 });
        if (!result.ok) throw new TypeError("every host is there");
        let placement: Placement = current;
        for (const step of result.steps) {
          moved += 1;
          for (const name of step.machines) expect(placement[name]).toBe(step.from);
          placement = { ...placement, ...Object.fromEntries(step.machines.map((name) => [name, step.to])) };
          expect(isKept(inventory, placement)).toBe(true);
          expect(step.gain).not.toBe("");
        }
        expect(placement).toEqual(result.assignment);
        expect(result.left).toEqual([]);
        // Done is done: from there on there is nothing to gain.
        if (result.steps.length < 10)
          expect(rebalance(inventory, { current: result.assignment })).toMatchObject({ steps: [] });
        // A preferred label goes before balance: only where there is none may nothing get fuller.
        if (inventory.machines.some(({ prefers }) => prefers.length > 0)) return;
        if (inventory.strategy === "spread")
          expect(result.after.largestMemoryShare).toBeLessThanOrEqual(
            result.before.largestMemoryShare + 1e-9,
          );
        else expect(result.after.hostsUsed).toBeLessThanOrEqual(result.before.hostsUsed);
      }),
      { numRuns: 300 },
    );
    expect(moved).toBeGreaterThan(10);
  });

  test("from any placement: no step makes the limits worse, or breaks a rule more", () => {
    fc.assert(
      fc.property(anywhere, ([inventory, current]) => {
        const result = rebalance(inventory, { current, maxSteps: 10 });
        if (!result.ok) throw new TypeError("every host is there");
        const limits = (placement: Placement) =>
          checkPlacement(withoutRules(inventory), placement).filter(({ kind }) => kind === "limit").length;
        expect(limits(result.assignment)).toBeLessThanOrEqual(limits(current));
        expect(result.left).toHaveLength(checkPlacement(inventory, result.assignment).length);
        expect(rebalance(inventory, { current, maxSteps: 10 })).toEqual(result);
      }),
      { numRuns: 300 },
    );
  });

  test("of the document's placement takes one of r710's machines to r720xd, and says what that gains", () => {
    const result = rebalance(referenceFleet(), { current: REFERENCE_PLACEMENT });
    expect(
      result.ok && result.steps.map(({ machines, from, to, gain }) => ({ machines, from, to, gain })),
    ).toEqual([
      {
        ...{ machines: ["apollo"], from: "r710", to: "r720xd" },
        gain: "the largest memory use goes from 53 % to 39 %",
      },
    ]);
  });

  test("does what a pin asks that came later, first", () => {
    const inventory = fleet(
      [host("r1", 32), host("r2", 32)],
      [machine("a", 8, { pin: "r2" }), machine("b", 8)],
    );
    const plan = planPlacement(inventory, { current: { a: "r1", b: "r1" } });
    expect(plan.ok && plan.notes).toHaveLength(1);
    const result = rebalance(inventory, { current: { a: "r1", b: "r1" } });
    expect(result).toMatchObject({
      steps: [{ machines: ["a"], to: "r2", gain: "a pin, near or apart that was not kept is kept" }],
      left: [],
    });
  });

  test("brings a host within its limits, and says what is left where it cannot", () => {
    const inventory = fleet([host("r1", 16), host("r2", 16)], [machine("a", 12), machine("b", 12)]);
    expect(rebalance(inventory, { current: { a: "r1", b: "r1" } })).toMatchObject({
      steps: [{ to: "r2" }],
      left: [],
    });
    const stuck = fleet([host("r1", 16), host("r2", 8)], [machine("a", 12), machine("b", 12)]);
    expect(rebalance(stuck, { current: { a: "r1", b: "r1" } })).toMatchObject({
      steps: [],
      left: [
        { subject: "r1", problem: "its machines and services take 24 GiB of memory, and it has 16 GiB" },
      ],
    });
    expect(rebalance(inventory, { current: { a: "r9" } })).toMatchObject({
      ok: false,
      problems: [{ subject: "a" }],
    });
  });

  test("with strategy pack empties a host, or leaves all where they are", () => {
    const hosts = [host("r1", 32), host("r2", 32), host("r3", 32)];
    const machines = [machine("a", 16), machine("b", 8), machine("c", 4), machine("d", 4)];
    const current = { a: "r1", b: "r2", c: "r3", d: "r3" };
    const result = rebalance(fleet(hosts, machines, { strategy: "pack" }), { current });
    expect(result.ok && result.steps.map(({ machines: [name], to, gain }) => [name, to, gain])).toEqual([
      ["b", "r1", "r2 is empty"],
      ["c", "r1", "r3 has 1 left to go"],
      ["d", "r1", "r3 is empty"],
    ]);
    const full = machines.map(({ name }) => machine(name, 20));
    expect(
      rebalance(fleet([...hosts, host("r4", 32)], full, { strategy: "pack" }), {
        current: { a: "r1", b: "r2", c: "r3", d: "r4" },
      }),
    ).toMatchObject({ steps: [] });
  });
});
