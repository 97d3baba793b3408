import { existsSync } from "node:fs";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The longest that a server's build or installation may take: a cold and busy machine needs minutes. */
export const FILL_LIMIT_MS = 600_000;

async function isStale(lock: string): Promise<boolean> {
  const made = await stat(lock).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > 2 * FILL_LIMIT_MS;
}

/**
 * Fills a folder of the cache, once for all test files and runs: the others wait for the one that does it.
 *
 * @returns why it could not be filled; undefined when it is there.
 */
export async function fillOnce(folder: string, fill: () => Promise<unknown>): Promise<string | undefined> {
  const ready = join(folder, ".ready");
  const lock = `${folder}.lock`;
  await mkdir(dirname(folder), { recursive: true });
  for (;;) {
    if (existsSync(ready)) return undefined;
    const mine = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (mine) break;
    if (await isStale(lock)) await rm(lock, { recursive: true, force: true });
    await sleep(200);
  }
  try {
    if (existsSync(ready)) return undefined;
    await rm(folder, { recursive: true, force: true });
    await fill();
    await writeFile(ready, "");
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? error.message) : String(error);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
