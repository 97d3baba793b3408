import type { LeaseStore, StoredLease } from "./lease-store.ts";

/** Leases of one process, for tests and for one that is the only one. */
export class MemoryLeaseStore implements LeaseStore {
  readonly pollMs = 5;
  readonly #leases = new Map<string, StoredLease>();
  #writes = 0;

  async read(key: string): Promise<StoredLease | undefined> {
    return this.#leases.get(key);
  }

  async write(key: string, text: string, expected: string | undefined): Promise<string | undefined> {
    if (this.#leases.get(key)?.version !== expected) return undefined;
    this.#writes += 1;
    const version = String(this.#writes);
    this.#leases.set(key, { text, version });
    return version;
  }

  close(): void {}
}
