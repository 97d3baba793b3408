import { hostLimits } from "./host-limits.ts";
import type { FleetHost, FleetMachine } from "./inventory-shape.ts";
import { type MachineSize, SIZES, sizeOf } from "./size.ts";

/** One resource, of one host or of all. */
export interface ResourceUse {
  /** What there is. */
  readonly total: number;
  /** Less the reserve, times the overcommit: what machines and services may take. */
  readonly usable: number;
  /** What services on the host itself take. */
  readonly services: number;
  readonly machines: number;
  /** Below 0 where more is taken than there may be. */
  readonly free: number;
}

export interface HostCapacity {
  readonly name: string;
  readonly machines: readonly string[];
  readonly memoryMiB: ResourceUse;
  readonly vcpus: ResourceUse;
  readonly pools: readonly (ResourceUse & { readonly name: string })[];
}

/** What a machine would have that is not there yet. */
export interface MachineShape extends MachineSize {
  readonly diskGiB: number;
  readonly pool: string;
}

export interface ByResource {
  readonly memory: number;
  readonly vcpus: number;
  readonly disk: number;
}

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

function useOf(
  total: number,
  limit: { readonly usable: number; readonly services: number },
  machines: number,
): ResourceUse {
  const { usable, services } = limit;
  return { total, usable, services, machines, free: usable - services - machines };
}

export function hostCapacity(host: FleetHost, machines: readonly FleetMachine[]): HostCapacity {
  const limits = hostLimits(host);
  const sizes = machines.map(({ size }) => sizeOf(size));
  return {
    name: host.name,
    machines: machines.map(({ name }) => name),
    memoryMiB: useOf(host.memoryMiB, limits.memoryMiB, sum(sizes.map(({ memoryMiB }) => memoryMiB))),
    vcpus: useOf(host.vcpus, limits.vcpus, sum(sizes.map(({ vcpus }) => vcpus))),
    pools: limits.pools.map(({ name, ...limit }, index) => ({
      name,
      ...useOf(
        host.pools[index]?.sizeGiB ?? 0,
        limit,
        sum(machines.filter(({ pool }) => pool === name).map(({ diskGiB }) => diskGiB)),
      ),
    })),
  };
}

/** The shape that most machines have; of several the largest, then the first in the order of their text. */
export function commonShape(machines: readonly FleetMachine[]): MachineShape {
  const shapes = new Map<string, { readonly shape: MachineShape; count: number }>();
  for (const { size, diskGiB, pool } of machines) {
    const { memoryMiB, vcpus } = sizeOf(size);
    const shape = { memoryMiB, vcpus, diskGiB, pool };
    const key = JSON.stringify(shape);
    const seen = shapes.get(key);
    if (seen === undefined) shapes.set(key, { shape, count: 1 });
    else seen.count += 1;
  }
  const [most] = [...shapes].sort(
    ([keyA, a], [keyB, b]) =>
      b.count - a.count || b.shape.memoryMiB - a.shape.memoryMiB || (keyA < keyB ? -1 : 1),
  );
  return most?.[1].shape ?? { ...SIZES.medium, diskGiB: 250, pool: "default" };
}

const times = (free: number, each: number): number => Math.max(0, Math.floor(free / each));

/** How many more of a shape a host takes, by each resource. Exact: machines of one shape do not get in each other's way. */
function roomFor(host: HostCapacity, shape: MachineShape): ByResource {
  const pool = host.pools.find(({ name }) => name === shape.pool);
  return {
    memory: times(host.memoryMiB.free, shape.memoryMiB),
    vcpus: times(host.vcpus.free, shape.vcpus),
    disk: pool === undefined ? 0 : times(pool.free, shape.diskGiB),
  };
}

export function roomForAll(
  hosts: readonly HostCapacity[],
  shape: MachineShape,
): ByResource & { readonly together: number } {
  const rooms = hosts.map((host) => roomFor(host, shape));
  return {
    memory: sum(rooms.map(({ memory }) => memory)),
    vcpus: sum(rooms.map(({ vcpus }) => vcpus)),
    disk: sum(rooms.map(({ disk }) => disk)),
    together: sum(rooms.map(({ memory, vcpus, disk }) => Math.min(memory, vcpus, disk))),
  };
}
