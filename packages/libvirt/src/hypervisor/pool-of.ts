import { invalidArgument } from "@groundplane/contracts";
import type { HypervisorRef, PoolRef } from "./hypervisor.ts";

/**
 * A pool of a hypervisor by its key.
 *
 * @throws {INVALID_ARGUMENT} it has no such pool.
 */
export function poolOf(hypervisor: HypervisorRef, key: string): PoolRef {
  const pool = hypervisor.pools[key];
  if (pool !== undefined) return pool;
  throw invalidArgument(
    `${hypervisor.name} has no pool "${key}"; choose one of ${Object.keys(hypervisor.pools).join(", ")}`,
    { argument: "pool", pool: key, hypervisor: hypervisor.name },
  );
}
