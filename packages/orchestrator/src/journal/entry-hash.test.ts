import { isGroundplaneError, type JournalEntry, type JournalFact } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GENESIS, hashEntry, verifyChain } from "./entry-hash.ts";
import { MemoryJournal } from "./memory-journal.ts";

const opened = (minute: number): JournalFact => ({
  type: "review.opened",
  expiresAt: new Date(Date.UTC(2026, 10, 21, 5, minute)).toISOString(),
});

function chainOf(length: number): readonly JournalEntry[] {
  const journal = new MemoryJournal(() => new Date("2026-11-21T05:00:00.000Z"));
  return Array.from({ length }, (_, index) =>
    journal.append("run-20261121-050000-a1b2c3", opened(index), index),
  );
}

function brokenAt(entries: readonly JournalEntry[]): unknown {
  try {
    verifyChain(entries);
    return undefined;
  } catch (error) {
    expect(isGroundplaneError(error) && error.code).toBe("JOURNAL_CORRUPT");
    return isGroundplaneError(error) ? error.facts["sequence"] : undefined;
  }
}

describe("verifyChain", () => {
  test("counts the entries of a whole chain; none is a chain too", () => {
    expect(verifyChain(chainOf(5))).toBe(5);
    expect(verifyChain([])).toBe(0);
    expect(chainOf(1)[0]?.previous).toBe(GENESIS);
  });

  test.each<[string, Partial<JournalEntry>]>([
    ["its fact", { fact: opened(59) }],
    ["its run", { run: "run-20261121-050000-zzzzzz" }],
    ["its time", { at: "2026-11-21T05:00:00.001Z" }],
    ["its hash", { hash: GENESIS }],
    ["the one before it", { previous: GENESIS }],
    ["its number", { sequence: 9 }],
  ])("fails when someone changed %s", (_what, change) => {
    const chain = chainOf(4);
    expect(brokenAt(chain.map((entry, index) => (index === 2 ? { ...entry, ...change } : entry)))).toBe(3);
  });

  test("fails when a changed entry was hashed anew: the next one does not follow", () => {
    const chain = chainOf(4).map((entry, index) => {
      if (index !== 1) return entry;
      const { hash: _hash, ...body } = { ...entry, fact: opened(59) };
      return { ...body, hash: hashEntry(body) };
    });
    expect(brokenAt(chain)).toBe(3);
  });

  test("fails when entries are left out, swapped or doubled", () => {
    const size = 6;
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(size).keys()]), (order) => {
        const chain = chainOf(size);
        const picked = order.flatMap((index) => chain[index] ?? []);
        // What is cut off at the end leaves a whole, shorter chain: nothing in it says that there was more.
        const isBeginning = order.every((index, place) => index === place);
        expect(brokenAt(picked) === undefined).toBe(isBeginning);
      }),
    );
    const [first, ...rest] = chainOf(3);
    if (first !== undefined) expect(brokenAt([first, first, ...rest])).toBe(2);
  });
});
