import { GroundplaneError, type JournalEntry, type JournalFact, type RunId } from "@groundplane/contracts";
import { checkedFact, GENESIS, hashEntry, verifyChain } from "./entry-hash.ts";
import type { Journal, RunFilter } from "./journal.ts";

export function runConflict(run: RunId, expected: number, found: number): GroundplaneError {
  return new GroundplaneError(
    "RUN_STATE_CONFLICT",
    `run ${run} was moved by someone else meanwhile (${found} entries, expected ${expected}). Look at it with "groundplane status ${run}" and decide again.`,
    { facts: { run, expected, found } },
  );
}

/** A journal that ends with its process: for previews that leave nothing, and for tests. */
export class MemoryJournal implements Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #clock: () => Date;

  constructor(clock: () => Date = () => new Date()) {
    this.#clock = clock;
  }

  append(run: RunId, fact: JournalFact, expected: number): JournalEntry {
    const found = this.entries(run).length;
    if (found !== expected) throw runConflict(run, expected, found);
    const body = {
      sequence: this.#entries.length + 1,
      run,
      at: this.#clock().toISOString(),
      fact: checkedFact(fact),
      previous: this.#entries.at(-1)?.hash ?? GENESIS,
    };
    const entry = { ...body, hash: hashEntry(body) };
    this.#entries.push(entry);
    return entry;
  }

  entries(run: RunId): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.run === run);
  }

  entriesAfter(sequence: number, limit: number): readonly JournalEntry[] {
    return this.#entries.slice(sequence, sequence + limit);
  }

  lastSequence(): number {
    return this.#entries.length;
  }

  runs(filter: RunFilter = {}): readonly RunId[] {
    return this.#entries
      .filter(({ fact }) => fact.type === "run.requested" && fits(fact, filter))
      .map(({ run }) => run)
      .reverse()
      .slice(0, filter.limit ?? 20);
  }

  verify(): { readonly entries: number } {
    return { entries: verifyChain(this.#entries) };
  }

  close(): void {}
}

function fits(fact: { readonly stack: string; readonly environment: string }, filter: RunFilter): boolean {
  return (
    (filter.stack === undefined || filter.stack === fact.stack) &&
    (filter.environment === undefined || filter.environment === fact.environment)
  );
}
