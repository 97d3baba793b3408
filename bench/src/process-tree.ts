import { readdir, readFile } from "node:fs/promises";

interface ProcessFacts {
  readonly parent: number;
  readonly residentBytes: number;
}

const PAGE_BYTES = 4096;

/** Undefined when it ended meanwhile. Fields of proc(5): the name, in parentheses, may hold anything. */
async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(fields[1]), residentBytes: Number(fields[21]) * PAGE_BYTES };
}

async function residentBytesOf(root: number): Promise<number> {
  const names = await readdir("/proc");
  const found = new Map<number, ProcessFacts>();
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const facts = await factsOf(Number(name));
    if (facts !== undefined) found.set(Number(name), facts);
  }
  const isBelow = (pid: number): boolean => {
    const facts = found.get(pid);
    return pid === root || (facts !== undefined && facts.parent > 1 && isBelow(facts.parent));
  };
  return [...found].reduce((sum, [pid, { residentBytes }]) => (isBelow(pid) ? sum + residentBytes : sum), 0);
}

/** The kernel's clock tick is 10 ms on every Linux that Node runs on. */
const TICK_MS = 10;

/**
 * Processor time that a process and those of its descendants that have ended took; undefined where there is no /proc.
 * What something else does on the machine does not show in it, as it does in wall time.
 */
export async function processorMsOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // utime, stime, cutime, cstime
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
}

export interface PeakMemory {
  /** MiB; undefined where there is no /proc. */
  end(): Promise<number | undefined>;
}

/**
 * Watches the resident memory of a process and all below it, and keeps the highest sum. Pages that processes share
 * are counted in each, so the figure is too high, for every side alike.
 *
 * @param everyMs Between two looks; a shorter peak may be missed. @default 100
 */
export function watchMemory(pid: number, everyMs = 100): PeakMemory {
  let peak = 0;
  let ended = false;
  const look = async (): Promise<void> => {
    while (!ended) {
      peak = Math.max(peak, await residentBytesOf(pid));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  const watching = process.platform === "linux" ? look() : undefined;
  return {
    end: async () => {
      ended = true;
      await watching;
      return watching === undefined ? undefined : peak / 2 ** 20;
    },
  };
}
