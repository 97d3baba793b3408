import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Signals a process (a positive id) or a group (a negative one). One that is gone is what was wanted. */
export function signalProcess(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** State and session: fields 3 and 6 of proc_pid_stat(5). The command's name before them may hold blanks and brackets. */
function statOf(pid: number | string): { readonly state: string; readonly session: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, session: Number(session) };
  } catch {
    return undefined;
  }
}

/** It ended, and its parent has not asked how: in a container whose first process never does, it stays so. */
export function isZombie(pid: number): boolean {
  return statOf(pid)?.state === "Z";
}

function membersOf(session: number): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => {
      const stat = /^\d+$/.test(name) ? statOf(name) : undefined;
      return stat?.session === session && stat.state !== "Z";
    })
    .map(Number);
}

/** How long a killed process may take to be gone: one that waits for a disk cannot be ended. */
const GONE_WITHIN_MS = 5000;

/** Waits until all that was killed is gone: what it held is free then. */
export async function sessionGone(leader: number): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS;
  while (membersOf(leader).length > 0 && performance.now() < until) await sleep(20);
}

/** Between a listing and the signal a process may have started another one. */
const ROUNDS = 5;

/**
 * Kills a session's leader with everything that was started in it. The engine gives each plugin a process group of
 * its own, so that of the leader does not hold them; the session does. Elsewhere than on Linux, where sessions
 * cannot be listed, only the leader's group is killed.
 */
export function endSession(leader: number): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = membersOf(leader).filter((pid) => pid !== process.pid);
    if (left.length === 0) break;
    for (const pid of left) signalProcess(pid, "SIGKILL");
  }
  // Last, as a leader may end its own session.
  signalProcess(-leader, "SIGKILL");
}
