import { expect, test } from "vitest";
import { checkPlacement } from "./check-placement.ts";
import { fleet, host, machine } from "./fleets.fixture.ts";
import { hostsLowerBound } from "./hosts-lower-bound.ts";
import { compileInstance } from "./instance.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { planPlacement } from "./plan-placement.ts";

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Mix = "sizes" | "any-size" | "two-kinds-of-hosts" | "disk-and-memory";

/** 1,000 machines on 50 hosts, which have a fifth to spare. */
function largeFleet(mix: Mix, strategy: FleetInventory["strategy"], seed: number): FleetInventory {
  const next = numbers(seed);
  const machines = Array.from({ length: 1000 }, (_, index) => {
    const size = (["light", "medium", "medium", "heavy"] as const)[next(4)] ?? "medium";
    // Memory and disk against each other: much of the one, little of the other.
    const much = next(2) === 0;
    const any = { memoryMiB: 1024 * (2 + next(30)), vcpus: 1 + next(8) };
    return machine(`m${index}`, 1, {
      size:
        mix === "any-size"
          ? any
          : mix === "disk-and-memory"
            ? { memoryMiB: 1024 * (much ? 24 : 8), vcpus: 2 }
            : size,
      diskGiB: mix === "disk-and-memory" ? (much ? 50 : 400) : 50 + 50 * next(8),
    });
  });
  const hosts = Array.from({ length: 50 }, (_, index) => {
    const scale = mix === "two-kinds-of-hosts" && index % 2 === 0 ? 2 : 1;
    return host(`r${index}`, 448 * scale, { vcpus: 160 * scale, pools: [{ sizeGiB: 6500 * scale }] });
  });
  return fleet(hosts, machines, { strategy });
}

test.each(["sizes", "any-size", "two-kinds-of-hosts", "disk-and-memory"] as const)(
  "1,000 machines on 50 hosts: %s are packed within 5 % of the lower bound, and spread over all hosts",
  (mix) => {
    for (const seed of [1, 2, 3]) {
      const packed = largeFleet(mix, "pack", seed);
      const plan = planPlacement(packed);
      if (!plan.ok) throw new TypeError("it fits");
      const bound = hostsLowerBound(compileInstance(packed, new Map(), "sticky").instance);
      expect(plan.balance.hostsUsed / bound).toBeLessThanOrEqual(1.05);
      expect(checkPlacement(packed, plan.assignment)).toEqual([]);
    }
    const spread = largeFleet(mix, "spread", 4);
    const plan = planPlacement(spread);
    if (!plan.ok) throw new TypeError("it fits");
    expect(checkPlacement(spread, plan.assignment)).toEqual([]);
    // As even as can be: the fullest host is above the average by less than the smallest machine.
    const used = spread.machines.reduce(
      (sum, { size }) =>
        sum + (typeof size === "string" ? { light: 8, medium: 16, heavy: 32 }[size] : size.memoryMiB / 1024),
      0,
    );
    const there = spread.hosts.reduce((sum, { memoryMiB }) => sum + memoryMiB / 1024, 0);
    expect(plan.balance.largestMemoryShare - used / there).toBeLessThan(8 / 448);
  },
);
