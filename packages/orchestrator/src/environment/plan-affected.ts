import type { RunRecord } from "@groundplane/contracts";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { LoadedProject } from "../define/load-project.ts";
import { digestProgram } from "../digest/program-digest.ts";
import { sourceParts } from "../digest/source-parts.ts";
import { parseSettings, readStackFiles } from "../engine/work-folder.ts";
import { findPolicyPack } from "../policy/policy-pack.ts";
import { type AffectedPlan, affectedStacks, type StackFacts } from "./affected-stacks.ts";
import { environmentGraph, type StackGraph } from "./stack-graph.ts";

/**
 * Decides from files and the journal which of the chosen stacks are affected; the engine is not started.
 *
 * @throws {STACK_INVALID} when a program cannot be read.
 * @throws {CONFIG_INVALID} when a config file cannot be read.
 * @throws {POLICY_PACK_NOT_FOUND}
 */
export async function planAffected(
  project: LoadedProject,
  environment: EnvironmentDefinition,
  chosen: StackGraph,
  runsOf: (stack: string) => readonly RunRecord[],
): Promise<AffectedPlan> {
  const graph = environmentGraph(project, environment.name);
  const packs = await Promise.all(environment.policyPacks.map((pack) => findPolicyPack(pack, project.root)));
  const needed = new Set([...chosen.keys()].flatMap((stack) => [stack, ...(graph.get(stack) ?? [])]));
  const facts = await Promise.all(
    [...project.stacks.values()]
      .filter(({ name }) => needed.has(name))
      .map(async (stack): Promise<[string, StackFacts]> => {
        const files = await readStackFiles(stack, environment.name);
        const settings = parseSettings(stack, environment.name, files);
        const program = await digestProgram(project.root, [stack.entry, project.file]);
        const parts = sourceParts({ environment, packs, files, settings }, program);
        return [stack.name, { runs: runsOf(stack.name), parts }];
      }),
  );
  return affectedStacks(graph, chosen, new Map(facts));
}
