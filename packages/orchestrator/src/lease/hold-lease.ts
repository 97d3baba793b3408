import { setTimeout as sleep } from "node:timers/promises";
import { GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import { type AcquireOptions, BEAT, type Lease, type LeaseBusy, type LeaseKeeper } from "./lease-keeper.ts";
import { sleeplessNow } from "./sleepless-clock.ts";

/** A holder that says nothing for this long has lost its lease. */
export const LEASE_MS = 60_000;

/**
 * A holder that could not beat takes its lease for lost this much of the time-out after its last beat: before
 * anyone else may take it, so that its engine has the rest to stop.
 */
export const SELF_LOST = 3 / 4;

/** Tries to give a lease back; after them it lapses by itself. */
const RELEASE_TRIES = 3;
const RETRY_MS = 500;

export interface HoldLeaseOptions extends Omit<AcquireOptions, "ttlMs"> {
  readonly leases: LeaseKeeper;
  /** @default 60,000 */
  readonly ttlMs?: number | undefined;
  /** What to throw when someone else has it. */
  readonly busy: (busy: LeaseBusy) => GroundplaneError;
}

/** A lease while it is held. */
export interface HeldLease {
  readonly lease: Lease;
  /** Aborted when the caller aborts, or the lease is lost: then its reason is the LEASE_LOST error. */
  readonly signal: AbortSignal;
  /**
   * Makes sure that the lease stands, right before something is written under it.
   *
   * @throws {LEASE_LOST}
   * @throws {LEASE_UNAVAILABLE} when it cannot be seen.
   */
  check(): Promise<void>;
  /**
   * The part of `check` that asks nobody: as far as is known it was not lost, and the last beat is recent.
   *
   * @returns how many milliseconds ago the last beat was.
   * @throws {LEASE_LOST}
   */
  checkNow(): number;
  /** Calls back at each beat with how many milliseconds ago it was, until the returned function is called. */
  onBeat(listener: (ageMs: number) => void): () => void;
}

/**
 * Works under a lease, which is renewed as long as the work goes on and given back afterwards.
 *
 * @throws {LEASE_LOST} when the work fails after it was lost.
 * @throws {STACK_BUSY} what `busy` makes, when someone else holds it.
 * @throws {LEASE_UNAVAILABLE} when the store does not answer; nothing was begun.
 */
export async function holdLease<Result>(
  { leases, ttlMs = LEASE_MS, busy, ...options }: HoldLeaseOptions,
  work: (held: HeldLease) => Promise<Result>,
): Promise<Result> {
  const got = await leases.acquire({ ...options, ttlMs });
  if ("position" in got) throw busy(got);
  const renewal = new Renewal(leases, got);
  renewal.start();
  try {
    return await work(renewal.heldWith(options.signal));
  } catch (error) {
    throw renewal.lossBehind(error);
  } finally {
    await renewal.end();
  }
}

function lostError(lease: Lease, why: string, cause?: unknown): GroundplaneError {
  return new GroundplaneError(
    "LEASE_LOST",
    `${lease.name} lost the lease "${lease.key}" (fence ${lease.fence}): ${why}. It writes nothing more; "groundplane status" shows who works now.`,
    { ...(cause === undefined ? {} : { cause }), facts: { key: lease.key, fence: lease.fence } },
  );
}

/** Keeps a lease alive, and knows when it is lost. */
class Renewal {
  readonly #leases: LeaseKeeper;
  readonly #lease: Lease;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  readonly #listeners = new Set<(ageMs: number) => void>();
  #beatAt: number;
  #failure: unknown;
  #loop: Promise<void> = Promise.resolve();
  #guard: NodeJS.Timeout | undefined;

  constructor(leases: LeaseKeeper, lease: Lease) {
    this.#leases = leases;
    this.#lease = lease;
    this.#beatAt = lease.takenAt;
  }

  start(): void {
    this.#loop = this.#renewAgainAndAgain();
    // Beside the loop, which may be waiting for an answer.
    this.#guard = setInterval(() => this.#loseWhenSilent(), this.#lease.ttlMs * BEAT * BEAT);
  }

  heldWith(signal: AbortSignal | undefined): HeldLease {
    return {
      lease: this.#lease,
      signal: signal === undefined ? this.#lost.signal : AbortSignal.any([signal, this.#lost.signal]),
      check: () => this.#check(),
      checkNow: () => this.#checkNow(),
      onBeat: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  /** Whatever fails after the loss fails for it: the work folder may be gone, or the run have ended. */
  lossBehind(error: unknown): unknown {
    this.#loseWhenSilent();
    if (!this.#lost.signal.aborted || (isGroundplaneError(error) && error.code === "LEASE_LOST"))
      return error;
    return this.#lost.signal.reason;
  }

  async end(): Promise<void> {
    this.#ended.abort();
    clearInterval(this.#guard);
    await this.#loop;
    for (let tries = 1; tries <= RELEASE_TRIES; tries += 1) {
      try {
        return await this.#leases.release(this.#lease);
      } catch {
        if (tries < RELEASE_TRIES) await sleep(RETRY_MS);
      }
    }
  }

  get #ageMs(): number {
    return sleeplessNow() - this.#beatAt;
  }

  #checkNow(): number {
    this.#loseWhenSilent();
    if (this.#lost.signal.aborted) throw this.#lost.signal.reason;
    return this.#ageMs;
  }

  async #check(): Promise<void> {
    this.#checkNow();
    if (!(await this.#leases.holds(this.#lease))) this.#lose("someone else has it now");
    // Reading may have taken long.
    this.#checkNow();
  }

  #lose(why: string, cause?: unknown): void {
    this.#lost.abort(lostError(this.#lease, why, cause));
  }

  #loseWhenSilent(): void {
    const silentMs = this.#ageMs;
    if (silentMs < this.#lease.ttlMs * SELF_LOST) return;
    this.#lose(`it could not be renewed for ${Math.round(silentMs / 1000)} s`, this.#failure);
  }

  async #renewAgainAndAgain(): Promise<void> {
    const { signal } = this.#ended;
    const everyMs = this.#lease.ttlMs * BEAT;
    let pauseMs = everyMs;
    while (!signal.aborted && !this.#lost.signal.aborted) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      pauseMs = (await this.#renewOnce()) ? everyMs : Math.min(everyMs, RETRY_MS);
    }
  }

  async #renewOnce(): Promise<boolean> {
    const startedAt = sleeplessNow();
    this.#loseWhenSilent();
    if (this.#lost.signal.aborted) return false;
    try {
      if (!(await this.#leases.renew(this.#lease))) {
        this.#lose("someone else has it now");
        return false;
      }
    } catch (error) {
      this.#failure = error;
      return false;
    }
    this.#beatAt = startedAt;
    for (const listener of this.#listeners) listener(this.#ageMs);
    return true;
  }
}
