import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS cursors (
  name TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  delivered_at INTEGER,
  disabled INTEGER NOT NULL DEFAULT 0,
  holder TEXT,
  held_until INTEGER NOT NULL DEFAULT 0
) STRICT;
`;

const rowSchema = z.object({
  sequence: z.number(),
  failures: z.number(),
  next_attempt_at: z.number(),
  last_error: z.string().nullable(),
  delivered_at: z.number().nullable(),
  disabled: z.number(),
});

/** How far an endpoint has come. Times are milliseconds since 1970. */
export interface Cursor {
  /** Of the last journal entry that is dealt with. */
  readonly sequence: number;
  /** Attempts that failed since the last that did not. */
  readonly failures: number;
  readonly nextAttemptAt: number;
  readonly lastError: string | undefined;
  readonly deliveredAt: number | undefined;
  /** Its receiver said that it wants no more. */
  readonly disabled: boolean;
}

/** Where each endpoint stands in the journal, in a SQLite file. One process at a time delivers to an endpoint. */
export class WebhookCursors {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(file, { timeout: 10_000 });
    // A cursor that is lost in a crash is one message sent twice, which receivers are told to expect.
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    this.#database.exec(SCHEMA);
  }

  /**
   * Makes an endpoint known. A new one begins at `end`; one whose address changed is tried again.
   *
   * @param address Hash of its URL.
   */
  register(name: string, address: string, end: number): void {
    this.#database
      .prepare(
        `INSERT INTO cursors (name, address, sequence) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE
         SET address = ?2, failures = 0, next_attempt_at = 0, last_error = NULL, disabled = 0
         WHERE address <> ?2`,
      )
      .run(name, address, end);
  }

  cursor(name: string): Cursor {
    const row = rowSchema.parse(this.#database.prepare("SELECT * FROM cursors WHERE name = ?").get(name));
    return {
      sequence: row.sequence,
      failures: row.failures,
      nextAttemptAt: row.next_attempt_at,
      lastError: row.last_error ?? undefined,
      deliveredAt: row.delivered_at ?? undefined,
      disabled: row.disabled === 1,
    };
  }

  /** Takes an endpoint, or keeps it. False while another process has it. */
  hold(name: string, holder: string, now: number, until: number): boolean {
    const { changes } = this.#database
      .prepare(
        `UPDATE cursors SET holder = ?2, held_until = ?4
         WHERE name = ?1 AND (holder IS NULL OR holder = ?2 OR held_until <= ?3)`,
      )
      .run(name, holder, now, until);
    return changes === 1;
  }

  release(name: string, holder: string): void {
    this.#database
      .prepare("UPDATE cursors SET holder = NULL WHERE name = ? AND holder = ?")
      .run(name, holder);
  }

  /**
   * Moves on, never back.
   *
   * @param deliveredAt When a message was taken; undefined when there was nothing to send.
   */
  advance(name: string, sequence: number, deliveredAt?: number): void {
    this.#database
      .prepare("UPDATE cursors SET sequence = max(sequence, ?2) WHERE name = ?1")
      .run(name, sequence);
    if (deliveredAt === undefined) return;
    this.#database
      .prepare(
        "UPDATE cursors SET delivered_at = ?2, failures = 0, next_attempt_at = 0, last_error = NULL WHERE name = ?1",
      )
      .run(name, deliveredAt);
  }

  fail(name: string, error: string, nextAttemptAt: number): void {
    this.#database
      .prepare(
        "UPDATE cursors SET failures = failures + 1, last_error = ?2, next_attempt_at = ?3 WHERE name = ?1",
      )
      .run(name, error, nextAttemptAt);
  }

  /** Switches an endpoint off, or on again with a clean slate. */
  disable(name: string, error: string): void {
    this.#database
      .prepare("UPDATE cursors SET disabled = 1, last_error = ?2 WHERE name = ?1")
      .run(name, error);
  }

  enable(name: string): void {
    this.#database
      .prepare(
        "UPDATE cursors SET disabled = 0, failures = 0, next_attempt_at = 0, last_error = NULL WHERE name = ?",
      )
      .run(name);
  }

  close(): void {
    this.#database.close();
  }
}
