import { GroundplaneError } from "@groundplane/contracts";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { LoadedProject, LoadedStack } from "../define/load-project.ts";
import { statePlaceOf } from "../engine/state-place.ts";
import { backendFilesOf } from "./backend-files.ts";
import { type BackendLock, backendLocks } from "./backend-lock.ts";

export interface LockedStack {
  readonly project: LoadedProject;
  readonly stack: LoadedStack;
  readonly environment: EnvironmentDefinition;
}

function describe({ username, hostname, pid, timestamp }: BackendLock): string {
  return `${username}@${hostname} (process ${pid}, since ${timestamp})`;
}

function refuseHeld(locks: readonly BackendLock[]): void {
  const alive = locks.find(({ holder }) => holder === "alive");
  if (alive !== undefined) {
    throw new GroundplaneError(
      "STACK_BUSY",
      `the engine of ${describe(alive)} holds the stack's lock, and it runs: wait for it, or end it first.`,
      { facts: { pid: alive.pid } },
    );
  }
  const elsewhere = locks.find(({ holder }) => holder === "elsewhere");
  if (elsewhere !== undefined) {
    throw new GroundplaneError(
      "STACK_BUSY",
      `the engine of ${describe(elsewhere)} holds the stack's lock, and from here it cannot be seen whether it runs. Unlock on ${elsewhere.hostname}, or make sure and use \`pulumi cancel\`.`,
      { facts: { hostname: elsewhere.hostname, pid: elsewhere.pid } },
    );
  }
}

/**
 * Clears what a dead engine's locks left on a stack, whatever its backend. A lock whose holder lives is never
 * broken; one of another machine cannot be verified from here and is not broken either. Only the locks that were
 * verified are removed, so that one taken meanwhile stays. To be called under the stack's lease.
 *
 * @returns the locks that were cleared.
 * @throws {STACK_BUSY} naming a holder that lives, or may.
 * @throws {STATE_UNREADABLE} when a lock cannot be read.
 */
export async function clearDeadLocks({
  project,
  stack,
  environment,
}: LockedStack): Promise<readonly BackendLock[]> {
  const files = backendFilesOf(statePlaceOf(environment, project));
  try {
    const found = await backendLocks(files, stack.name, environment.name);
    refuseHeld(found.map(({ lock }) => lock));
    for (const { path } of found) await files.remove(path);
    return found.map(({ lock }) => lock);
  } finally {
    files.close();
  }
}
