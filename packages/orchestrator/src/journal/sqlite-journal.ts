import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  GroundplaneError,
  isGroundplaneError,
  type JournalEntry,
  type JournalFact,
  journalEntrySchema,
  type RunId,
  runIdSchema,
} from "@groundplane/contracts";
import { z } from "zod";
import { checkedFact, GENESIS, hashEntry, verifyChain } from "./entry-hash.ts";
import type { Journal, RunFilter } from "./journal.ts";
import { runConflict } from "./memory-journal.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS entries (
  sequence INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  at TEXT NOT NULL,
  fact TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_run ON entries (run, sequence);
CREATE TABLE IF NOT EXISTS runs (
  sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
  run TEXT NOT NULL UNIQUE,
  stack TEXT NOT NULL,
  environment TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS entries_are_not_updated BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entries_are_not_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
`;

const rowSchema = z.object({
  sequence: z.number(),
  run: z.string(),
  at: z.string(),
  fact: z.string(),
  previous: z.string(),
  hash: z.string(),
});
const runRowSchema = z.object({ run: runIdSchema });
const lastRowSchema = z.object({ sequence: z.number(), hash: z.string() }).optional();
const sequenceRowSchema = z.object({ sequence: z.number().nullable() });
const countRowSchema = z.object({ count: z.number() });

/**
 * The journal of one machine: a SQLite file in write-ahead mode, which several processes may use. Every entry is
 * on disk before `append` returns (`synchronous = FULL`).
 */
export class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #clock: () => Date;

  /**
   * @throws {JOURNAL_CORRUPT} when the file is no journal.
   * @throws {WRITE_FAILED} when the disk is full.
   */
  constructor(file: string, clock: () => Date = () => new Date()) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#clock = clock;
    try {
      this.#database = new DatabaseSync(file, { timeout: 10_000 });
      this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
      this.#database.exec(SCHEMA);
    } catch (cause) {
      if (isFull(cause)) {
        throw new GroundplaneError(
          "WRITE_FAILED",
          `${file} cannot be written: the disk is full. Make room.`,
          {
            cause,
            facts: { file },
          },
        );
      }
      throw new GroundplaneError(
        "JOURNAL_CORRUPT",
        `${file} cannot be used as the journal: ${cause instanceof Error ? cause.message : String(cause)}. Restore it from a backup, or move it away to begin a new one.`,
        { cause, facts: { file } },
      );
    }
  }

  /** @throws {WRITE_FAILED} when the disk does not take it. */
  append(run: RunId, fact: JournalFact, expected: number): JournalEntry {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const entry = this.#insert(run, fact, expected);
      this.#database.exec("COMMIT");
      return entry;
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw isGroundplaneError(error) ? error : unwritable(run, fact, error);
    }
  }

  #insert(run: RunId, fact: JournalFact, expected: number): JournalEntry {
    const { count } = countRowSchema.parse(
      this.#database.prepare("SELECT count(*) AS count FROM entries WHERE run = ?").get(run),
    );
    if (count !== expected) throw runConflict(run, expected, count);
    const last = lastRowSchema.parse(
      this.#database.prepare("SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1").get(),
    );
    const body = {
      sequence: (last?.sequence ?? 0) + 1,
      run,
      at: this.#clock().toISOString(),
      fact: checkedFact(fact),
      previous: last?.hash ?? GENESIS,
    };
    const entry = { ...body, hash: hashEntry(body) };
    this.#database
      .prepare("INSERT INTO entries (sequence, run, at, fact, previous, hash) VALUES (?, ?, ?, ?, ?, ?)")
      .run(entry.sequence, run, entry.at, JSON.stringify(entry.fact), entry.previous, entry.hash);
    if (fact.type === "run.requested") {
      this.#database
        .prepare("INSERT INTO runs (sequence, run, stack, environment) VALUES (?, ?, ?, ?)")
        .run(entry.sequence, run, fact.stack, fact.environment);
    }
    return entry;
  }

  entries(run: RunId): readonly JournalEntry[] {
    return this.#database
      .prepare("SELECT * FROM entries WHERE run = ? ORDER BY sequence")
      .all(run)
      .map(toEntry);
  }

  entriesAfter(sequence: number, limit: number): readonly JournalEntry[] {
    return this.#database
      .prepare("SELECT * FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?")
      .all(sequence, limit)
      .map(toEntry);
  }

  lastSequence(): number {
    const row = this.#database.prepare("SELECT max(sequence) AS sequence FROM entries").get();
    return sequenceRowSchema.parse(row).sequence ?? 0;
  }

  runs(filter: RunFilter = {}): readonly RunId[] {
    return this.#database
      .prepare(
        `SELECT run FROM runs WHERE (?1 IS NULL OR stack = ?1) AND (?2 IS NULL OR environment = ?2)
         ORDER BY sequence DESC LIMIT ?3`,
      )
      .all(filter.stack ?? null, filter.environment ?? null, filter.limit ?? 20)
      .map((row) => runRowSchema.parse(row).run);
  }

  verify(): { readonly entries: number } {
    return { entries: verifyChain(this.#all()) };
  }

  *#all(): Generator<JournalEntry> {
    for (const row of this.#database.prepare("SELECT * FROM entries ORDER BY sequence").iterate())
      yield toEntry(row);
  }

  close(): void {
    this.#database.close();
  }
}

/** SQLITE_FULL (sqlite.org/rescode.html). */
function isFull(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 13;
}

function unwritable(run: RunId, fact: JournalFact, cause: unknown): GroundplaneError {
  return new GroundplaneError(
    "WRITE_FAILED",
    `the journal does not take "${fact.type}" of run ${run}: ${cause instanceof Error ? cause.message : String(cause)}. Nothing goes on without it; is the disk full?`,
    { cause, facts: { run, fact: fact.type } },
  );
}

function toEntry(row: unknown): JournalEntry {
  const { fact, ...rest } = rowSchema.parse(row);
  let body: unknown;
  try {
    body = JSON.parse(fact);
  } catch {
    body = undefined;
  }
  const entry = journalEntrySchema.safeParse({ ...rest, fact: body });
  if (entry.success) return entry.data;
  throw new GroundplaneError(
    "JOURNAL_CORRUPT",
    `entry ${rest.sequence} of the journal cannot be read: ${entry.error.issues[0]?.message}. Restore the journal from a backup.`,
    { facts: { sequence: rest.sequence } },
  );
}
