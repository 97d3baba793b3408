import { type Instance, MEMORY } from "./instance.ts";
import type { Layout } from "./layout.ts";

/**
 * How even a placement is. Less is more even, first by the largest relative memory use of a host, then by the variance
 * of all hosts'. Relative use is what machines and services have, over what the reserve leaves.
 */
export interface Balance {
  /** 0 to 1. */
  readonly largestMemoryShare: number;
  /** The host that has it; the first by name. */
  readonly largestHost: string;
  readonly variance: number;
  /** Hosts with at least one machine. */
  readonly hostsUsed: number;
}

/** Relative memory use of a host whose machines leave `free`. */
export function memoryShare(instance: Instance, host: number, free: number): number {
  const usable = instance.usableMemory[host] ?? 0;
  return usable > 0 ? (usable - free) / usable : 0;
}

export function sharesOf({ instance, free }: Layout): Float64Array {
  return Float64Array.from(instance.hosts, (_, host) =>
    memoryShare(instance, host, free[host * instance.resources + MEMORY] ?? 0),
  );
}

export function varianceOf(shares: Float64Array): number {
  const mean = shares.reduce((total, share) => total + share, 0) / shares.length;
  return shares.reduce((total, share) => total + (share - mean) ** 2, 0) / shares.length;
}

export function balanceOf(layout: Layout): Balance {
  const shares = sharesOf(layout);
  const largest = shares.indexOf(Math.max(...shares));
  return {
    largestMemoryShare: shares[largest] ?? 0,
    largestHost: layout.instance.hosts[largest]?.name ?? "",
    variance: varianceOf(shares),
    hostsUsed: layout.unitsAt.filter((units) => units.size > 0).length,
  };
}
