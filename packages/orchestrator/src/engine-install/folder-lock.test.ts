import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "./fake-engine.fixture.ts";
import { withFolderLock } from "./folder-lock.ts";

let root: string;
let lock: string;

beforeEach(() => {
  root = temporaryFolder();
  lock = join(root, "a.lock");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function leaveLock(owner: { pid: number; host: string }): void {
  mkdirSync(lock);
  writeFileSync(join(lock, "owner.json"), JSON.stringify({ ...owner, token: "other" }));
}

it("lets one in at a time", async () => {
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 5 }, () =>
      withFolderLock(lock, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(20);
        inside -= 1;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

it("is released when the work fails", async () => {
  await expect(withFolderLock(lock, () => Promise.reject(new TypeError("work")))).rejects.toThrow("work");
  expect(existsSync(lock)).toBe(false);
});

it("takes over from a process that was killed", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  leaveLock({ pid, host: hostname() });
  expect(await withFolderLock(lock, async () => "done")).toBe("done");
});

it("takes over from another host that has not shown itself for a minute", async () => {
  leaveLock({ pid: 1, host: "elsewhere" });
  const past = new Date(Date.now() - 61_000);
  utimesSync(join(lock, "owner.json"), past, past);
  expect(await withFolderLock(lock, async () => "done")).toBe("done");
});

it("waits for a living holder, says for whom, and can be cancelled", async () => {
  leaveLock({ pid: process.ppid, host: hostname() });
  const waits: (number | undefined)[] = [];
  const waiting = withFolderLock(lock, async () => "done", {
    onWait: (pid) => waits.push(pid),
    signal: AbortSignal.timeout(500),
  });
  await expect(waiting).rejects.toThrow();
  expect(waits).toEqual([process.ppid]);
  expect(existsSync(lock)).toBe(true);
});
