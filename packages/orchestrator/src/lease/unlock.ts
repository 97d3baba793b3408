import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import type { EngineEnvironment } from "../engine/engine-environment.ts";
import { runPulumi } from "../engine/pulumi-cli.ts";
import { type BackendLock, backendLocks } from "./backend-lock.ts";

function describe({ username, hostname, pid, timestamp }: BackendLock): string {
  return `${username}@${hostname} (process ${pid}, since ${timestamp})`;
}

/**
 * Clears what a dead engine's locks left on a stack. A lock whose holder lives is never broken; one of another
 * machine cannot be verified from here and is not broken either.
 *
 * @returns the locks that were cleared.
 * @throws {STACK_BUSY} naming a holder that lives, or may.
 */
export async function clearDeadLocks(
  engine: EngineEnvironment,
  project: string,
  stack: string,
): Promise<readonly BackendLock[]> {
  const locks = await backendLocks(engine.env["PULUMI_BACKEND_URL"] ?? "", project, stack);
  const alive = locks.find(({ holder }) => holder === "alive");
  if (alive !== undefined) {
    throw new GroundplaneError(
      "STACK_BUSY",
      `the engine of ${describe(alive)} holds the stack's lock, and it runs: wait for it, or end it first.`,
      {
        facts: { pid: alive.pid },
      },
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
  if (locks.length > 0) await cancel(engine, project, stack);
  return locks;
}

async function cancel(engine: EngineEnvironment, project: string, stack: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "groundplane-unlock-"));
  try {
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
    const result = await runPulumi(["cancel", "--yes", `--stack=${stack}`], {
      pulumi: engine.pulumi,
      cwd: folder,
      env: engine.env,
    });
    if (result.code === 0) return;
    throw new GroundplaneError(
      "ENGINE_FAILED",
      `the lock could not be cleared: ${result.stderr.trim().split("\n").at(-1)}`,
      {
        facts: { stack },
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
