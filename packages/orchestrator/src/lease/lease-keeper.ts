import { setTimeout as sleep } from "node:timers/promises";
import { GroundplaneError } from "@groundplane/contracts";
import { type LeaseDocument, type LeaseParty, newParty, readLease, writeLease } from "./lease-document.ts";
import type { LeaseStore } from "./lease-store.ts";
import { beat, inTheWay, join, take, without } from "./lease-transitions.ts";
import { SilenceWatch } from "./silence-watch.ts";
import { sleeplessNow } from "./sleepless-clock.ts";

/** Between two beats, as a part of the time-out. */
export const BEAT = 1 / 4;
/** After losing a race for a write: at most this long, so that many do not try at the same moment again. */
const BACK_OFF_MS = 50;
/** A change that loses this many races in a row is given up. */
const MOST_RACES = 1000;

/** The right to change what a key stands for, until it is given back or lost. */
export interface Lease {
  readonly key: string;
  readonly id: string;
  /** For people: the run. */
  readonly name: string;
  /** Rises with each holder: whoever shows a lower one was overtaken. */
  readonly fence: number;
  /** Whoever holds it must beat within this time. */
  readonly ttlMs: number;
  /** By `sleeplessNow`, from before it was written. */
  readonly takenAt: number;
}

/** Who comes first, for someone who waits or was sent away. */
export interface LeaseBusy {
  /** The holder; while nobody holds it, the first of those who wait. */
  readonly holder: LeaseParty;
  /** 1 is the next one after the holder. */
  readonly position: number;
}

/** Who has a lease at this moment. */
export interface LeaseHolder {
  readonly party: LeaseParty;
  readonly verdict: "living" | "unknown";
}

export interface AcquireOptions {
  readonly key: string;
  /** For people: the run. */
  readonly name: string;
  readonly ttlMs: number;
  /** How long to wait in the queue. @default 0 */
  readonly waitMs?: number | undefined;
  /** Leaves the queue. */
  readonly signal?: AbortSignal | undefined;
  /** Told when the wait begins, and each time the holder or the position changes. */
  readonly onWaiting?: ((busy: LeaseBusy) => void) | undefined;
}

/** Gives out leases over a store: one holder of a key at a time, the others in the order in which they came. */
export class LeaseKeeper {
  readonly #store: LeaseStore;

  constructor(store: LeaseStore) {
    this.#store = store;
  }

