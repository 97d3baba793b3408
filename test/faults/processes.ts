import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

async function running(mark: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const variables = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return variables.includes(mark) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/**
 * Processes with this text in their variables that do not end by themselves; a killed engine's plugins look once a
 * second whether it is there. Empty where there is no /proc.
 */
export async function processesOf(mark: string): Promise<readonly number[]> {
  for (let tries = 0; tries < 120; tries += 1) {
    if ((await running(mark)).length === 0) return [];
    await sleep(250);
  }
  return running(mark);
}
