import { checkPlacement } from "./check-placement.ts";
import { type GrowthScenario, growthScenarios } from "./growth.ts";
import {
  type ByResource,
  commonShape,
  type HostCapacity,
  hostCapacity,
  type MachineShape,
  type ResourceUse,
  roomForAll,
  sum,
} from "./host-capacity.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { byName, type Placement, type PlacementProblem, placementMap } from "./placement-problem.ts";
import { SIZES, type SizeName } from "./size.ts";

/** How many more machines of one shape fit, with nobody moving. */
export interface StillFits {
  readonly size: SizeName;
  readonly shape: MachineShape;
  readonly more: number;
  /** If each resource were the only one: the least of them says what to buy. */
  readonly byResource: ByResource;
}

export interface CapacityReport {
  readonly memoryMiB: ResourceUse;
  readonly vcpus: ResourceUse;
  /** All pools together. */
  readonly diskGiB: ResourceUse;
  readonly hosts: readonly HostCapacity[];
  /** Machines that the record does not have: they take nothing here. */
  readonly unplaced: readonly string[];
  readonly fits: readonly StillFits[];
  /** What growth is counted in: the shape that most machines have. */
  readonly agent: MachineShape;
  readonly scenarios: readonly GrowthScenario[];
  /** What is not in order in the record: figures of such a fleet are to be read with care. */
  readonly problems: readonly PlacementProblem[];
}

export interface CapacityOptions {
  readonly current: Placement;
  /**
   * Machines in all, for each scenario of growth.
   *
   * @default [10, 15, 20, 25]
   */
  readonly scenarios?: readonly number[];
}

function added(uses: readonly ResourceUse[]): ResourceUse {
  const all = (key: keyof ResourceUse): number => sum(uses.map((use) => use[key]));
  return {
    total: all("total"),
    usable: all("usable"),
    services: all("services"),
    machines: all("machines"),
    free: all("free"),
  };
}

/**
 * What the fleet has, what is used and free, what still fits, and how far it grows: with the machines of the record where
 * they are.
 */
export function capacity(
  inventory: FleetInventory,
  { current, scenarios = [10, 15, 20, 25] }: CapacityOptions,
): CapacityReport {
  const record = placementMap(current);
  const machines = [...inventory.machines].sort(byName);
  const hosts = [...inventory.hosts].sort(byName).map((host) =>
    hostCapacity(
      host,
      machines.filter(({ name }) => record.get(name) === host.name),
    ),
  );
  const agent = commonShape(machines);
  return {
    memoryMiB: added(hosts.map(({ memoryMiB }) => memoryMiB)),
    vcpus: added(hosts.map(({ vcpus }) => vcpus)),
    diskGiB: added(hosts.flatMap(({ pools }) => pools)),
    hosts,
    unplaced: machines.filter(({ name }) => !record.has(name)).map(({ name }) => name),
    fits: (["light", "medium", "heavy"] as const).map((size) => {
      const shape = { ...SIZES[size], diskGiB: agent.diskGiB, pool: agent.pool };
      const { together, ...byResource } = roomForAll(hosts, shape);
      return { size, shape, more: together, byResource };
    }),
    agent,
    scenarios: growthScenarios(inventory, current, hosts, agent, scenarios),
    problems: checkPlacement(inventory, current).map(({ subject, problem, remedy }) => ({
      subject,
      problem,
      remedy,
    })),
  };
}
