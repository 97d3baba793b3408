import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isKept } from "./every-placement.fixture.ts";
import { explainPlacement } from "./explain-placement.ts";
import { fleet, host, machine, smallFleets } from "./fleets.fixture.ts";
import { planPlacement } from "./plan-placement.ts";
import { REFERENCE_PLACEMENT, referenceFleet } from "./reference-fleet.ts";

describe("an explanation", () => {
  test("agrees with the plan: the host is the plan's, and another takes the machine exactly when it says so", () => {
    let [takes, refuses] = [0, 0];
    fc.assert(
      fc.property(smallFleets, fc.nat(), (inventory, pick) => {
        const plan = planPlacement(inventory);
        const name = inventory.machines[pick % inventory.machines.length]?.name ?? "";
        const explained = explainPlacement(inventory, name);
        if (!explained.ok || !plan.ok) {
          expect(explained).toEqual(plan);
          return;
        }
        expect(explained.host).toBe(plan.assignment[name]);
        expect([explained.host, ...explained.others.map((other) => other.host)].sort()).toEqual(
          inventory.hosts.map((each) => each.name).sort(),
        );
        for (const other of explained.others) {
          const moved = Object.fromEntries([name, ...explained.together].map((each) => [each, other.host]));
          expect(isKept(inventory, { ...plan.assignment, ...moved })).toBe(other.fits);
          expect(other.why).not.toBe("");
          // The planner ends when no single move is better, so nothing that it chose can be.
          if (inventory.strategy === "spread") expect(other.why).not.toMatch(/better/);
          if (other.fits) takes += 1;
          else refuses += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(takes, refuses)).toBeGreaterThan(20);
  });

  test("says what is in the way, and what would be worse", () => {
    const hosts = [host("r1", 64, { labels: ["storage-rich"] }), host("r2", 64), host("r3", 8)];
    const machines = [
      machine("a", 16, { prefers: ["storage-rich"] }),
      machine("b", 16),
      machine("c", 8, { apart: ["b"] }),
    ];
    expect(explainPlacement(fleet(hosts, machines), "a")).toEqual({
      ...{ ok: true, machine: "a", host: "r1", how: "chosen", together: [] },
      because:
        'it has "storage-rich"; of the hosts that take it, it keeps memory most even: 38 % at most, on r1',
      others: [
        { host: "r2", fits: true, why: 'it would fit, and lacks "storage-rich", which is preferred' },
        { host: "r3", fits: false, why: "memory: needs 16 GiB, 8 GiB free" },
      ],
    });
    const explained = explainPlacement(fleet(hosts, machines), "b");
    expect(explained.ok && explained.others[0]).toEqual({
      ...{ host: "r1", fits: false, why: "c is there, and the two are kept apart" },
    });
  });

  test("says that the record has it there, and where it would be better", () => {
    const explained = explainPlacement(referenceFleet(), "apollo", { current: REFERENCE_PLACEMENT });
    expect(explained).toMatchObject({
      ...{ host: "r710", how: "recorded", because: "the record has it there, and nobody moves unless asked" },
    });
    expect(explained.ok && explained.others.map((other) => [other.host, other.fits, other.why])).toEqual([
      ["r420", true, "it would fit, and the largest memory use of a host would be 86 %, not 53 %"],
      [
        "r720xd",
        true,
        "it would be better there, and nobody moves unless asked: `groundplane fleet rebalance`",
      ],
      ["r820", false, 'disk in pool "default": needs 250 GiB, 101 GiB free'],
      ["r8202", true, "it would fit as well"],
    ]);
  });

  test("names who goes with it", () => {
    const inventory = fleet(
      [host("r1", 64)],
      [machine("a", 8, { near: ["b"] }), machine("b", 8, { pin: "r1" })],
    );
    expect(explainPlacement(inventory, "a")).toMatchObject({
      ...{ how: "bound", because: "b is pinned to r1", together: ["b"] },
    });
  });

  test("fails when there is no such machine", () => {
    expect(() => explainPlacement(referenceFleet(), "zeus")).toThrow(
      /no machine is named "zeus"; the fleet has apollo/,
    );
  });
});
