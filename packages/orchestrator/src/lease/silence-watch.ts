import type { LeaseParty } from "./lease-document.ts";
import { processVerdict } from "./process-facts.ts";

interface Seen {
  readonly beat: number;
  readonly silentMs: number;
  readonly hasBeaten: boolean;
}

/** The most that one look adds to a silence, as a part of the time-out. */
const LARGEST_STEP = 1 / 8;

/**
 * Finds out who lives, by looking again and again: at the process where it is one of this machine, else at whether
 * its beat goes up. Time is this process's own, and only as much of it counts between two looks as one that is not
 * held up itself would need: whoever was stopped together with the one it watches takes nobody for dead.
 */
export class SilenceWatch {
  readonly #now: () => number;
  readonly #seen = new Map<string, Seen>();
  #lookedAt: number | undefined;

  /** @param now Milliseconds of a clock that nobody sets. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  look(parties: readonly LeaseParty[]): void {
    const now = this.#now();
    const passedMs = now - (this.#lookedAt ?? now);
    this.#lookedAt = now;
    for (const { id, beat, ttlMs } of parties) {
      const before = this.#seen.get(id);
      this.#seen.set(
        id,
        before?.beat === beat
          ? { ...before, silentMs: before.silentMs + Math.min(passedMs, ttlMs * LARGEST_STEP) }
          : { beat, silentMs: 0, hasBeaten: before !== undefined },
      );
    }
  }

  /** Unknown at most for as long as the time-out of who is watched. */
  verdict(party: LeaseParty): "living" | "dead" | "unknown" {
    const process = processVerdict(party.process);
    const seen = this.#seen.get(party.id);
    if (process === "gone" || (seen !== undefined && seen.silentMs >= party.ttlMs)) return "dead";
    return process === "runs" || seen?.hasBeaten === true ? "living" : "unknown";
  }
}
