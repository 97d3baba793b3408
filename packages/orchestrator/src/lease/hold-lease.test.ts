import { setTimeout as sleep } from "node:timers/promises";
import { GroundplaneError } from "@groundplane/contracts";
import { expect, test } from "vitest";
import { type HeldLease, type HoldLeaseOptions, holdLease } from "./hold-lease.ts";
import { readLease, writeLease } from "./lease-document.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import type { LeaseStore } from "./lease-store.ts";
import { MemoryLeaseStore } from "./memory-lease-store.ts";

const KEY = "net/dev";
/** Long enough that a slow machine does not lose a lease by itself. */
const TTL = 2000;

/** A store that a test can make unreachable. */
class FlakyStore extends MemoryLeaseStore {
  fails: "no" | "all" | "answers" | "twice" = "no";

  override async read(key: string) {
    this.#refuse("all");
    return super.read(key);
  }

  override async write(key: string, text: string, expected: string | undefined) {
    this.#refuse("all");
    const version = await super.write(key, text, expected);
    this.#refuse("answers");
    return this.fails === "twice" ? undefined : version;
  }

  #refuse(what: "all" | "answers"): void {
    if (this.fails === what) throw new GroundplaneError("LEASE_UNAVAILABLE", "the store is away.");
  }
}

const options = (store: LeaseStore, name = "a"): HoldLeaseOptions => ({
  leases: new LeaseKeeper(store),
  key: KEY,
  name,
  ttlMs: TTL,
  busy: ({ holder }) => new GroundplaneError("STACK_BUSY", `${holder.name} has it.`),
});

async function documentOf(store: LeaseStore) {
  return readLease(KEY, (await store.read(KEY))?.text);
}

async function steal(store: LeaseStore): Promise<void> {
  const stored = await store.read(KEY);
  const document = readLease(KEY, stored?.text);
  if (document.holder === undefined) throw new TypeError("nobody holds it");
  const holder = { ...document.holder, id: "thief", name: "thief" };
  const taken = { ...document, fence: document.fence + 1, holder };
  expect(await store.write(KEY, writeLease(taken), stored?.version)).toBeDefined();
}

const aborted = (held: HeldLease) =>
  new Promise<unknown>((resolve) => held.signal.addEventListener("abort", () => resolve(held.signal.reason)));

test("is held and renewed while the work goes on, and given back afterwards, also when it throws", async () => {
  const store = new MemoryLeaseStore();
  const work = holdLease(options(store), async (held) => {
    await expect(holdLease(options(store, "b"), async () => undefined)).rejects.toThrow("a has it.");
    const beats = new Promise<number>((resolve) => held.onBeat(resolve));
    expect(await beats).toBeLessThan(TTL);
    expect((await documentOf(store)).holder?.beat).toBeGreaterThan(0);
    await held.check();
    throw new TypeError("the work failed");
  });
  await expect(work).rejects.toThrow("the work failed");
  expect(await documentOf(store)).toMatchObject({ fence: 1, queue: [] });
  expect((await documentOf(store)).holder).toBeUndefined();
});

test("survives a store that is away for less than its time", async () => {
  const store = new FlakyStore();
  await holdLease(options(store), async (held) => {
    store.fails = "all";
    await sleep(TTL / 2.5);
    await expect(held.check()).rejects.toMatchObject({ code: "LEASE_UNAVAILABLE" });
    store.fails = "no";
    await new Promise((resolve) => held.onBeat(resolve));
    await held.check();
    expect(held.signal.aborted).toBe(false);
  });
});

test("is lost before anyone may take it when the store stays away, and its end throws nothing of its own", async () => {
  const store = new FlakyStore();
  const startedAt = performance.now();
  await holdLease(options(store), async (held) => {
    store.fails = "all";
    expect(await aborted(held)).toMatchObject({
      code: "LEASE_LOST",
      message: expect.stringContaining("fence 1"),
    });
    expect(performance.now() - startedAt).toBeGreaterThan(TTL / 2);
    await expect(held.check()).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(() => held.checkNow()).toThrow(expect.objectContaining({ code: "LEASE_LOST" }));
  });
});

