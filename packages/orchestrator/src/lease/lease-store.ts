/** A text, and the mark by which a change of it is noticed. */
export interface StoredLease {
  readonly text: string;
  readonly version: string;
}

/**
 * Where leases are kept: small texts, each under a key, changed by compare-and-swap. Everything else is made of
 * this, so a store has no idea of holders and time.
 */
export interface LeaseStore {
  /** How often someone who waits looks here. */
  readonly pollMs: number;
  /** @throws {LEASE_UNAVAILABLE} when it cannot be read. */
  read(key: string): Promise<StoredLease | undefined>;
  /**
   * Writes when what stands is still of this version; undefined stands for nothing at all. Of several at once
   * exactly one wins, wherever they run, and what was written is read by everyone from then on.
   *
   * @returns the new version; undefined when someone else was first.
   * @throws {LEASE_UNAVAILABLE} when it cannot be written, or it is not known whether it was.
   */
  write(key: string, text: string, expected: string | undefined): Promise<string | undefined>;
  close(): void;
}