  /**
   * Takes the lease when nobody living comes first, else waits as long as told. Someone of whom it cannot be seen
   * whether he lives is watched, for at most his time-out.
   *
   * @returns who was first, when it was not got in time.
   * @throws {STACK_BUSY} when it is cancelled before.
   * @throws {LEASE_UNAVAILABLE} when the store does not answer.
   */
  async acquire(options: AcquireOptions): Promise<Lease | LeaseBusy> {
    const attempt = new Attempt(this.#store, options);
    try {
      const got = await attempt.run();
      if ("position" in got) await this.#forget(options.key, attempt.id);
      return got;
    } catch (error) {
      await this.#forget(options.key, attempt.id);
      throw error;
    }
  }

  /** Who holds it or comes next, unless dead; unknown is who would have to be watched. @throws {LEASE_UNAVAILABLE} */
  async holder(key: string): Promise<LeaseHolder | undefined> {
    const { document } = await readDocument(this.#store, key);
    const watch = new SilenceWatch();
    for (const party of inTheWay(document, "", () => false)) {
      const verdict = watch.verdict(party);
      if (verdict !== "dead") return { party, verdict };
    }
    return undefined;
  }

  /** Whether the lease stands. @throws {LEASE_UNAVAILABLE} */
  async holds({ key, id, fence }: Lease): Promise<boolean> {
    const { document } = await readDocument(this.#store, key);
    return document.holder?.id === id && document.fence === fence;
  }

  /** Shows that the holder lives. False when the lease was lost. @throws {LEASE_UNAVAILABLE} */
  async renew(lease: Lease): Promise<boolean> {
    return change(this.#store, lease.key, (document) =>
      document.holder?.id === lease.id ? beat(document, lease.id) : undefined,
    );
  }

  /** Gives it back; nothing happens when it was lost. @throws {LEASE_UNAVAILABLE} */
  async release(lease: Lease): Promise<void> {
    await change(this.#store, lease.key, (document) => without(document, lease.id));
  }

  close(): void {
    this.#store.close();
  }

  /** What cannot be taken back now lapses by itself. */
  async #forget(key: string, id: string): Promise<void> {
    await change(this.#store, key, (document) => without(document, id)).catch(() => undefined);
  }
}

async function readDocument(
  store: LeaseStore,
  key: string,
): Promise<{ readonly document: LeaseDocument; readonly version: string | undefined }> {
  const stored = await store.read(key);
  return { document: readLease(key, stored?.text), version: stored?.version };
}

/** Makes a change on what stands, again until nobody came between. False when there was nothing to change. */
async function change(
  store: LeaseStore,
  key: string,
  transition: (document: LeaseDocument) => LeaseDocument | undefined,
): Promise<boolean> {
  for (let races = 0; races < MOST_RACES; races += 1) {
    const { document, version } = await readDocument(store, key);
    const next = transition(document);
    if (next === undefined) return false;
    if ((await store.write(key, writeLease(next), version)) !== undefined) return true;
    await sleep(Math.random() * BACK_OFF_MS);
  }
  throw new GroundplaneError(
    "LEASE_UNAVAILABLE",
    `the lease "${key}" changed ${MOST_RACES} times while it was to be changed from here. Try again later.`,
    { facts: { key } },
  );
}

/** One try to get a lease, with its place in the queue. */
class Attempt {
  readonly #store: LeaseStore;
  readonly #options: AcquireOptions;
  readonly #watch = new SilenceWatch();
  readonly #me: LeaseParty;
  readonly #waitUntil: number;
  #beatAt = 0;
  #takenAt = 0;
  #told = "";

  constructor(store: LeaseStore, options: AcquireOptions) {
    this.#store = store;
    this.#options = options;
    this.#me = newParty(options.name, options.ttlMs);
    this.#waitUntil = performance.now() + (options.waitMs ?? 0);
  }

  get id(): string {
    return this.#me.id;
  }

  async run(): Promise<Lease | LeaseBusy> {
    const { key, signal } = this.#options;
    const isDead = (party: LeaseParty): boolean => this.#watch.verdict(party) === "dead";
    for (;;) {
      this.#refuseCancelled();
      const { document, version } = await readDocument(this.#store, key);
      // An answer that was lost on the way: it was got already.
      if (document.holder?.id === this.id) return this.#lease(document.fence);
      const { holder, queue } = document;
      this.#watch.look([...(holder === undefined ? [] : [holder]), ...queue]);
      const taken = take(document, { ...this.#me, since: new Date().toISOString() }, isDead);
      if (taken !== undefined) {
        this.#takenAt = sleeplessNow();
        const written = await this.#store.write(key, writeLease(taken), version);
        if (written !== undefined) return this.#lease(taken.fence);
        await sleep(Math.random() * BACK_OFF_MS);
        continue;
      }
      const busy = this.#busy(document, isDead);
      if (this.#isOver(document, isDead)) return busy;
      await this.#stayInQueue(busy);
      // Cut short when it is cancelled, which the next round finds.
      await sleep(this.#store.pollMs, undefined, signal === undefined ? {} : { signal }).catch(
        () => undefined,
      );
    }
  }

  #lease(fence: number): Lease {
    const { key, name, ttlMs } = this.#options;
    return { key, id: this.id, name, fence, ttlMs, takenAt: this.#takenAt };
  }

  #refuseCancelled(): void {
    const { key, name, signal } = this.#options;
    if (signal?.aborted !== true) return;
    throw new GroundplaneError("STACK_BUSY", `${name} was cancelled before it got the lease "${key}".`, {
      facts: { key, name },
    });
  }

  #busy(document: LeaseDocument, isDead: (party: LeaseParty) => boolean): LeaseBusy {
    const ahead = inTheWay(document, this.id, isDead);
    const waiting = ahead.filter(({ id }) => id !== document.holder?.id);
    // There is someone, or it would have been taken.
    return { holder: ahead[0] ?? this.#me, position: waiting.length + 1 };
  }

  /** The time to wait is over, and someone in the way is known to live. */
  #isOver(document: LeaseDocument, isDead: (party: LeaseParty) => boolean): boolean {
    return (
      performance.now() >= this.#waitUntil &&
      inTheWay(document, this.id, isDead).some((party) => this.#watch.verdict(party) === "living")
    );
  }

  async #stayInQueue(busy: LeaseBusy): Promise<void> {
    const { key, ttlMs, waitMs = 0, onWaiting } = this.#options;
    if (waitMs <= 0) return;
    const now = performance.now();
    if (this.#beatAt === 0 || now - this.#beatAt > ttlMs * BEAT) {
      // One who was taken for dead meanwhile comes to the end of the queue again.
      await change(this.#store, key, (document) => beat(document, this.id) ?? join(document, this.#me));
      this.#beatAt = now;
    }
    const told = `${busy.holder.id} ${busy.position}`;
    if (told !== this.#told) onWaiting?.(busy);
    this.#told = told;
  }
}
