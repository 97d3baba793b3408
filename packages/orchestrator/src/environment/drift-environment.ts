import { type DriftReport, GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import type { DriftRequest } from "../orchestrator-options.ts";
import { runGraph } from "./run-graph.ts";
import { type StackGraph, selectStacks } from "./stack-graph.ts";

export interface EnvironmentDriftRequest {
  readonly environment: string;
  /** @default every stack of the environment */
  readonly stacks?: readonly string[];
  /** Stacks read at once. @minimum 1 @default 4 */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/** What is known of one stack: its report, or why there is none. */
export type StackDrift =
  | { readonly stack: string; readonly report: DriftReport }
  | { readonly stack: string; readonly error: Error };

export interface EnvironmentDrift {
  /** Each stack that was asked for, in the project's order. */
  readonly stacks: readonly StackDrift[];
}

const isNotDeployed = (drift: StackDrift): boolean =>
  "error" in drift && isGroundplaneError(drift.error) && drift.error.code === "STACK_NOT_DEPLOYED";

function cancelled(stack: string, environment: string): GroundplaneError {
  return new GroundplaneError(
    "ENGINE_FAILED",
    `"${stack}" in "${environment}" was not read, as it was cancelled before: whether it drifted is not known.`,
    { facts: { stack, environment } },
  );
}

/**
 * Compares several stacks with the cloud, in no order, as nothing is changed. One that cannot be read does not hide
 * what is known of the others.
 *
 * @throws {STACK_NOT_FOUND} when a name matches nothing.
 * @throws {STACK_NOT_DEPLOYED} when none of them is deployed: nothing was compared.
 */
export async function driftEnvironment(
  graph: StackGraph,
  { environment, stacks, concurrency = 4, signal }: EnvironmentDriftRequest,
  check: (request: DriftRequest) => Promise<DriftReport>,
): Promise<EnvironmentDrift> {
  const selected = new Map([...selectStacks(graph, stacks).keys()].map((stack) => [stack, []]));
  const { results, skipped } = await runGraph(
    selected,
    (stack): Promise<StackDrift> =>
      check({ stack, environment, ...(signal === undefined ? {} : { signal }) }).then(
        (report) => ({ stack, report }),
        (error: unknown) => ({ stack, error: error instanceof Error ? error : new TypeError(String(error)) }),
      ),
    () => "succeeded",
    { concurrency: Math.max(1, concurrency), keepGoing: true, signal },
  );
  const all = [...selected.keys()].flatMap((stack) => results.get(stack) ?? []);
  const unread = skipped.map(({ stack }) => ({ stack, error: cancelled(stack, environment) }));
  const [only] = all;
  if (only !== undefined && "error" in only && unread.length === 0 && all.every(isNotDeployed)) {
    if (all.length === 1) throw only.error;
    throw new GroundplaneError(
      "STACK_NOT_DEPLOYED",
      `none of ${all.map(({ stack }) => stack).join(", ")} is deployed in "${environment}", so there is nothing that could drift: run "groundplane deploy ${environment}" first.`,
      { facts: { environment, stacks: all.map(({ stack }) => stack) } },
    );
  }
  return { stacks: [...all, ...unread] };
}
