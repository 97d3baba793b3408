import { type FleetHost, type FleetInventory, type FleetMachine, sizeOf } from "@groundplane/placement";
import { bestFitDecreasing } from "bin-packer";

/** Hosts' names by machine's. */
export type Placed = Readonly<Record<string, string>>;

/** What a machine takes, and a host has, of memory, vCPU and disk. */
const wanted = (machine: FleetMachine): readonly number[] => {
  const { memoryMiB, vcpus } = sizeOf(machine.size);
  return [memoryMiB, vcpus, machine.diskGiB];
};
const offered = ({ memoryMiB, reserve, vcpus, pools }: FleetHost): readonly number[] => [
  memoryMiB - reserve.memoryMiB,
  vcpus - reserve.vcpus,
  (pools[0]?.sizeGiB ?? 0) - reserve.diskGiB,
];

type Choice = (free: readonly (readonly number[])[], takers: readonly number[]) => number | undefined;

/** Machines by memory, the largest first, each on the host that `choose` picks of those with room for it. */
function decreasing({ hosts, machines }: FleetInventory, choose: Choice): Placed {
  const free = hosts.map((host) => [...offered(host)]);
  const placed: Record<string, string> = {};
  const largestFirst = [...machines].sort((a, b) => sizeOf(b.size).memoryMiB - sizeOf(a.size).memoryMiB);
  for (const machine of largestFirst) {
    const needs = wanted(machine);
    const takers = [...hosts.keys()].filter((host) =>
      needs.every((need, resource) => need <= (free[host]?.[resource] ?? 0)),
    );
    const host = choose(free, takers);
    if (host === undefined) throw new RangeError(`no host takes ${machine.name}`);
    needs.forEach((need, resource) => {
      const row = free[host];
      if (row !== undefined) row[resource] = (row[resource] ?? 0) - need;
    });
    placed[machine.name] = hosts[host]?.name ?? "";
  }
  return placed;
}

/** First-fit decreasing: what one writes in an afternoon to use few hosts. */
export const firstFitDecreasing = (inventory: FleetInventory): Placed =>
  decreasing(inventory, (_, takers) => takers[0]);

/** Onto the host with the most memory left: what one writes to use all hosts evenly. */
export const mostFreeFirst = (inventory: FleetInventory): Placed =>
  decreasing(inventory, (free, takers) =>
    takers.reduce<number | undefined>(
      (best, host) => (best === undefined || (free[host]?.[0] ?? 0) > (free[best]?.[0] ?? 0) ? host : best),
      undefined,
    ),
  );

/**
 * bin-packer knows one number for each machine, and bins of one size. So that no host is over a limit, the number is the
 * largest part of a host that the machine takes of any resource.
 */
export function binPacker({ hosts, machines }: FleetInventory): Placed {
  const there = hosts[0] === undefined ? [] : offered(hosts[0]);
  const partOf = (machine: FleetMachine): number =>
    Math.max(...wanted(machine).map((need, resource) => need / (there[resource] ?? 1)));
  const { bins } = bestFitDecreasing([...machines], partOf, 1);
  return Object.fromEntries(
    bins.flatMap((bin, index) =>
      bin.map((machine) => [machine.name, hosts[index]?.name ?? `more-${index}`] as const),
    ),
  );
}
