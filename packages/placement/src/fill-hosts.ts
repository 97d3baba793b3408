import {
  bestHost,
  type Constructed,
  meanCapacity,
  packCost,
  placingOrder,
  type UnitWeight,
} from "./construct.ts";
import type { Instance } from "./instance.ts";
import { fits, type Layout, put, recordedLayout } from "./layout.ts";

/**
 * Two measures of how well a unit goes with what a host has left, over several resources at once (Panigrahy, Talwar,
 * Uyeda and Wieder, "Heuristics for Vector Bin Packing", 2011): `along`, demand in the direction of what is left;
 * `leastLeft`, as little left afterwards as can be.
 */
export type FillMeasure = "along" | "leastLeft";

/** A resource counts by how scarce it is: what all units want of it, over what all hosts have. */
function scarcity(instance: Instance): Float64Array {
  const { resources, demand, hosts } = instance;
  return Float64Array.from({ length: resources }, (_, resource) => {
    let wanted = 0;
    for (let at = resource; at < demand.length; at += resources) wanted += demand[at] ?? 0;
    return wanted / (hosts.length * meanCapacity(instance, resource));
  });
}

/** Hosts in the order in which they are filled: those in use, then the largest. */
function fillingOrder(
  { instance, unitsAt }: Layout,
  scarce: Float64Array,
  mean: Float64Array,
): readonly number[] {
  const { capacity, resources, hosts } = instance;
  const size = hosts.map((_, host) =>
    scarce.reduce(
      (sum, share, resource) =>
        sum + (share * (capacity[host * resources + resource] ?? 0)) / (mean[resource] ?? 1),
      0,
    ),
  );
  const inUse = (host: number): number => (unitsAt[host]?.size === 0 ? 1 : 0);
  return [...hosts.keys()].sort((a, b) => inUse(a) - inUse(b) || (size[b] ?? 0) - (size[a] ?? 0) || a - b);
}

/** The fewest wishes that any host leaves unmet: a unit is filled in only where it can have that. */
function fewestUnmet({ unmet, units, hosts }: Instance): Uint16Array {
  return Uint16Array.from(units, (_, unit) => {
    let fewest = unmet[unit * hosts.length] ?? 0;
    for (let host = 1; host < hosts.length; host += 1)
      fewest = Math.min(fewest, unmet[unit * hosts.length + host] ?? 0);
    return fewest;
  });
}

/** The unit that goes best with what a host has left; -1 when none fits. */
function bestUnit(
  layout: Layout,
  host: number,
  left: readonly number[],
  { fewest, scarce, mean, measure }: Filling,
): number {
  const { instance, free } = layout;
  const { resources, unmet, demand, hosts } = instance;
  let [best, bestValue] = [-1, 0];
  for (const unit of left) {
    if ((unmet[unit * hosts.length + host] ?? 0) > (fewest[unit] ?? 0)) continue;
    if (!fits(layout, unit, host)) continue;
    let value = 0;
    for (let resource = 0; resource < resources; resource += 1) {
      const scale = mean[resource] ?? 1;
      const wanted = (demand[unit * resources + resource] ?? 0) / scale;
      const there = (free[host * resources + resource] ?? 0) / scale;
      value += (scarce[resource] ?? 0) * (measure === "along" ? wanted * there : -((there - wanted) ** 2));
    }
    if (best < 0 || value > bestValue) [best, bestValue] = [unit, value];
  }
  return best;
}

interface Filling {
  readonly fewest: Uint16Array;
  readonly scarce: Float64Array;
  readonly mean: Float64Array;
  readonly measure: FillMeasure;
}

/** Fills one host after the other, each time with the unit that goes best with what is left of it. */
export function fillHosts(instance: Instance, weight: UnitWeight, measure: FillMeasure): Constructed {
  const layout = recordedLayout(instance);
  const filling: Filling = {
    fewest: fewestUnmet(instance),
    scarce: scarcity(instance),
    mean: Float64Array.from({ length: instance.resources }, (_, resource) =>
      meanCapacity(instance, resource),
    ),
    measure,
  };
  const isBound = (unit: number): boolean => instance.units[unit]?.bound !== undefined;
  const order = placingOrder(instance, weight);
  for (const unit of order.filter(isBound)) {
    const host = instance.units[unit]?.bound?.host ?? -1;
    if (fits(layout, unit, host)) put(layout, unit, host);
  }
  const left = order.filter((unit) => !isBound(unit));
  for (const host of fillingOrder(layout, filling.scarce, filling.mean)) {
    for (;;) {
      const unit = bestUnit(layout, host, left, filling);
      if (unit < 0) break;
      put(layout, unit, host);
      left.splice(left.indexOf(unit), 1);
    }
  }
  const cost = packCost(instance);
  const unplaced = order.filter((unit) => {
    if ((layout.hostOf[unit] ?? -1) >= 0) return false;
    const host = bestHost(layout, unit, cost);
    if (host >= 0) put(layout, unit, host);
    return host < 0;
  });
  return { layout, unplaced };
}
