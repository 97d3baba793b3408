import { randomUUID } from "node:crypto";
import { GroundplaneError } from "@groundplane/contracts";
import type { LeaseStore, StoredLease } from "./lease-store.ts";
import { S3Objects, type S3Place } from "./s3-objects.ts";

const FOLDER = ".groundplane/leases/";

/**
 * Leases as objects beside the state in S3, changed by conditional writes: `If-None-Match: *` makes one, and
 * `If-Match` with the ETag changes it. Before its first write it makes sure that the server honours both.
 */
export class S3LeaseStore implements LeaseStore {
  readonly pollMs = 1_000;
  readonly #objects: S3Objects;
  #probed: Promise<void> | undefined;

  constructor(place: S3Place) {
    this.#objects = new S3Objects(place);
  }

  async read(key: string): Promise<StoredLease | undefined> {
    const found = await this.#objects.get(objectOf(key));
    return found === undefined ? undefined : { text: found.text, version: found.etag };
  }

  async write(key: string, text: string, expected: string | undefined): Promise<string | undefined> {
    this.#probed ??= this.#probe();
    try {
      await this.#probed;
    } catch (error) {
      this.#probed = undefined;
      throw error;
    }
    return this.#objects.put(
      objectOf(key),
      text,
      expected === undefined ? { ifNoneMatch: "*" } : { ifMatch: expected },
    );
  }

  close(): void {
    this.#objects.close();
  }

  /** @throws {LEASE_UNAVAILABLE} when the server takes what it must refuse, or refuses what it must take. */
  async #probe(): Promise<void> {
    const key = `${FOLDER}probe-${randomUUID()}.json`;
    const made = await this.#objects.put(key, "1", { ifNoneMatch: "*" });
    try {
      const again = await this.#objects.put(key, "2", { ifNoneMatch: "*" });
      const wrong = await this.#objects.put(key, "3", { ifMatch: `"${"0".repeat(32)}"` });
      const right = made === undefined ? undefined : await this.#objects.put(key, "4", { ifMatch: made });
      if (again === undefined && wrong === undefined && right !== undefined) return;
      const fault =
        again !== undefined
          ? "overwrites an object although it was told If-None-Match: *"
          : wrong !== undefined
            ? "overwrites an object although If-Match named another ETag"
            : "refuses a write whose condition holds";
      throw new GroundplaneError(
        "LEASE_UNAVAILABLE",
        `the S3 server of ${this.#objects.url("")} ${fault}, so two could change one stack at once. Use AWS S3, or a server that honours conditional writes. Nothing was changed.`,
        { facts: { backend: this.#objects.url(""), fault } },
      );
    } finally {
      // Left behind it does no harm, so that the right to delete is not needed.
      await this.#objects.remove(key).catch(() => undefined);
    }
  }
}

function objectOf(key: string): string {
  return `${FOLDER}${key}.json`;
}
