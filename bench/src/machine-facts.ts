import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { benchEngine } from "./run-side.ts";

/** What figures depend on. No name of the machine. */
export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly engine: string;
  /** Of the last minute, before the first measurement: above the number of cores, something else was at work. */
  readonly load: number;
}

export async function machineFacts(): Promise<MachineFacts> {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.versions.node,
    engine: (await benchEngine()).version,
    load: loadavg()[0] ?? 0,
  };
}
