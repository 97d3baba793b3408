import { invalidArgument } from "@groundplane/contracts";
import { balanceOf } from "./balance.ts";
import type { Instance, Unit } from "./instance.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { fits, type Layout, obstacles, put, take } from "./layout.ts";
import { type PlacementNotFound, type PlacementOptions, planLayout } from "./plan-placement.ts";
import { isLess, type Score, scoreOf } from "./score.ts";

/** Another host, and why the machine is not there. */
export interface OtherHost {
  readonly host: string;
  /** Whether it would take the machine, with all others where they are. */
  readonly fits: boolean;
  /** What is in the way; where it fits, what would be worse. */
  readonly why: string;
}

export interface PlacementExplanation {
  readonly ok: true;
  readonly machine: string;
  readonly host: string;
  /** `recorded`: the record says so; `bound`: a pin or near does; `chosen`: the planner did. */
  readonly how: "recorded" | "bound" | "chosen";
  readonly because: string;
  /** Machines that go with it, as they are near. */
  readonly together: readonly string[];
  /** In the order of names. */
  readonly others: readonly OtherHost[];
}

export type ExplainResult = PlacementExplanation | PlacementNotFound;

export const percentText = (share: number): string => `${Math.round(share * 100)} %`;

/** Labels that machines prefer and a host lacks. */
function missingLabels(instance: Instance, unit: Unit, host: number): readonly string[] {
  const has = new Set(instance.hosts[host]?.labels);
  return [...new Set(unit.machines.flatMap(({ prefers }) => prefers))]
    .filter((label) => !has.has(label))
    .sort();
}

/** What makes one placement worse than another, in words. */
function worseText(layout: Layout, unit: Unit, host: number, now: Score, then: Score): string {
  const { instance } = layout;
  const spread = instance.strategy === "spread";
  if (then[0] > now[0]) {
    const labels = missingLabels(instance, unit, host).map((label) => `"${label}"`);
    return `it would fit, and lacks ${labels.join(" and ")}, which is preferred`;
  }
  if (then[1] > now[1] + 1e-12)
    return spread
      ? `it would fit, and the largest memory use of a host would be ${percentText(then[1])}, not ${percentText(now[1])}`
      : `it would fit, and ${then[1]} hosts would be in use, not ${now[1]}`;
  return spread
    ? "it would fit, and memory would be used less evenly"
    : "it would fit, and fewer hosts would be near full";
}

function otherText(layout: Layout, index: number, host: number): string {
  const unit = layout.instance.units[index];
  const from = layout.hostOf[index] ?? -1;
  if (unit === undefined) return "";
  const now = scoreOf(layout);
  take(layout, index);
  put(layout, index, host);
  const then = scoreOf(layout);
  take(layout, index);
  put(layout, index, from);
  if (isLess(now, then)) return worseText(layout, unit, host, now, then);
  if (!isLess(then, now)) return "it would fit as well";
  return unit.recorded >= 0
    ? "it would be better there, and nobody moves unless asked: `groundplane fleet rebalance`"
    : "it would be better there by itself";
}

function becauseOf({ instance }: Layout, unit: Unit, host: number, balance: string): string {
  if (unit.recorded >= 0) return "the record has it there, and nobody moves unless asked";
  if (unit.bound !== undefined) return unit.bound.why;
  const labels = [...new Set(unit.machines.flatMap(({ prefers }) => prefers))]
    .filter((label) => instance.hosts[host]?.labels.includes(label))
    .sort();
  const wish = labels.length === 0 ? "" : `it has ${labels.map((label) => `"${label}"`).join(" and ")}; `;
  return `${wish}${balance}`;
}

/**
 * Why a machine is where the plan puts it, and what keeps it from each other host.
 *
 * @throws {INVALID_ARGUMENT} no machine has that name.
 */
export function explainPlacement(
  inventory: FleetInventory,
  machine: string,
  { current = {} }: PlacementOptions = {},
): ExplainResult {
  if (!inventory.machines.some(({ name }) => name === machine)) {
    const names = inventory.machines.map(({ name }) => name).sort();
    throw invalidArgument(`no machine is named "${machine}"; the fleet has ${names.join(", ") || "none"}`, {
      machine,
    });
  }
  const planned = planLayout(inventory, current);
  if (!planned.ok) return planned;
  const { layout } = planned;
  const { instance, hostOf } = layout;
  const index = instance.units.findIndex(({ machines }) => machines.some(({ name }) => name === machine));
  const unit = instance.units[index];
  const host = hostOf[index] ?? -1;
  if (unit === undefined) throw invalidArgument(`"${machine}" is in no unit`, { machine });
  const { largestMemoryShare, largestHost, hostsUsed } = balanceOf(layout);
  const balance =
    instance.strategy === "spread"
      ? `of the hosts that take it, it keeps memory most even: ${percentText(largestMemoryShare)} at most, on ${largestHost}`
      : `with it there, ${hostsUsed} hosts are enough`;
  return {
    ok: true,
    machine,
    host: instance.hosts[host]?.name ?? "",
    how: unit.recorded >= 0 ? "recorded" : unit.bound === undefined ? "chosen" : "bound",
    because: becauseOf(layout, unit, host, balance),
    together: unit.machines.map(({ name }) => name).filter((name) => name !== machine),
    others: instance.hosts.flatMap(({ name }, other): OtherHost[] => {
      if (other === host) return [];
      const inTheWay = obstacles(layout, index, other).map(({ text }) => text);
      return [
        fits(layout, index, other)
          ? { host: name, fits: true, why: otherText(layout, index, other) }
          : { host: name, fits: false, why: inTheWay.join(", ") },
      ];
    }),
  };
}
