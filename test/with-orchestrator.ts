import type { GroundplaneEvent } from "@groundplane/contracts";
import {
  type Engine,
  loadProject,
  Orchestrator,
  type OrchestratorOptions,
  resolveEngine,
} from "@groundplane/orchestrator";

/** Of a file's tests, which open many orchestrators: the search has tests of its own. */
let engine: Promise<Engine> | undefined;

/** Opens the orchestrator of the project in this folder, hands it on with what it tells, and closes it. */
export async function withOrchestrator<Result>(
  root: string,
  work: (orchestrator: Orchestrator, events: readonly GroundplaneEvent[]) => Promise<Result>,
  options: Partial<OrchestratorOptions> = {},
): Promise<Result> {
  const events: GroundplaneEvent[] = [];
  engine ??= resolveEngine();
  const orchestrator = await Orchestrator.open({
    project: await loadProject(root),
    engine: await engine,
    onEvent: (event) => events.push(event),
    ...options,
  });
  try {
    return await work(orchestrator, events);
  } finally {
    await orchestrator.close();
  }
}
