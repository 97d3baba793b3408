// The job as a user of Groundplane writes it. Started anew for each measurement.
import type { GroundplaneEvent, RunRecord } from "@groundplane/contracts";
import { loadProject, Orchestrator } from "@groundplane/orchestrator";
import { answerTask, eachAtOnce, type SideTask } from "./side-task.ts";

const PART_OF_EVENT: Readonly<Record<string, string>> = {
  "stack.preview.finished": "preview",
  "stack.policy.finished": "validate",
  "stack.up.finished": "up",
  "stack.verify.finished": "verify",
};

class Stopwatch {
  readonly parts: Record<string, number> = {};
  readonly stacks: Record<string, number> = {};
  readonly #createdAt = new Map<string, number>();

  readonly onEvent = (event: GroundplaneEvent): void => {
    const part = PART_OF_EVENT[event.name];
    if (part !== undefined && "durationMs" in event.data)
      this.parts[part] = (this.parts[part] ?? 0) + event.data.durationMs;
    if (event.name === "run.created") this.#createdAt.set(event.stack, performance.now());
    if (event.name === "run.moved" && "to" in event.data && event.data.to === "DONE")
      this.stacks[event.stack] = performance.now() - (this.#createdAt.get(event.stack) ?? performance.now());
  };
}

function requireApplied(run: RunRecord | undefined, stack: string): void {
  if (run?.outcome === "applied") return;
  throw new TypeError(`${stack} was not applied: ${run?.state} ${run?.outcome} ${run?.reason?.message}`);
}

async function deploy(orchestrator: Orchestrator, task: SideTask): Promise<void> {
  const { environment, concurrency } = task;
  const stacks = task.stacks.map(({ name }) => name);
  const { runs } = await orchestrator.deployEnvironment({
    environment,
    requester: "bench",
    stacks,
    concurrency,
  });
  for (const stack of stacks) requireApplied(runs.get(stack), stack);
}

async function drift(orchestrator: Orchestrator, task: SideTask): Promise<void> {
  const { environment } = task;
  await eachAtOnce(task.stacks, task.concurrency, async ({ name, resources }) => {
    const report = await orchestrator.drift({ stack: name, environment });
    if (report.checked !== resources || report.items.length > 0)
      throw new TypeError(`${name}: ${report.checked} of ${resources} read, ${report.items.length} drifted`);
  });
}

answerTask(async (task) => {
  const watch = new Stopwatch();
  const orchestrator = await Orchestrator.open({
    project: await loadProject(task.root),
    onEvent: watch.onEvent,
  });
  const startedAt = performance.now();
  try {
    await (task.kind === "drift" ? drift(orchestrator, task) : deploy(orchestrator, task));
    watch.parts["environment"] = performance.now() - startedAt;
  } finally {
    orchestrator.close();
  }
  return { parts: watch.parts, stacks: watch.stacks };
});
