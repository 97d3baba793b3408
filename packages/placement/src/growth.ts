import { type ByResource, type HostCapacity, type MachineShape, roomForAll } from "./host-capacity.ts";
import { hostLimits } from "./host-limits.ts";
import type { FleetHost, FleetInventory } from "./inventory-shape.ts";
import { byName, type Placement, placementMap } from "./placement-problem.ts";

/** Hosts to buy so that a scenario fits. */
export interface Purchase {
  /** As this one is, its reserve and overcommit with it. */
  readonly like: string;
  readonly count: number;
  /** Machines that one takes. */
  readonly machinesEach: number;
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly diskGiB: number;
}

/** The fleet with so many machines in all, those to come being of the shape that most have. */
export interface GrowthScenario {
  readonly machines: number;
  /** Machines to come: those of the inventory that have no host yet count among them. */
  readonly more: number;
  /** With nobody moving. */
  readonly fits: boolean;
  /** How many machines there may be in all, if each resource were the only one, and by all. */
  readonly atMost: ByResource & { readonly together: number };
  /** Memory of all machines then, and its share of all that hosts have. */
  readonly memoryMiB: number;
  readonly memoryShare: number;
  /** What ends first; undefined where it fits. */
  readonly limit: keyof ByResource | "each together" | undefined;
  /** The fewest hosts like one of the fleet's, and of those the least memory; undefined where none is needed or helps. */
  readonly buy: Purchase | undefined;
}

/** What an empty host like this one takes of a shape; services of the old one do not come with it. */
function takesEach(host: FleetHost, shape: MachineShape): number {
  const { memoryMiB, vcpus, pools } = hostLimits({ ...host, used: [] });
  const pool = pools.find(({ name }) => name === shape.pool);
  if (pool === undefined) return 0;
  return Math.max(
    0,
    Math.min(
      Math.floor(memoryMiB.usable / shape.memoryMiB),
      Math.floor(vcpus.usable / shape.vcpus),
      Math.floor(pool.usable / shape.diskGiB),
    ),
  );
}

function purchaseFor(
  hosts: readonly FleetHost[],
  shape: MachineShape,
  missing: number,
): Purchase | undefined {
  const offers = [...hosts].sort(byName).flatMap((host): Purchase[] => {
    const machinesEach = takesEach(host, shape);
    if (machinesEach === 0) return [];
    const diskGiB = host.pools.reduce((total, { sizeGiB }) => total + sizeGiB, 0);
    const { name: like, memoryMiB, vcpus } = host;
    return [{ like, count: Math.ceil(missing / machinesEach), machinesEach, memoryMiB, vcpus, diskGiB }];
  });
  const [best] = offers.sort(
    (a, b) => a.count - b.count || a.memoryMiB - b.memoryMiB || a.diskGiB - b.diskGiB,
  );
  return best;
}

function limitOf(more: number, room: ByResource): GrowthScenario["limit"] {
  const [least] = (["memory", "vcpus", "disk"] as const).toSorted((a, b) => room[a] - room[b]);
  return least !== undefined && room[least] < more ? least : "each together";
}

/** A scenario with fewer machines than there are is one that fits. */
export function growthScenarios(
  inventory: FleetInventory,
  current: Placement,
  hosts: readonly HostCapacity[],
  agent: MachineShape,
  counts: readonly number[],
): readonly GrowthScenario[] {
  const record = placementMap(current);
  const there = inventory.machines.filter(({ name }) => record.has(name)).length;
  const room = roomForAll(hosts, agent);
  const totalMiB = hosts.reduce((sum, { memoryMiB }) => sum + memoryMiB.total, 0);
  const usedMiB = hosts.reduce((sum, { memoryMiB }) => sum + memoryMiB.machines, 0);
  return counts.map((machines) => {
    const more = Math.max(0, machines - there);
    const memoryMiB = usedMiB + more * agent.memoryMiB;
    const fits = more <= room.together;
    return {
      ...{ machines, more, fits, memoryMiB, memoryShare: memoryMiB / totalMiB },
      atMost: {
        memory: there + room.memory,
        vcpus: there + room.vcpus,
        disk: there + room.disk,
        together: there + room.together,
      },
      limit: fits ? undefined : limitOf(more, room),
      buy: fits ? undefined : purchaseFor(inventory.hosts, agent, more - room.together),
    };
  });
}
