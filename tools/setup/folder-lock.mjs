import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

const HEARTBEAT_MS = 5_000;
const STALE_MS = 60_000;
const OWNERLESS_MS = 5_000;
const POLL_MS = 200;

/** @typedef {{ pid: number, host: string }} Owner */

/**
 * Runs `work` while this process holds the lock folder, one process at a time. The orchestrator has the same
 * in TypeScript (engine-install/folder-lock.ts), which does not run before the build nor on Node 18.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(pid: number | undefined) => void} onWait called once when another process holds it
 * @returns {Promise<T>}
 */
export async function withFolderLock(path, work, onWait) {
  await mkdir(dirname(path), { recursive: true });
  let waited = false;
  while (!(await acquire(path))) {
    const owner = await readOwner(path);
    if (await isStale(path, owner)) {
      await breakStale(path);
      continue;
    }
    if (!waited) onWait(owner?.pid);
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
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
    if ((await readOwner(path))?.pid === process.pid) await rm(path, { recursive: true, force: true });
  }
}

/** @param {string} path */
async function acquire(path) {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  await writeFile(join(path, "owner.json"), JSON.stringify({ pid: process.pid, host: hostname() }));
  return true;
}

/**
 * @param {string} path
 * @returns {Promise<Owner | undefined>}
 */
async function readOwner(path) {
  try {
    return JSON.parse(await readFile(join(path, "owner.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {Owner | undefined} owner
 */
async function isStale(path, owner) {
  if (owner === undefined) return (await ageMs(path)) > OWNERLESS_MS;
  if (owner.host === hostname() && !isAlive(owner.pid)) return true;
  return (await ageMs(join(path, "owner.json"))) > STALE_MS;
}

/**
 * Under a second lock, so that two waiters cannot take a fresh lock for the stale one.
 *
 * @param {string} path
 */
async function breakStale(path) {
  const breaker = `${path}.break`;
  try {
    await mkdir(breaker);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if ((await ageMs(breaker)) > OWNERLESS_MS) await rm(breaker, { recursive: true, force: true });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return;
  }
  try {
    if (await isStale(path, await readOwner(path))) await rm(path, { recursive: true, force: true });
  } finally {
    await rm(breaker, { recursive: true, force: true });
  }
}

/** @param {string} path */
async function ageMs(path) {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
