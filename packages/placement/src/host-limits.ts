import type { FleetHost } from "./inventory-shape.ts";

/** One limit of a host: what there is for machines and services, and what its own services take of it. */
export interface HostLimit {
  /** What there is, less the reserve, times the overcommit. */
  readonly usable: number;
  readonly services: number;
}

export interface HostLimits {
  readonly memoryMiB: HostLimit;
  readonly vcpus: HostLimit;
  readonly pools: readonly (HostLimit & { readonly name: string })[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A ratio as 1.1 is no exact number: 11 of 10 must not become 10. */
const wholeTimes = (amount: number, ratio: number): number => Math.floor(amount * ratio + 1e-9);

/** What a host has for machines and for services of its own. Memory is never overcommitted. */
export function hostLimits(host: FleetHost): HostLimits {
  const { reserve, used } = host;
  return {
    memoryMiB: {
      usable: host.memoryMiB - reserve.memoryMiB,
      services: sum(used.map(({ memoryMiB }) => memoryMiB)),
    },
    vcpus: {
      usable: wholeTimes(host.vcpus - reserve.vcpus, host.vcpuOvercommit),
      services: sum(used.map(({ vcpus }) => vcpus)),
    },
    pools: host.pools.map(({ name, sizeGiB, overcommit }) => ({
      name,
      usable: wholeTimes(sizeGiB - reserve.diskGiB, overcommit),
      services: sum(used.filter(({ pool }) => pool === name).map(({ diskGiB }) => diskGiB)),
    })),
  };
}
