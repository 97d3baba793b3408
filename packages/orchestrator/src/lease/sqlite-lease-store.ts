import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { LeaseStore, StoredLease } from "./lease-store.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS lease_documents (
  key TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
`;

const leaseRow = z.object({ text: z.string(), version: z.int() }).optional();
const versionRow = z.object({ version: z.int() }).optional();

/** Leases in a SQLite file, for all processes that see the file. It is made at the first write. */
export class SqliteLeaseStore implements LeaseStore {
  readonly pollMs = 200;
  readonly #file: string;
  #open: DatabaseSync | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async read(key: string): Promise<StoredLease | undefined> {
    return this.#translated(() => {
      if (this.#open === undefined && !existsSync(this.#file)) return undefined;
      const row = leaseRow.parse(
        this.#database().prepare("SELECT text, version FROM lease_documents WHERE key = ?").get(key),
      );
      return row === undefined ? undefined : { text: row.text, version: String(row.version) };
    });
  }

  async write(key: string, text: string, expected: string | undefined): Promise<string | undefined> {
    return this.#translated(() => {
      const database = this.#database();
      // One statement each, so that of two at once one wins.
      const row =
        expected === undefined
          ? database
              .prepare(
                "INSERT INTO lease_documents (key, version, text) VALUES (?, 1, ?) ON CONFLICT DO NOTHING RETURNING version",
              )
              .get(key, text)
          : database
              .prepare(
                "UPDATE lease_documents SET version = version + 1, text = ? WHERE key = ? AND version = ? RETURNING version",
              )
              .get(text, key, Number(expected));
      const parsed = versionRow.parse(row);
      return parsed === undefined ? undefined : String(parsed.version);
    });
  }

  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  #database(): DatabaseSync {
    if (this.#open !== undefined) return this.#open;
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(this.#file, { timeout: 5_000 });
    // No write-ahead log: its shared memory does not reach across machines, and the folder may be on a network.
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
    database.exec(SCHEMA);
    this.#open = database;
    return database;
  }

  #translated<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      throw new GroundplaneError(
        "LEASE_UNAVAILABLE",
        `the leases in ${this.#file} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}. Mend the folder or its disk; nothing was changed.`,
        { cause, facts: { file: this.#file } },
      );
    }
  }
}
