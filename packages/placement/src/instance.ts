import { hostLimits } from "./host-limits.ts";
import type { FleetHost, FleetInventory, FleetMachine } from "./inventory-shape.ts";
import { byName, type PlacementMap, type PlacementProblem } from "./placement-problem.ts";
import { sizeOf } from "./size.ts";

/** Memory and vCPU come first among the resources; then one for each pool's name. */
export const MEMORY = 0;
export const VCPUS = 1;
export const FIRST_POOL = 2;

/** Machines that go to a host together: one, or several that are near each other. */
export interface Unit {
  /** By name. */
  readonly machines: readonly FleetMachine[];
  /** The one host that it may be on, and why; undefined for any. */
  readonly bound: { readonly host: number; readonly why: string } | undefined;
  /** Units that must be on other hosts. */
  readonly apart: readonly number[];
  /** The host on which the record has it; -1 for none. */
  readonly recorded: number;
}

/** An inventory in numbers. Hosts and units are in the order of names, so that the order of the input says nothing. */
export interface Instance {
  readonly hosts: readonly FleetHost[];
  readonly units: readonly Unit[];
  /** Names of the resources' pools, from `FIRST_POOL` on. */
  readonly pools: readonly string[];
  readonly resources: number;
  /** What units want, by unit and resource. */
  readonly demand: Float64Array;
  /** What machines may take, by host and resource. */
  readonly capacity: Float64Array;
  /** Memory that machines and services may take, by host. */
  readonly usableMemory: Float64Array;
  /** Memory that services take, by host. */
  readonly servicesMemory: Float64Array;
  /** Preferred labels that a host lacks, by unit and host. */
  readonly unmet: Uint16Array;
  readonly strategy: FleetInventory["strategy"];
}

export interface CompiledInstance {
  readonly instance: Instance;
  /** Why there is no placement, whatever the hosts have. */
  readonly problems: readonly PlacementProblem[];
}

interface Draft {
  readonly machines: readonly FleetMachine[];
  readonly recorded: number;
  readonly bound: Unit["bound"];
}

/** Sets of machines that must be on one host, by name of each machine. */
function nearSets(machines: readonly FleetMachine[]): readonly (readonly FleetMachine[])[] {
  const leader = new Map(machines.map(({ name }) => [name, name]));
  const leaderOf = (name: string): string => {
    const above = leader.get(name) ?? name;
    if (above === name) return name;
    const top = leaderOf(above);
    leader.set(name, top);
    return top;
  };
  for (const { name, near } of machines) {
    for (const other of near) if (leader.has(other)) leader.set(leaderOf(name), leaderOf(other));
  }
  const sets = new Map<string, FleetMachine[]>();
  for (const machine of machines) {
    const set = sets.get(leaderOf(machine.name));
    if (set === undefined) sets.set(leaderOf(machine.name), [machine]);
    else set.push(machine);
  }
  return [...sets.values()];
}

/**
 * Splits a set into what moves by itself. What is recorded stays where it is, the rest goes where those are; with
 * nothing recorded the set goes as a whole.
 */
function stickyDrafts(
  set: readonly FleetMachine[],
  hostIndex: ReadonlyMap<string, number>,
  current: PlacementMap,
  problems: PlacementProblem[],
): readonly Draft[] {
  const place = (machine: FleetMachine): number => hostIndex.get(current.get(machine.name) ?? "") ?? -1;
  const stays = set.filter((machine) => place(machine) >= 0);
  const rest = set.filter((machine) => place(machine) < 0);
  const drafts: Draft[] = stays.map((machine) => ({
    machines: [machine],
    recorded: place(machine),
    bound: undefined,
  }));
  if (rest.length === 0) return drafts;
  const names = rest.map(({ name }) => name).join(" and ");
  const wishes = [
    ...rest.flatMap(({ pin, name }) =>
      pin === undefined ? [] : [{ host: pin, why: `${name} is pinned to ${pin}` }],
    ),
    ...stays.map(({ name }) => ({
      host: current.get(name) ?? "",
      why: `it is near ${name}, which is on ${current.get(name)}`,
    })),
  ];
  const [wish] = wishes;
  const other = wishes.find(({ host }) => host !== wish?.host);
  if (wish !== undefined && other !== undefined) {
    problems.push({
      subject: names,
      problem: `${wish.why}, and ${other.why}`,
      remedy: "Take one of the two out of the inventory.",
    });
  }
  const bound = wish === undefined ? undefined : { host: hostIndex.get(wish.host) ?? -1, why: wish.why };
  return [...drafts, { machines: rest, recorded: -1, bound }];
}

