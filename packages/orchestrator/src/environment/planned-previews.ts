import type { ChangeSet, RunRecord } from "@groundplane/contracts";
import { outputsToCome } from "../changes/upstream-outputs.ts";
import type { LoadedStack } from "../define/load-project.ts";
import type { DeployRequest } from "../orchestrator-options.ts";
import type { PlannedOutputs } from "../pipeline/run-context.ts";

export interface PlannedPreviewPorts {
  readonly start: (request: DeployRequest, plannedOutputs: PlannedOutputs) => Promise<RunRecord>;
  readonly changeSetOf: (run: string) => ChangeSet;
}

/**
 * Previews of stacks in dependency order, each on what the previews before it say of the outputs that it needs. A
 * stack that was not previewed before it is taken as it is deployed.
 */
export function plannedPreviews(
  project: { readonly stacks: ReadonlyMap<string, Pick<LoadedStack, "dependsOn">> },
  { start, changeSetOf }: PlannedPreviewPorts,
): (request: DeployRequest) => Promise<RunRecord> {
  const planned = new Map<string, PlannedOutputs[string]>();
  return async (request) => {
    const needs = project.stacks.get(request.stack)?.dependsOn ?? [];
    const known = needs.flatMap((need) => {
      const outputs = planned.get(need);
      return outputs === undefined ? [] : [[need, outputs] as const];
    });
    const run = await start(request, Object.fromEntries(known));
    if (run.reason?.code === "PREVIEW_ONLY") planned.set(request.stack, outputsToCome(changeSetOf(run.id)));
    return run;
  };
}
