import { memoryShare } from "./balance.ts";
import { FIRST_POOL, type Instance, MEMORY, VCPUS } from "./instance.ts";
import { fits, fitsInsteadOf, type Layout, put, recordedLayout, take } from "./layout.ts";

/** What a host costs a unit that fits on it: the least wins, then the first by name. */
export type HostCost = (layout: Layout, unit: number, host: number) => number;

/** How much a unit is, for the order in which units are placed: the most goes first. */
export type UnitWeight = (unit: number) => number;

/** What a host has of a resource, on the average; at least 1. */
export const meanCapacity = (instance: Instance, resource: number): number => {
  let total = 0;
  for (let host = 0; host < instance.hosts.length; host += 1)
    total += Math.max(0, instance.capacity[host * instance.resources + resource] ?? 0);
  return Math.max(1, total / instance.hosts.length);
};

/** Ways to weigh units: by the resource of which they take the largest part, by all together, by each alone. */
export function unitWeights(instance: Instance): readonly UnitWeight[] {
  const scale = Float64Array.from({ length: instance.resources }, (_, resource) =>
    meanCapacity(instance, resource),
  );
  const part = (unit: number, resource: number): number =>
    (instance.demand[unit * instance.resources + resource] ?? 0) / (scale[resource] ?? 1);
  const over = (unit: number, from: number, combine: (a: number, b: number) => number): number => {
    let value = 0;
    for (let resource = from; resource < instance.resources; resource += 1)
      value = combine(value, part(unit, resource));
    return value;
  };
  const add = (a: number, b: number): number => a + b;
  return [
    (unit) => over(unit, 0, Math.max),
    (unit) => over(unit, 0, add),
    (unit) => part(unit, MEMORY),
    (unit) => over(unit, FIRST_POOL, add),
    (unit) => part(unit, VCPUS),
  ];
}

/** Memory evenly: the host whose relative use stays least. */
export const spreadCost: HostCost = ({ instance, free }, unit, host) =>
  memoryShare(
    instance,
    host,
    (free[host * instance.resources + MEMORY] ?? 0) -
      (instance.demand[unit * instance.resources + MEMORY] ?? 0),
  );

/** All resources evenly: the host whose fullest resource stays least full. */
export const evenCost: HostCost = ({ instance, free }, unit, host) => {
  let fullest = 0;
  for (let resource = 0; resource < instance.resources; resource += 1) {
    const at = host * instance.resources + resource;
    const capacity = instance.capacity[at] ?? 0;
    const left = (free[at] ?? 0) - (instance.demand[unit * instance.resources + resource] ?? 0);
    if (capacity > 0) fullest = Math.max(fullest, 1 - left / capacity);
  }
  return fullest;
};

/** Few hosts: one in use before an empty one, the one that it fills best; of the empty ones the largest. */
export function packCost(instance: Instance): HostCost {
  const scale = Float64Array.from({ length: instance.resources }, (_, resource) =>
    meanCapacity(instance, resource),
  );
  return ({ free, unitsAt }, unit, host) => {
    let left = 0;
    for (let resource = 0; resource < instance.resources; resource += 1) {
      const after =
        (free[host * instance.resources + resource] ?? 0) -
        (instance.demand[unit * instance.resources + resource] ?? 0);
      left += after / (scale[resource] ?? 1);
    }
    return unitsAt[host]?.size === 0 ? 1e6 - left : left;
  };
}

/** The best host for a unit as things stand: the fewest wishes unmet, then the least cost. -1 for none. */
export function bestHost(layout: Layout, unit: number, cost: HostCost): number {
  const { hosts, unmet } = layout.instance;
  let [best, bestUnmet, bestCost] = [-1, 0, 0];
  for (let host = 0; host < hosts.length; host += 1) {
    if (!fits(layout, unit, host)) continue;
    const hostUnmet = unmet[unit * hosts.length + host] ?? 0;
    if (best >= 0 && hostUnmet > bestUnmet) continue;
    const hostCost = cost(layout, unit, host);
    if (best < 0 || hostUnmet < bestUnmet || hostCost < bestCost)
      [best, bestUnmet, bestCost] = [host, hostUnmet, hostCost];
  }
  return best;
}

/** Lets one unit that is free to move give way, where that makes room. */
function makeRoom(layout: Layout, unit: number, cost: HostCost): boolean {
  const { hosts, units } = layout.instance;
  for (let host = 0; host < hosts.length; host += 1) {
    for (const other of [...(layout.unitsAt[host] ?? [])]) {
      if ((units[other]?.recorded ?? 0) >= 0 || !fitsInsteadOf(layout, unit, other, host)) continue;
      take(layout, other);
      put(layout, unit, host);
      const elsewhere = bestHost(layout, other, cost);
      if (elsewhere >= 0) {
        put(layout, other, elsewhere);
        return true;
      }
      take(layout, unit);
      put(layout, other, host);
    }
  }
  return false;
}

export interface Constructed {
  readonly layout: Layout;
  /** Units for which there was no room. */
  readonly unplaced: readonly number[];
}

/** Units that the record does not place: those that may go to one host alone, then the heaviest. */
export function placingOrder(instance: Instance, weight: UnitWeight): readonly number[] {
  const free = instance.units.flatMap(({ recorded }, unit) => (recorded < 0 ? unit : []));
  const weights = new Map(free.map((unit) => [unit, weight(unit)]));
  const isBound = (unit: number): number => (instance.units[unit]?.bound === undefined ? 1 : 0);
  return free.sort(
    (a, b) => isBound(a) - isBound(b) || (weights.get(b) ?? 0) - (weights.get(a) ?? 0) || a - b,
  );
}

/** With so many left over, pushing aside will not save the attempt. */
const HOPELESS = 3;

/** Places units one after the other, each where it costs least; one that fits nowhere may push another aside. */
export function construct(instance: Instance, order: readonly number[], cost: HostCost): Constructed {
  const layout = recordedLayout(instance);
  const unplaced: number[] = [];
  for (const unit of order) {
    const host = bestHost(layout, unit, cost);
    if (host >= 0) put(layout, unit, host);
    else if (unplaced.length >= HOPELESS || !makeRoom(layout, unit, cost)) unplaced.push(unit);
  }
  return { layout, unplaced };
}
