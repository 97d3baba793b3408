import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isGroundplaneError, type RunRecord } from "@groundplane/contracts";
import { loadProject, type Orchestrator, plainPulumiEnvironment } from "@groundplane/orchestrator";

const execute = promisify(execFile);

/** A process of the engine's own, on the environment that the pipeline works on. */
export async function plainPulumi(
  root: string,
  environment: string,
  args: readonly string[],
): Promise<string> {
  const env = { ...process.env, ...(await plainPulumiEnvironment(await loadProject(root), environment)) };
  const { stdout } = await execute("pulumi", [...args, `--stack=${environment}`, "--non-interactive"], {
    cwd: join(root, "stacks/base"),
    env,
    maxBuffer: 256 << 20,
  });
  return stdout;
}

/** A killed process holds its run until it is known to be dead. */
export async function approved(orchestrator: Orchestrator, run: string): Promise<RunRecord> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await orchestrator.approve({ run, by: "ben" });
    } catch (error) {
      if (!(isGroundplaneError(error) && error.code === "STACK_BUSY") || tries > 150) throw error;
      await sleep(200);
    }
  }
}

/** Takes it through approval too. */
export async function through(
  orchestrator: Orchestrator,
  environment: string,
  operation: "deploy" | "destroy",
): Promise<RunRecord> {
  const run = await orchestrator[operation]({ stack: "base", environment, requester: "ann" });
  return run.state === "WAIT_FOR_APPROVE" ? approved(orchestrator, run.id) : run;
}

/** Resumes until no run of the environment is under way: what a dead holder has is free when it is known to be dead. */
export async function resumed(orchestrator: Orchestrator, environment: string): Promise<void> {
  const stands = new Set(["DONE", "WAIT_FOR_APPROVE", "BLOCKED"]);
  for (let tries = 0; tries < 300; tries += 1) {
    await orchestrator.resume({ stack: "base", environment });
    if (orchestrator.runs({ environment }).every(({ state }) => stands.has(state))) return;
    await sleep(200);
  }
  throw new TypeError(`a run of ${environment} is still under way`);
}

/** Does what a run's own words say: unlocks, and clears the mark of what turned out not to be there. */
export async function asAPersonWould(
  orchestrator: Orchestrator,
  root: string,
  environment: string,
): Promise<void> {
  await orchestrator.unlock({ stack: "base", environment });
  await plainPulumi(root, environment, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
}
