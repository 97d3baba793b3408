import { GroundplaneError, type RunOperation, type RunRecord } from "@groundplane/contracts";
import type { LoadedProject } from "../define/load-project.ts";
import type { RunRequest } from "../orchestrator-options.ts";
import { runGraph, type Skipped } from "./run-graph.ts";
import { reversed, selectStacks } from "./stack-graph.ts";

export interface EnvironmentRequest {
  readonly environment: string;
  /** Who asks. */
  readonly requester: string;
  /** @default every stack of the project */
  readonly stacks?: readonly string[];
  /** Stacks worked on at once. @minimum 1 @default 4 */
  readonly concurrency?: number;
  /** After a stack that did not succeed, go on with those that do not need it. @default false */
  readonly keepGoing?: boolean;
  /** URNs that hold data and may be deleted or replaced, of any of the stacks. @default - none */
  readonly confirm?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface EnvironmentResult {
  /** The run of each stack that was begun. */
  readonly runs: ReadonlyMap<string, RunRecord>;
  /** Stacks that were not begun, and the stack because of which. */
  readonly skipped: readonly Skipped[];
}

/** Whether those that need this stack may begin. */
function succeeded(run: RunRecord): boolean {
  if (run.state !== "DONE") return false;
  return run.outcome === "applied" || run.outcome === "unchanged" || run.reason?.code === "PREVIEW_ONLY";
}

/** The confirmations that speak of this stack: a URN is `urn:pulumi:<environment>::<stack>::…`. */
function confirmationsOf(stack: string, confirm: readonly string[]): readonly string[] {
  return confirm.filter((urn) => urn.split("::")[1] === stack);
}

/**
 * Takes the stacks of an environment through the pipeline in the order in which they need each other; a destroy
 * goes the other way. Each stack is reviewed and approved by itself.
 *
 * @throws {STACK_NOT_FOUND} when a name matches nothing.
 * @throws {CONFIRMATION_REQUIRED} when a confirmation speaks of no stack that is worked on.
 * @throws {PROJECT_INVALID} when stacks need each other in a circle.
 */
export async function runEnvironment(
  project: LoadedProject,
  operation: RunOperation,
  request: EnvironmentRequest,
  start: (request: RunRequest) => Promise<RunRecord>,
): Promise<EnvironmentResult> {
  const { environment, requester, signal, confirm = [] } = request;
  const all = new Map([...project.stacks.values()].map(({ name, dependsOn }) => [name, dependsOn]));
  const selected = selectStacks(all, request.stacks);
  const stray = confirm.filter(
    (urn) => ![...selected.keys()].some((stack) => confirmationsOf(stack, [urn]).length > 0),
  );
  if (stray.length > 0) {
    throw new GroundplaneError(
      "CONFIRMATION_REQUIRED",
      `confirmed, but of no stack that is worked on: ${stray.join(", ")}. Check the URN.`,
      {
        facts: { urns: stray },
      },
    );
  }
  const { results, skipped } = await runGraph(
    operation === "destroy" ? reversed(selected) : selected,
    (stack) =>
      start({
        stack,
        environment,
        requester,
        confirm: confirmationsOf(stack, confirm),
        ...(signal === undefined ? {} : { signal }),
      }),
    succeeded,
    { concurrency: Math.max(1, request.concurrency ?? 4), keepGoing: request.keepGoing ?? false },
  );
  return { runs: results, skipped };
}
