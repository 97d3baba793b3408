import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capacity } from "./capacity.ts";
import { fleet, host, machine, smallFleets } from "./fleets.fixture.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { planPlacement } from "./plan-placement.ts";
import { REFERENCE_PLACEMENT, referenceFleet } from "./reference-fleet.ts";

const GiB = 1024;

describe("capacity", () => {
  test("reproduces the document's figures", () => {
    const { memoryMiB, diskGiB, vcpus, scenarios } = capacity(referenceFleet(), {
      current: REFERENCE_PLACEMENT,
    });
    expect([memoryMiB.total / GiB, memoryMiB.machines / GiB]).toEqual([416, 120]);
    expect(Math.round((memoryMiB.machines / memoryMiB.total) * 100)).toBe(29);
    expect([diskGiB.total, diskGiB.machines, vcpus.machines]).toEqual([4242, 2000, 32]);
    const byMemory = scenarios.map(({ machines, atMost }) => [machines, machines <= atMost.memory]);
    expect(byMemory).toEqual([
      [10, true],
      [15, true],
      [20, true],
      [25, false],
    ]);
  });

  test("says what ends first, and which host to buy", () => {
    const { scenarios } = capacity(referenceFleet(), { current: REFERENCE_PLACEMENT });
    expect(
      scenarios.map(({ machines, fits, limit, buy }) => [machines, fits, limit, buy?.count, buy?.like]),
    ).toEqual([
      [10, true, undefined, undefined, undefined],
      [15, false, "each together", 1, "r420"],
      [20, false, "disk", 2, "r8202"],
      [25, false, "disk", 4, "r8202"],
    ]);
  });

  test("counts services, the reserve and overcommit", () => {
    const inventory = fleet(
      [
        host("r1", 64, {
          reserve: { memoryMiB: 4096, vcpus: 2, diskGiB: 10 },
          ...{ vcpus: 10, vcpuOvercommit: 1.5, pools: [{ sizeGiB: 110, overcommit: 2 }] },
          used: [{ name: "chat", memoryMiB: 2048, vcpus: 1, diskGiB: 5 }],
        }),
      ],
      [machine("a", 8)],
    );
    const { memoryMiB, vcpus, diskGiB } = capacity(inventory, { current: { a: "r1" } });
    expect(memoryMiB).toEqual({ total: 65536, usable: 61440, services: 2048, machines: 8192, free: 51200 });
    expect(vcpus).toEqual({ total: 10, usable: 12, services: 1, machines: 1, free: 10 });
    expect(diskGiB).toEqual({ total: 110, usable: 200, services: 5, machines: 10, free: 185 });
  });

  test("so many as it says still fit, and not one more", () => {
    fc.assert(
      fc.property(smallFleets, (inventory) => {
        const plan = planPlacement(inventory);
        if (!plan.ok) return;
        const { agent, scenarios } = capacity(inventory, { current: plan.assignment, scenarios: [1] });
        const most = (scenarios[0]?.atMost.together ?? 0) - inventory.machines.length;
        const withMore = (count: number): FleetInventory => ({
          ...inventory,
          machines: [
            ...inventory.machines,
            ...fleet(
              [host("r1", 1)],
              Array.from({ length: count }, (_, index) => machine(`more-${index}`, 1)),
            ).machines.map((each) => ({ ...each, size: agent, diskGiB: agent.diskGiB, pool: agent.pool })),
          ],
        });
        expect(planPlacement(withMore(most), { current: plan.assignment }).ok).toBe(true);
        expect(planPlacement(withMore(most + 1), { current: plan.assignment }).ok).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("what it says to buy is enough", () => {
    const inventory = referenceFleet();
    for (const { machines, buy } of capacity(inventory, { current: REFERENCE_PLACEMENT }).scenarios) {
      const alike = inventory.hosts.filter(({ name }) => name === buy?.like);
      const bought = Array.from({ length: buy?.count ?? 0 }, (_, index) =>
        alike.map((each) => ({ ...each, name: `new-${index}` })),
      );
      const grown: FleetInventory = {
        ...inventory,
        hosts: [...inventory.hosts, ...bought.flat()],
        machines: [
          ...inventory.machines,
          ...fleet(
            [host("r1", 1)],
            Array.from({ length: machines - 8 }, (_, index) =>
              machine(`agent-${index}`, 16, { diskGiB: 250, size: "medium" }),
            ),
          ).machines,
        ],
      };
      expect(planPlacement(grown, { current: REFERENCE_PLACEMENT }).ok).toBe(true);
    }
  });

  test("tells who has no host yet, and what is not in order", () => {
    const inventory = fleet([host("r1", 16)], [machine("a", 12), machine("b", 12), machine("c", 1)]);
    const report = capacity(inventory, { current: { a: "r1", b: "r1" } });
    expect(report.unplaced).toEqual(["c"]);
    expect(report.problems).toMatchObject([{ subject: "r1" }]);
    expect(report.memoryMiB.free).toBe(-8 * GiB);
    expect(report.fits.map(({ more }) => more)).toEqual([0, 0, 0]);
  });
});
