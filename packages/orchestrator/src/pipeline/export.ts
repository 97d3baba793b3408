import type { StackState } from "../engine/stack-state.ts";
import { exportOutputs, outputFiles } from "../outputs/export-outputs.ts";
import type { RunContext } from "./run-context.ts";

/** Writes the stack's outputs for whoever comes downstream. */
export function exportFrom(context: RunContext, now: Date, state: StackState): void {
  const { run, project, stack, environment } = context;
  const startedAt = performance.now();
  const files = outputFiles(project.dataFolder, environment.name, stack.name);
  const { outputs, changed } = exportOutputs({
    project: project.definition.name,
    stack,
    environment: environment.name,
    sandbox: environment.cloud !== "real",
    run: run.id,
    now,
    state,
    files,
  });
  run.storeArtifact("outputs", "outputs.json", `${JSON.stringify(outputs, null, 2)}\n`);
  run.emit("stack.outputs.exported", {
    version: outputs.version,
    changed,
    files: [files.json, files.dotenv, files.types],
    durationMs: performance.now() - startedAt,
  });
}
