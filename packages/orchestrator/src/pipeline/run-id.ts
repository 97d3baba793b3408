import { randomInt } from "node:crypto";
import type { RunId } from "@groundplane/contracts";

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A new run's id: sorts by time; six random characters tell runs of one second apart. */
export function newRunId(now: Date): RunId {
  const digits = now.toISOString().replaceAll(/[-:]/g, "");
  const random = Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return `run-${digits.slice(0, 8)}-${digits.slice(9, 15)}-${random}`;
}
