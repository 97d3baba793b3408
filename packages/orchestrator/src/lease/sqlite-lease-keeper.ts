import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Lease, LeaseKeeper } from "./lease.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS leases (
  key TEXT PRIMARY KEY,
  fence INTEGER NOT NULL,
  holder TEXT,
  expires_at INTEGER NOT NULL
) STRICT;
`;

const fenceRow = z.object({ fence: z.number() }).optional();
const holderRow = z.object({ holder: z.string() }).optional();

/** Leases of one machine, in a SQLite file. The fence of a key survives its holders. */
export class SqliteLeaseKeeper implements LeaseKeeper {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  constructor(file: string, now: () => number = Date.now) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#now = now;
    this.#database = new DatabaseSync(file, { timeout: 10_000 });
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    this.#database.exec(SCHEMA);
  }

  acquire(key: string, holder: string, ttlMs: number): Lease | undefined {
    const now = this.#now();
    // One statement, so that of two who try at once one wins.
    const row = fenceRow.parse(
      this.#database
        .prepare(
          `INSERT INTO leases (key, fence, holder, expires_at) VALUES (?1, 1, ?2, ?3)
           ON CONFLICT (key) DO UPDATE SET fence = fence + 1, holder = ?2, expires_at = ?3
           WHERE holder IS NULL OR expires_at <= ?4
           RETURNING fence`,
        )
        .get(key, holder, now + ttlMs, now),
    );
    return row === undefined ? undefined : { key, holder, fence: row.fence };
  }

  holder(key: string): string | undefined {
    const row = this.#database
      .prepare("SELECT holder FROM leases WHERE key = ? AND holder IS NOT NULL AND expires_at > ?")
      .get(key, this.#now());
    return holderRow.parse(row)?.holder;
  }

  renew(lease: Lease, ttlMs: number): boolean {
    const now = this.#now();
    const { changes } = this.#database
      .prepare(
        "UPDATE leases SET expires_at = ? WHERE key = ? AND fence = ? AND holder = ? AND expires_at > ?",
      )
      .run(now + ttlMs, lease.key, lease.fence, lease.holder, now);
    return changes === 1;
  }

  release(lease: Lease): void {
    this.#database
      .prepare("UPDATE leases SET holder = NULL WHERE key = ? AND fence = ? AND holder = ?")
      .run(lease.key, lease.fence, lease.holder);
  }

  close(): void {
    this.#database.close();
  }
}
