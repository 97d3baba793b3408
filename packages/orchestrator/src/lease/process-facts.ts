import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

/** What names one process beyond doubt, where the system tells: a process id alone is given out again. */
export const processFactsSchema = z.object({
  host: z.string(),
  pid: z.int().min(1),
  /** When it started, in clock ticks since the boot (`/proc/<pid>/stat`, field 22). */
  startTicks: z.string().optional(),
  /** Random for each boot of a machine. */
  bootId: z.string().optional(),
  /** Processes of another container have ids of their own. */
  pidNamespace: z.string().optional(),
});
export type ProcessFacts = Readonly<z.infer<typeof processFactsSchema>>;

interface ProcessStat {
  /** One letter of proc(5): T is stopped, Z is dead and not yet collected. */
  readonly state: string;
  readonly startTicks: string;
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function statOf(pid: number): ProcessStat | undefined {
  const text = orUndefined(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name stands in parentheses and may hold anything: what follows the last one are the fields from the third.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields?.[0], fields?.[19]];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}

let own: ProcessFacts | undefined;

/** The facts of this very process. */
export function ownProcessFacts(): ProcessFacts {
  if (own !== undefined) return own;
  const bootId = orUndefined(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const pidNamespace = orUndefined(() => readlinkSync("/proc/self/ns/pid"));
  const startTicks = statOf(process.pid)?.startTicks;
  own = {
    host: hostname(),
    pid: process.pid,
    ...(startTicks === undefined ? {} : { startTicks }),
    ...(bootId === undefined ? {} : { bootId }),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  };
  return own;
}

/**
 * Whether a process runs, as far as this one can tell. Unknown for one of another host, boot or container, for a
 * stopped one, and on systems without `/proc`.
 */
export function processVerdict(
  facts: ProcessFacts,
  here: ProcessFacts = ownProcessFacts(),
): "runs" | "gone" | "unknown" {
  const { host, bootId, pidNamespace, startTicks } = facts;
  if (bootId === undefined || pidNamespace === undefined || startTicks === undefined) return "unknown";
  if (host !== here.host || bootId !== here.bootId || pidNamespace !== here.pidNamespace) return "unknown";
  const stat = statOf(facts.pid);
  if (stat === undefined || stat.startTicks !== startTicks || stat.state === "Z") return "gone";
  return stat.state === "T" || stat.state === "t" ? "unknown" : "runs";
}
