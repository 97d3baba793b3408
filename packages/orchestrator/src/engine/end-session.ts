import { readdirSync, readFileSync } from "node:fs";

/** Signals a process (a positive id) or a group (a negative one). One that is gone is what was wanted. */
export function signalProcess(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Field 6 of proc_pid_stat(5); the command's name before it may hold blanks and brackets. */
function sessionOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(session);
  } catch {
    return undefined;
  }
}

function membersOf(session: number): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && sessionOf(name) === session)
    .map(Number);
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
