import type { JournalEntry, JournalFact, RunId } from "@groundplane/contracts";

export interface RunFilter {
  readonly stack?: string;
  readonly environment?: string;
  /** Newest first. @default 20 */
  readonly limit?: number;
}

/**
 * The append-only record of all runs. Entries are chained by hash; a run's record is the fold of its entries.
 * Adapters pass `describeJournal` of the conformance suite.
 */
export interface Journal {
  /**
   * Appends one fact of a run, whole or not at all.
   *
   * @param expected How many entries the run has, by the caller's knowledge: another writer in between is a conflict.
   * @throws {RUN_STATE_CONFLICT} when the run has another number of entries.
   * @throws {INVALID_ARGUMENT} when the fact does not fit its schema.
   * @throws {WRITE_FAILED} when it could not be written: nothing of it was.
   */
  append(run: RunId, fact: JournalFact, expected: number): JournalEntry;
  /** Entries of one run, oldest first; empty for a run it does not know. */
  entries(run: RunId): readonly JournalEntry[];
  /**
   * Entries of all runs in the order of their sequence.
   *
   * @param sequence Only those with a higher one: 0 for all.
   * @param limit How many at most. @minimum 1
   */
  entriesAfter(sequence: number, limit: number): readonly JournalEntry[];
  /** Sequence of the newest entry; 0 when there is none. */
  lastSequence(): number;
  /** Runs, newest first. */
  runs(filter?: RunFilter): readonly RunId[];
  /**
   * Recomputes the chain over all entries.
   *
   * @throws {JOURNAL_CORRUPT} naming the first entry that does not fit.
   */
  verify(): { readonly entries: number };
  close(): void;
}
