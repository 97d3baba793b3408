import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lease, type LeaseKeeper, SqliteLeaseKeeper } from "@groundplane/orchestrator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const KEY = "shop/net/dev";
const TTL = 1000;

let folder = "";
let now = 0;
let open: LeaseKeeper[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leases-"));
  now = 1_000_000;
});
afterEach(() => {
  for (const keeper of open) keeper.close();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, "deeper", "leases.db");

/** One row an adapter: makes another keeper of the same leases, on the test's clock. */
const adapters: readonly (readonly [string, () => LeaseKeeper])[] = [
  ["SqliteLeaseKeeper", () => new SqliteLeaseKeeper(file(), () => now)],
];

describe.each(adapters)("%s", (_name, create) => {
  const keeper = (): LeaseKeeper => {
    const made = create();
    open.push(made);
    return made;
  };

  test("gives a key to one at a time, be it through another keeper, or to the holder itself", () => {
    const [one, other] = [keeper(), keeper()];
    expect(one.acquire(KEY, "a", TTL)).toEqual({ key: KEY, holder: "a", fence: 1 });
    expect(other.acquire(KEY, "b", TTL)).toBeUndefined();
    expect(one.acquire(KEY, "a", TTL)).toBeUndefined();
    expect(other.holder(KEY)).toBe("a");
  });

  test("keeps keys apart", () => {
    const leases = keeper();
    expect(leases.acquire(KEY, "a", TTL)?.fence).toBe(1);
    expect(leases.acquire("shop/net/prod", "b", TTL)?.fence).toBe(1);
    expect(leases.holder("shop/app/dev")).toBeUndefined();
  });

  test("raises the fence with each holder, after release and after lapse, and in the next process", () => {
    const leases = keeper();
    const first = leases.acquire(KEY, "a", TTL);
    if (first !== undefined) leases.release(first);
    expect(leases.holder(KEY)).toBeUndefined();
    expect(leases.acquire(KEY, "a", TTL)?.fence).toBe(2);
    now += TTL;
    expect(keeper().acquire(KEY, "b", TTL)?.fence).toBe(3);
  });

  test("lets a lease lapse at the end of its time, and not a moment before", () => {
    const leases = keeper();
    leases.acquire(KEY, "a", TTL);
    now += TTL - 1;
    expect(leases.holder(KEY)).toBe("a");
    expect(leases.acquire(KEY, "b", TTL)).toBeUndefined();
    now += 1;
    expect(leases.holder(KEY)).toBeUndefined();
    expect(leases.acquire(KEY, "b", TTL)?.holder).toBe("b");
  });

  test("prolongs a lease from now", () => {
    const leases = keeper();
    const lease = leases.acquire(KEY, "a", TTL);
    if (lease === undefined) return expect.unreachable();
    now += TTL - 1;
    expect(leases.renew(lease, TTL)).toBe(true);
    now += TTL - 1;
    expect(leases.acquire(KEY, "b", TTL)).toBeUndefined();
  });

  const lapse = (): void => {
    now += TTL;
  };
  const lapseAndTake = (leases: LeaseKeeper, holder: string): void => {
    lapse();
    leases.acquire(KEY, holder, TTL);
  };
  test.each<[string, (leases: LeaseKeeper, lease: Lease) => void]>([
    ["it lapsed", lapse],
    ["someone else has it", (leases) => lapseAndTake(leases, "b")],
    ["the same name took it again", (leases) => lapseAndTake(leases, "a")],
    ["it was released", (leases, lease) => leases.release(lease)],
  ])("does not prolong a lease when %s", (_why, lose) => {
    const leases = keeper();
    const lease = leases.acquire(KEY, "a", TTL);
    if (lease === undefined) return expect.unreachable();
    lose(leases, lease);
    const holder = leases.holder(KEY);
    expect(leases.renew(lease, 10 * TTL)).toBe(false);
    expect(leases.holder(KEY)).toBe(holder);
  });

  test("a holder that was overtaken releases nothing", () => {
    const leases = keeper();
    const stale = leases.acquire(KEY, "a", TTL);
    now += TTL;
    const held = leases.acquire(KEY, "a", TTL);
    if (stale === undefined || held === undefined) return expect.unreachable();
    leases.release(stale);
    leases.release({ ...held, holder: "b" });
    leases.release({ ...held, key: "shop/net/prod" });
    expect(leases.holder(KEY)).toBe("a");
    expect(leases.renew(held, TTL)).toBe(true);
  });
});

describe("SqliteLeaseKeeper and other processes", () => {
  test("of two that want it at once, one has it at a time, and no fence is given twice", {
    timeout: 60_000,
  }, async () => {
    const wanted = 40;
    // Each notes the fence, and looks whether it alone is inside: the folder can be made once.
    const program = `
      import { mkdirSync, rmdirSync } from "node:fs";
      import { SqliteLeaseKeeper } from "@groundplane/orchestrator";
      const leases = new SqliteLeaseKeeper(${JSON.stringify(file())});
      const inside = ${JSON.stringify(join(folder, "inside"))};
      const fences = [];
      while (fences.length < ${wanted}) {
        const lease = leases.acquire("${KEY}", String(process.pid), 60_000);
        if (lease === undefined) { await new Promise((done) => setTimeout(done, 1)); continue; }
        mkdirSync(inside);
        fences.push(lease.fence);
        rmdirSync(inside);
        leases.release(lease);
      }
      process.stdout.write(JSON.stringify(fences));`;
    const compete = async (): Promise<{ code: unknown; fences: number[] }> => {
      const child = spawn(
        process.execPath,
        ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", program],
        {
          cwd: import.meta.dirname,
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      const [code] = await once(child, "close");
      return { code, fences: code === 0 ? JSON.parse(text) : [] };
    };
    const both = await Promise.all([compete(), compete()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    for (const { fences } of both) expect(fences).toEqual([...fences].sort((a, b) => a - b));
    const all = both.flatMap(({ fences }) => fences).sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 2 * wanted }, (_, index) => index + 1));
  });
});
