import type { Instance } from "./instance.ts";

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Fewer hosts cannot hold all units: for each resource the largest hosts are counted until they have what all units
 * want together. Where every unit wants a multiple of something, a host's odd rest is of no use. Hosts that the record or a pin uses count in any case.
 */
export function hostsLowerBound(instance: Instance): number {
  const { hosts, units, resources, capacity, demand } = instance;
  const named = new Set(
    units.flatMap(({ recorded, bound }) => (recorded >= 0 ? recorded : (bound?.host ?? []))),
  );
  let bound = named.size;
  for (let resource = 0; resource < resources; resource += 1) {
    let wanted = 0;
    let step = 0;
    for (let at = resource; at < demand.length; at += resources) {
      wanted += demand[at] ?? 0;
      step = greatestCommonDivisor(demand[at] ?? 0, step);
    }
    const usable = (amount: number): number => (step > 0 ? Math.floor(amount / step) * step : amount);
    const largest = hosts
      .map((_, host) => usable(capacity[host * resources + resource] ?? 0))
      .sort((a, b) => b - a);
    let count = 0;
    while (wanted > 0 && count < largest.length) {
      wanted -= largest[count] ?? 0;
      count += 1;
    }
    bound = Math.max(bound, count);
  }
  return bound;
}
