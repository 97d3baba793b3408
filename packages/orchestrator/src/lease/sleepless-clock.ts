import { uptime } from "node:os";

/**
 * Milliseconds of a clock that nobody sets, and that goes on while the machine sleeps where the system has one
 * (Linux: `/proc/uptime`, in steps of 10 ms). For whoever must know for how long others may have heard nothing.
 */
export function sleeplessNow(): number {
  return process.platform === "linux" ? uptime() * 1000 : performance.now();
}
