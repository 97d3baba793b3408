import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 5_000;
/** A holder that has not shown itself for this long is gone, wherever it ran. */
const STALE_MS = 60_000;
/** Time between making the folder and writing the owner into it. */
const OWNERLESS_MS = 5_000;
const POLL_MS = 200;

export interface FolderLockOptions {
  /** Called once when another process holds the lock; `pid` is absent while it is not known. */
  readonly onWait?: (pid: number | undefined) => void;
  readonly signal?: AbortSignal | undefined;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/**
 * Runs `work` while holding the lock folder `path`. Making a folder is atomic on every file system; a holder
 * that was killed is recognised by its process id, and on another host by its heartbeat.
 */
export async function withFolderLock<T>(
  path: string,
  work: () => Promise<T>,
  options: FolderLockOptions = {},
): Promise<T> {
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  await mkdir(dirname(path), { recursive: true });
  let waited = false;
  while (!(await tryAcquire(path, owner))) {
    options.signal?.throwIfAborted();
    const seen = await readOwner(path);
    if (await isStale(path, seen)) {
      await breakStale(path);
      continue;
    }
    if (!waited) options.onWait?.(seen?.pid);
    waited = true;
    await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(join(path, "owner.json"), now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    // Only our own: after a long suspension someone else may rightly hold it.
    if ((await readOwner(path))?.token === owner.token) await rm(path, { recursive: true, force: true });
  }
}

async function tryAcquire(path: string, owner: Owner): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
  await writeFile(join(path, "owner.json"), JSON.stringify(owner));
  return true;
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(path, "owner.json"), "utf8"));
  } catch {
    return undefined;
  }
}

async function isStale(path: string, owner: Owner | undefined): Promise<boolean> {
  if (owner === undefined) return (await ageMs(path)) > OWNERLESS_MS;
  if (owner.host === hostname() && !isAlive(owner.pid)) return true;
  return (await ageMs(join(path, "owner.json"))) > STALE_MS;
}

/** Removes the lock under a second one, so that two waiters cannot take a fresh lock for the stale one. */
async function breakStale(path: string): Promise<void> {
  const breaker = `${path}.break`;
  try {
    await mkdir(breaker);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    if ((await ageMs(breaker)) > OWNERLESS_MS) await rmdir(breaker).catch(() => undefined);
    await sleep(POLL_MS);
    return;
  }
  try {
    if (await isStale(path, await readOwner(path))) await rm(path, { recursive: true, force: true });
  } finally {
    await rmdir(breaker).catch(() => undefined);
  }
}

/** Age of a file; zero when it is gone, for then there is nothing to break. */
async function ageMs(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return hasCode(error, "EPERM");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
