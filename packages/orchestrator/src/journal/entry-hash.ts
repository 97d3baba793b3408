import { createHash } from "node:crypto";
import {
  canonicalJson,
  GroundplaneError,
  type JournalEntry,
  type JournalFact,
  type JsonValue,
  journalFactSchema,
  jsonValueSchema,
  type Sha256,
} from "@groundplane/contracts";

/** What the first entry names as the one before it. */
export const GENESIS: Sha256 = `sha256:${"0".repeat(64)}`;

export function sha256Of(value: JsonValue): Sha256 {
  return `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
}

/**
 * A fact as it can be read back. One that cannot would make the whole journal unreadable, as nothing is taken out again.
 *
 * @throws {INVALID_ARGUMENT} naming the field.
 */
export function checkedFact(fact: JournalFact): JournalFact {
  const parsed = journalFactSchema.safeParse(fact);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `"${fact.type}" cannot be journaled: ${issue?.path.join(".")}: ${issue?.message}. Nothing was written.`,
    { facts: { type: fact.type, path: issue?.path.join(".") ?? "" } },
  );
}

export function hashEntry(entry: Omit<JournalEntry, "hash">): Sha256 {
  // Through JSON, so that what is hashed is what is stored.
  return sha256Of(jsonValueSchema.parse(JSON.parse(JSON.stringify(entry))));
}

/**
 * Checks that entries form one chain from the first on.
 *
 * @throws {JOURNAL_CORRUPT} naming the first entry that does not fit.
 */
export function verifyChain(entries: Iterable<JournalEntry>): number {
  let previous: Sha256 = GENESIS;
  let count = 0;
  for (const { hash, ...body } of entries) {
    count += 1;
    if (body.sequence !== count || body.previous !== previous || hashEntry(body) !== hash) {
      throw new GroundplaneError(
        "JOURNAL_CORRUPT",
        `entry ${count} of the journal (run ${body.run}) does not fit the chain: it, or one before it, was changed. Restore the journal from a backup; no run is continued on this one.`,
        { facts: { sequence: count, run: body.run } },
      );
    }
    previous = hash;
  }
  return count;
}
