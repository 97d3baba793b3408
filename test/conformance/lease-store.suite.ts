import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LeaseKeeper, type LeaseStore } from "@groundplane/orchestrator";
import { expect, test } from "vitest";

const lease = (name: string): string => JSON.stringify({ name });

/** What every store of leases keeps to. `open` opens the same leases once more. */
export function leaseStoreSuite(open: () => LeaseStore): void {
  let keys = 0;
  const newKey = (): string => {
    keys += 1;
    return `net/e${keys}-${process.pid}`;
  };

  test("keeps a text under a key, for whoever opens it", async () => {
    const [one, other] = [open(), open()];
    const [key, another] = [newKey(), newKey()];
    expect(await one.read(key)).toBeUndefined();
    const version = await one.write(key, lease("a"), undefined);
    expect(version).toEqual(expect.any(String));
    expect(await other.read(key)).toEqual({ text: lease("a"), version });
    expect(await other.read(another)).toBeUndefined();
    one.close();
    other.close();
  });

  test("writes only over what it was told stands there", async () => {
    const store = open();
    const key = newKey();
    expect(await store.write(key, lease("none"), "1")).toBeUndefined();
    expect(await store.read(key)).toBeUndefined();
    const first = await store.write(key, lease("a"), undefined);
    expect(await store.write(key, lease("b"), undefined)).toBeUndefined();
    const second = await store.write(key, lease("c"), first);
    expect(second).not.toBe(first);
    expect(await store.write(key, lease("d"), first)).toBeUndefined();
    expect(await store.read(key)).toEqual({ text: lease("c"), version: second });
    store.close();
  });

  test("of many writes at once one wins, whether making or changing", async () => {
    const stores = Array.from({ length: 8 }, open);
    const key = newKey();
    let standing: string | undefined;
    for (let round = 0; round < 6; round += 1) {
      const versions = await Promise.all(
        stores.map((store, index) => store.write(key, lease(`${round}-${index}`), standing)),
      );
      const won = versions.flatMap((version, index) => (version === undefined ? [] : [{ version, index }]));
      expect(won).toHaveLength(1);
      const read = await stores[0]?.read(key);
      expect(read).toEqual({ text: lease(`${round}-${won[0]?.index}`), version: won[0]?.version });
      standing = read?.version;
    }
    for (const store of stores) store.close();
  });

  test("carries leases: one holder, the others in order, the fence rises", async () => {
    const key = newKey();
    const stores = Array.from({ length: 3 }, open);
    const [one, two, three] = stores.map((store) => new LeaseKeeper(store));
    if (one === undefined || two === undefined || three === undefined) return expect.unreachable();
    const held = await one.acquire({ key, name: "a", ttlMs: 60_000 });
    if ("position" in held) return expect.unreachable();
    expect(await two.acquire({ key, name: "b", ttlMs: 60_000 })).toMatchObject({
      holder: { name: "a", process: { pid: process.pid } },
      position: 1,
    });
    const order: string[] = [];
    const wait = async (keeper: LeaseKeeper, name: string, queued: () => void) => {
      const got = await keeper.acquire({ key, name, ttlMs: 60_000, waitMs: 60_000, onWaiting: queued });
      if ("position" in got) return expect.unreachable();
      order.push(`${name} ${got.fence}`);
      await keeper.release(got);
    };
    let second: Promise<void> | undefined;
    await new Promise<void>((queued) => {
      second = wait(two, "b", queued);
    });
    let third: Promise<void> | undefined;
    await new Promise<void>((queued) => {
      third = wait(three, "c", queued);
    });
    expect(await one.renew(held)).toBe(true);
    expect(await one.holds(held)).toBe(true);
    await one.release(held);
    expect(await one.renew(held)).toBe(false);
    await Promise.all([second, third]);
    expect(order).toEqual(["b 2", "c 3"]);
    expect(await one.holder(key)).toBeUndefined();
    for (const store of stores) store.close();
  });
}

/**
 * Two processes that want one lease again and again: one has it at a time, and no fence is given twice.
 *
 * @param opens An expression that opens the store; `sdk` holds the orchestrator's exports.
 */
export function leaseProcessesTest(opens: () => string, wanted: number, env: () => NodeJS.ProcessEnv): void {
  test("of two processes that want it at once, one has it at a time, and no fence is given twice", {
    timeout: 120_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "leases-"));
    // Each notes the fence, and looks whether it alone is inside: the folder can be made once.
    const program = `
      import { mkdirSync, rmdirSync } from "node:fs";
      import * as sdk from "@groundplane/orchestrator";
      const keeper = new sdk.LeaseKeeper(${opens()});
      const inside = ${JSON.stringify(join(folder, "inside"))};
      const fences = [];
      while (fences.length < ${wanted}) {
        const lease = await keeper.acquire({ key: "net/race", name: String(process.pid), ttlMs: 60_000, waitMs: 100_000 });
        mkdirSync(inside);
        fences.push(lease.fence);
        rmdirSync(inside);
        await keeper.release(lease);
      }
      process.stdout.write(JSON.stringify(fences));
      keeper.close();`;
    const compete = async (): Promise<{ code: unknown; fences: number[] }> => {
      const child = spawn(
        process.execPath,
        ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", program],
        { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"], env: env() },
      );
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      const [code] = await once(child, "close");
      return { code, fences: code === 0 ? JSON.parse(text) : [] };
    };
    try {
      const both = await Promise.all([compete(), compete()]);
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      for (const { fences } of both) expect(fences).toEqual([...fences].sort((a, b) => a - b));
      const all = both.flatMap(({ fences }) => fences).sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: 2 * wanted }, (_, index) => index + 1));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
