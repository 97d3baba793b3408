import { readdirSync, readFileSync } from "node:fs";

interface ProcessFacts {
  readonly parent: number;
  readonly residentBytes: number;
}

const PAGE_BYTES = 4096;

/** Fields of proc(5) from the third on: the name before them, in parentheses, may hold anything. */
function fieldsOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It ended meanwhile, or there is no /proc.
    return undefined;
  }
}

// Synchronous, as that takes a fifth of the processor time: what watches must not be what is measured.
function residentBytesOf(root: number): number {
  const found = new Map<number, ProcessFacts>();
  for (const name of readdirSync("/proc")) {
    const fields = /^\d+$/.test(name) ? fieldsOf(Number(name)) : undefined;
    if (fields === undefined) continue;
    found.set(Number(name), { parent: Number(fields[1]), residentBytes: Number(fields[21]) * PAGE_BYTES });
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
export function processorMsOf(pid: number): number | undefined {
  // utime, stime, cutime, cstime
  return fieldsOf(pid)
    ?.slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
}

export interface PeakMemory {
  /** MiB; undefined where there is no /proc. */
  readonly end: () => number | undefined;
}

/**
 * Watches the resident memory of a process and all below it, and keeps the highest sum. Pages that processes share
 * are counted in each, so the figure is too high, for every side alike.
 *
 * @param everyMs Between two looks; a shorter peak may be missed. @default 200
 */
export function watchMemory(pid: number, everyMs = 200): PeakMemory {
  if (process.platform !== "linux") return { end: () => undefined };
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, residentBytesOf(pid));
  };
  const timer = setInterval(look, everyMs);
  return {
    end: () => {
      clearInterval(timer);
      return peak === 0 ? undefined : peak / 2 ** 20;
    },
  };
}
