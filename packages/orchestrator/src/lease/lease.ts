/** The right to change one stack, for a while. */
export interface Lease {
  readonly key: string;
  readonly holder: string;
  /** Rises with each holder: whoever shows a lower one was overtaken. */
  readonly fence: number;
}

/** Gives out leases: one holder for a key at a time. */
export interface LeaseKeeper {
  /**
   * Takes the lease when it is free or lapsed.
   *
   * @returns undefined while someone else holds it.
   */
  acquire(key: string, holder: string, ttlMs: number): Lease | undefined;
  /** Who holds it now. */
  holder(key: string): string | undefined;
  /** Prolongs it. False when it was lost meanwhile. */
  renew(lease: Lease, ttlMs: number): boolean;
  release(lease: Lease): void;
  close(): void;
}
