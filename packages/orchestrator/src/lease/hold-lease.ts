import type { Lease, LeaseKeeper } from "./lease.ts";

/** A holder that says nothing for this long has lost its lease. */
export const LEASE_MS = 60_000;

export interface HoldLeaseOptions {
  readonly leases: LeaseKeeper;
  readonly key: string;
  readonly holder: string;
  /** @default 60,000 */
  readonly ttlMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HeldLease {
  readonly lease: Lease;
  /** Aborted when the caller aborts, or the lease is lost. */
  readonly signal: AbortSignal;
}

/**
 * Works under a lease, which is renewed as long as the work goes on and given back afterwards.
 *
 * @returns undefined when someone else holds it.
 */
export async function holdLease<Result>(
  { leases, key, holder, ttlMs = LEASE_MS, signal }: HoldLeaseOptions,
  work: (held: HeldLease) => Promise<Result>,
): Promise<Result | undefined> {
  const lease = leases.acquire(key, holder, ttlMs);
  if (lease === undefined) return undefined;
  const lost = new AbortController();
  const renewal = setInterval(() => {
    if (!leases.renew(lease, ttlMs)) lost.abort();
  }, ttlMs / 4);
  try {
    return await work({
      lease,
      signal: signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]),
    });
  } finally {
    clearInterval(renewal);
    leases.release(lease);
  }
}
