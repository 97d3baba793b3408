import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evacuate } from "./evacuate.ts";
import { isKept, isPossible } from "./every-placement.fixture.ts";
import { fleet, host, machine, smallFleets } from "./fleets.fixture.ts";
import { planPlacement } from "./plan-placement.ts";
import { REFERENCE_PLACEMENT, referenceFleet } from "./reference-fleet.ts";

describe("an evacuation", () => {
  test("empties the host and moves nobody else, and is refused exactly when that cannot be", () => {
    let [done, refused] = [0, 0];
    fc.assert(
      fc.property(smallFleets, fc.nat(), (inventory, pick) => {
        const plan = planPlacement(inventory);
        const leaving = inventory.hosts[pick % inventory.hosts.length]?.name ?? "";
        if (!plan.ok) return;
        const staying = Object.fromEntries(
          Object.entries(plan.assignment).filter(([, at]) => at !== leaving),
        );
        const result = evacuate(inventory, leaving, { current: plan.assignment });
        const others = inventory.hosts.filter(({ name }) => name !== leaving);
        // What stays may break no rule by itself, so what is possible is what the brute force finds.
        const possible =
          Object.keys(staying).length === inventory.machines.length ||
          (others.length > 0 && isPossible({ ...inventory, hosts: others }, staying));
        expect(result.ok).toBe(possible);
        if (!result.ok) {
          refused += 1;
          expect(result.problems).not.toEqual([]);
          return;
        }
        done += 1;
        expect(result.assignment).toMatchObject(staying);
        expect(Object.values(result.assignment)).not.toContain(leaving);
        expect(isKept(inventory, result.assignment)).toBe(true);
        expect(result.moves.map((move) => move.machine)).toEqual(
          Object.keys(plan.assignment)
            .filter((name) => plan.assignment[name] === leaving)
            .sort(),
        );
      }),
      { numRuns: 300 },
    );
    expect(Math.min(done, refused)).toBeGreaterThan(10);
  });

  test("of the document's hosts goes where the disks are", () => {
    const result = evacuate(referenceFleet(), "r8202", { current: REFERENCE_PLACEMENT });
    expect(result.ok && result.moves).toEqual([{ machine: "hermes", from: "r8202", to: "r720xd" }]);
    const all = evacuate(referenceFleet(), "r820", { current: REFERENCE_PLACEMENT });
    expect(all.ok && all.moves).toHaveLength(3);
  });

  test("is refused with what is in the way, a pin among it", () => {
    const pinned = evacuate(referenceFleet({ pinned: true }), "r420", { current: REFERENCE_PLACEMENT });
    expect(pinned).toMatchObject({ ok: false, certain: true, problems: [{ subject: "athena" }] });
    expect(!pinned.ok && pinned.problems[0]?.problem).toMatch(
      /^no host takes it\. r710, r720xd, r8202: athena is pinned to r420;/,
    );
    const full = fleet([host("r1", 16), host("r2", 24)], [machine("a", 16), machine("b", 16)]);
    expect(evacuate(full, "r1", { current: { a: "r1", b: "r2" } })).toMatchObject({
      problems: [{ subject: "a", problem: "no host takes it. r2: memory: needs 16 GiB, 8 GiB free" }],
    });
    const only = evacuate(fleet([host("r1", 16)], [machine("a", 1)]), "r1", { current: { a: "r1" } });
    expect(only).toMatchObject({ problems: [{ problem: "it is the only host" }] });
  });

  test("leaves out who is nowhere yet, and fails when there is no such host", () => {
    const inventory = fleet([host("r1", 16), host("r2", 16)], [machine("a", 8), machine("b", 8)]);
    expect(evacuate(inventory, "r1", { current: { a: "r1" } })).toMatchObject({ assignment: { a: "r2" } });
    expect(evacuate(inventory, "r2", { current: { a: "r1" } })).toEqual({
      ok: true,
      moves: [],
      assignment: { a: "r1" },
    });
    expect(() => evacuate(inventory, "r9", { current: {} })).toThrow(
      'no host is named "r9"; the fleet has r1, r2',
    );
  });
});