/** A set moves as a whole where all of it is on one host, else each machine by itself. */
function movableDrafts(
  set: readonly FleetMachine[],
  hostIndex: ReadonlyMap<string, number>,
  current: PlacementMap,
): readonly Draft[] {
  const placed = set.flatMap((machine) => {
    const recorded = hostIndex.get(current.get(machine.name) ?? "");
    return recorded === undefined ? [] : [{ machine, recorded }];
  });
  const pinOf = (machines: readonly FleetMachine[]): Unit["bound"] => {
    const pin = machines.find((machine) => machine.pin !== undefined)?.pin;
    return pin === undefined ? undefined : { host: hostIndex.get(pin) ?? -1, why: `it is pinned to ${pin}` };
  };
  const [first] = placed;
  if (first === undefined) return [];
  if (placed.every(({ recorded }) => recorded === first.recorded)) {
    const machines = placed.map(({ machine }) => machine);
    return [{ machines, recorded: first.recorded, bound: pinOf(machines) }];
  }
  return placed.map(({ machine, recorded }) => ({ machines: [machine], recorded, bound: pinOf([machine]) }));
}

function demandOf(drafts: readonly Draft[], pools: readonly string[]): Float64Array {
  const resources = FIRST_POOL + pools.length;
  const poolIndex = new Map(pools.map((name, index) => [name, FIRST_POOL + index]));
  const demand = new Float64Array(drafts.length * resources);
  drafts.forEach(({ machines }, unit) => {
    const add = (resource: number, amount: number): void => {
      const at = unit * resources + resource;
      demand[at] = (demand[at] ?? 0) + amount;
    };
    for (const machine of machines) {
      const size = sizeOf(machine.size);
      add(MEMORY, size.memoryMiB);
      add(VCPUS, size.vcpus);
      add(poolIndex.get(machine.pool) ?? FIRST_POOL, machine.diskGiB);
    }
  });
  return demand;
}

/** Units that are apart, both ways, whichever of the two says so. */
function apartLists(drafts: readonly Draft[], problems: PlacementProblem[]): readonly (readonly number[])[] {
  const unitOf = new Map(
    drafts.flatMap(({ machines }, unit) => machines.map(({ name }) => [name, unit] as const)),
  );
  const lists = drafts.map(() => new Set<number>());
  drafts.forEach(({ machines }, unit) => {
    for (const { name, apart } of machines) {
      for (const otherName of apart) {
        const other = unitOf.get(otherName);
        if (other === undefined) continue;
        if (other === unit) {
          problems.push({
            subject: name,
            problem: `it is apart from ${otherName}, and near it as well`,
            remedy: "Take one of the two out of the inventory.",
          });
          continue;
        }
        lists[unit]?.add(other);
        lists[other]?.add(unit);
      }
    }
  });
  return lists.map((list) => [...list].sort((a, b) => a - b));
}

function capacityOf(hosts: readonly FleetHost[], pools: readonly string[]): Float64Array {
  const resources = FIRST_POOL + pools.length;
  const capacity = new Float64Array(hosts.length * resources);
  hosts.forEach((host, index) => {
    const limits = hostLimits(host);
    capacity[index * resources + MEMORY] = limits.memoryMiB.usable - limits.memoryMiB.services;
    capacity[index * resources + VCPUS] = limits.vcpus.usable - limits.vcpus.services;
    for (const { name, usable, services } of limits.pools) {
      const pool = pools.indexOf(name);
      if (pool >= 0) capacity[index * resources + FIRST_POOL + pool] = usable - services;
    }
  });
  return capacity;
}

function unmetOf(units: readonly Unit[], hosts: readonly FleetHost[]): Uint16Array {
  const unmet = new Uint16Array(units.length * hosts.length);
  const labels = hosts.map((host) => new Set(host.labels));
  units.forEach((unit, index) => {
    const wanted = unit.machines.flatMap(({ prefers }) => prefers);
    if (wanted.length === 0) return;
    labels.forEach((has, host) => {
      unmet[index * hosts.length + host] = wanted.filter((label) => !has.has(label)).length;
    });
  });
  return unmet;
}

/**
 * Brings an inventory and its record into numbers.
 *
 * @param mode `sticky`: what is recorded is a unit of its own that stays; `movable`: only what is recorded, and it may move.
 */
export function compileInstance(
  inventory: FleetInventory,
  current: PlacementMap,
  mode: "sticky" | "movable",
): CompiledInstance {
  const hosts = [...inventory.hosts].sort(byName);
  const machines = [...inventory.machines].sort(byName);
  const hostIndex = new Map(hosts.map(({ name }, index) => [name, index]));
  const pools = [...new Set(machines.map(({ pool }) => pool))].sort();
  const problems: PlacementProblem[] = [];
  const drafts = nearSets(machines).flatMap((set) =>
    mode === "sticky"
      ? stickyDrafts(set, hostIndex, current, problems)
      : movableDrafts(set, hostIndex, current),
  );
  const apart = apartLists(drafts, problems);
  const units = drafts.map((draft, index) => ({
    ...draft,
    apart: apart[index] ?? [],
  }));
  const limits = hosts.map(hostLimits);
  return {
    instance: {
      ...{ hosts, units, pools, resources: FIRST_POOL + pools.length },
      demand: demandOf(drafts, pools),
      capacity: capacityOf(hosts, pools),
      usableMemory: Float64Array.from(limits, ({ memoryMiB }) => memoryMiB.usable),
      servicesMemory: Float64Array.from(limits, ({ memoryMiB }) => memoryMiB.services),
      unmet: unmetOf(units, hosts),
      strategy: inventory.strategy,
    },
    problems,
  };
}
