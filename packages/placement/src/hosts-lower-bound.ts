import type { Instance } from "./instance.ts";

/**
 * Fewer hosts cannot hold all units: for each resource the largest hosts are counted until they have what all units
 * want together. Hosts that the record or a pin uses count in any case.
 */
export function hostsLowerBound(instance: Instance): number {
  const { hosts, units, resources, capacity, demand } = instance;
  const named = new Set(
    units.flatMap(({ recorded, bound }) => (recorded >= 0 ? recorded : (bound?.host ?? []))),
  );
  let bound = named.size;
  for (let resource = 0; resource < resources; resource += 1) {
    let wanted = 0;
    for (let at = resource; at < demand.length; at += resources) wanted += demand[at] ?? 0;
    const largest = hosts.map((_, host) => capacity[host * resources + resource] ?? 0).sort((a, b) => b - a);
    let count = 0;
    while (wanted > 0 && count < largest.length) {
      wanted -= largest[count] ?? 0;
      count += 1;
    }
    bound = Math.max(bound, count);
  }
  return bound;
}