test("is lost at once for whoever looks, and at the next beat for whoever does not, when someone else has it", async () => {
  const store = new MemoryLeaseStore();
  await holdLease(options(store), async (held) => {
    await steal(store);
    await expect(held.check()).rejects.toMatchObject({ code: "LEASE_LOST" });
  });
  const document = await documentOf(store);
  // What is someone else's is not given back.
  expect([document.fence, document.holder?.name]).toEqual([2, "thief"]);

  const failing = new MemoryLeaseStore();
  const work = holdLease(options(failing), async (held) => {
    await steal(failing);
    await aborted(held);
    throw new TypeError("the folder is gone");
  });
  await expect(work).rejects.toMatchObject({ code: "LEASE_LOST" });

  const again = new MemoryLeaseStore();
  await holdLease(options(again), async (held) => {
    await steal(again);
    expect(await aborted(held)).toMatchObject({ code: "LEASE_LOST" });
  });
});

test("what was written although the answer was lost is taken back, or known again when it was asked twice", async () => {
  const store = new FlakyStore();
  const keeper = new LeaseKeeper(store);
  store.fails = "answers";
  await expect(keeper.acquire({ key: KEY, name: "a", ttlMs: TTL })).rejects.toMatchObject({
    code: "LEASE_UNAVAILABLE",
  });
  store.fails = "no";
  expect(await keeper.acquire({ key: KEY, name: "b", ttlMs: TTL })).toMatchObject({ name: "b", fence: 2 });

  // A client that repeats a request by itself is told that the condition does not hold any more: by its own write.
  const repeating = new FlakyStore();
  repeating.fails = "twice";
  const lease = await new LeaseKeeper(repeating).acquire({ key: KEY, name: "a", ttlMs: TTL });
  expect(lease).toMatchObject({ name: "a", fence: 1 });
});

test("one who no longer wants it leaves the queue", async () => {
  const store = new MemoryLeaseStore();
  const abort = new AbortController();
  await holdLease(options(store), async () => {
    const waiting = holdLease(
      {
        ...options(store, "b"),
        ...{ waitMs: 60_000, signal: abort.signal },
        onWaiting: () => setTimeout(() => abort.abort(), 20),
      },
      async () => expect.unreachable(),
    );
    await expect(waiting).rejects.toMatchObject({
      code: "STACK_BUSY",
      message: expect.stringContaining("b was"),
    });
    expect((await documentOf(store)).queue).toEqual([]);
  });
});

test("one whose time to wait is over is told who has it, and leaves the queue", async () => {
  const store = new MemoryLeaseStore();
  const positions: number[] = [];
  await holdLease(options(store), async () => {
    const wait = {
      waitMs: 50,
      onWaiting: ({ position }: { position: number }) => void positions.push(position),
    };
    await expect(holdLease({ ...options(store, "b"), ...wait }, async () => undefined)).rejects.toThrow(
      "a has it.",
    );
    expect(positions).toEqual([1]);
    expect((await documentOf(store)).queue).toEqual([]);
  });
});

test("a waiting one keeps its place by beating, and gets it before a newcomer", async () => {
  const store = new MemoryLeaseStore();
  const order: string[] = [];
  const hold = (name: string, waitMs: number, queued: () => void = () => undefined) =>
    holdLease({ ...options(store, name), waitMs, onWaiting: queued }, async () => void order.push(name));
  let waiting: Promise<void> | undefined;
  await holdLease(options(store), async () => {
    await new Promise<void>((queued) => {
      waiting = hold("b", 60_000, queued);
    });
    await expect.poll(async () => (await documentOf(store)).queue[0]?.beat, { timeout: 20_000 }).toBe(1);
  });
  await Promise.all([waiting, hold("c", 60_000)]);
  expect(order).toEqual(["b", "c"]);
});
