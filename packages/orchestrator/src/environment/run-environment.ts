import { GroundplaneError, type RunOperation, type RunRecord } from "@groundplane/contracts";
import { type LoadedProject, requireEnvironment } from "../define/load-project.ts";
import type { DeployRequest } from "../orchestrator-options.ts";
import type { Affected, AffectedPlan } from "./affected-stacks.ts";
import { expectedTimes } from "./expected-times.ts";
import { planAffected } from "./plan-affected.ts";
import { runGraph, type Skipped, type Verdict } from "./run-graph.ts";
import { chooseStacks, reversed, type StackGraph, selectStacks } from "./stack-graph.ts";

export interface EnvironmentRequest {
  readonly environment: string;
  /** Who asks. */
  readonly requester: string;
  /** @default every stack of the environment */
  readonly stacks?: readonly string[];
  /** Stacks worked on at once. @minimum 1 @default 4 */
  readonly concurrency?: number;
  /**
   * After a stack that failed or is blocked, go on with those that do not need it. One that waits for approval
   * always holds back only those that need it. @default false
   */
  readonly keepGoing?: boolean;
  /** URNs that hold data and may be deleted or replaced, of any of the stacks. @default - none */
  readonly confirm?: readonly string[];
  /** Reads the cloud first, for each stack, as in `DeployRequest`. Not for a destroy. @default false */
  readonly refresh?: boolean;
  /** How many milliseconds each run queues for its stack while someone else changes it. @default 0 */
  readonly waitMs?: number;
  /**
   * Only stacks whose program, dependencies, config, environment rules or policy packs are not those of their last run,
   * that were never deployed or whose last deployment did not end well, and the stacks that need one of these. What
   * drifted is not looked at. Not for a destroy. @default false
   */
  readonly affectedOnly?: boolean;
  readonly signal?: AbortSignal;
}

export interface EnvironmentResult {
  /** The run of each stack that was begun. */
  readonly runs: ReadonlyMap<string, RunRecord>;
  /** Stacks that were not begun, and why. */
  readonly skipped: readonly Skipped[];
  /** With `affectedOnly`: why each stack was worked on. */
  readonly affected: ReadonlyMap<string, Affected>;
  /** With `affectedOnly`: the run that each of the others matches. They were not begun. */
  readonly unaffected: ReadonlyMap<string, string>;
}

/** Nothing went wrong: another stack must be deployed before more can be said. */
const HAS_TO_WAIT: ReadonlySet<string> = new Set(["UPSTREAM_NOT_KNOWN", "UPSTREAM_NOT_DEPLOYED"]);

/** Whether those that need this stack may begin. */
export function verdictOf(run: RunRecord): Verdict {
  if (run.state === "WAIT_FOR_APPROVE" || HAS_TO_WAIT.has(run.reason?.code ?? "")) return "waits";
  const done =
    run.outcome === "applied" || run.outcome === "unchanged" || run.reason?.code === "PREVIEW_ONLY";
  return run.state === "DONE" && done ? "succeeded" : "failed";
}

/** The confirmations that speak of this stack: a URN is `urn:pulumi:<environment>::<stack>::…`. */
function confirmationsOf(stack: string, confirm: readonly string[]): readonly string[] {
  return confirm.filter((urn) => urn.split("::")[1] === stack);
}

export interface EnvironmentPorts {
  /** Takes one stack through the pipeline. */
  readonly start: (request: DeployRequest) => Promise<RunRecord>;
  /** A stack's runs in the environment, newest first. */
  readonly runsOf: (stack: string) => readonly RunRecord[];
}

async function affectedOf(
  project: LoadedProject,
  operation: RunOperation,
  { environment, affectedOnly }: EnvironmentRequest,
  chosen: StackGraph,
  runsOf: EnvironmentPorts["runsOf"],
): Promise<AffectedPlan> {
  if (affectedOnly !== true) return { affected: new Map(), unaffected: new Map() };
  if (operation === "destroy") {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      "only previews and deployments can be for affected stacks alone: name the stacks to destroy.",
    );
  }
  return planAffected(project, requireEnvironment(project, environment), chosen, runsOf);
}

/** The part of a graph that holds these stacks only; nothing, when there are none. */
function restrict(graph: StackGraph, stacks: ReadonlyMap<string, unknown>): StackGraph {
  return stacks.size === 0 ? new Map() : selectStacks(graph, [...stacks.keys()]);
}

/**
 * Takes the stacks of an environment through the pipeline in the order in which they need each other; a destroy
 * goes the other way. Each stack is reviewed and approved by itself.
 *
 * @throws {STACK_NOT_FOUND} when a name is no stack of the environment.
 * @throws {CONFIRMATION_REQUIRED} when a confirmation speaks of no stack that is worked on.
 * @throws {PROJECT_INVALID} when stacks need each other in a circle.
 */
export async function runEnvironment(
  project: LoadedProject,
  operation: RunOperation,
  request: EnvironmentRequest,
  { start, runsOf }: EnvironmentPorts,
): Promise<EnvironmentResult> {
  const { environment, requester, signal, waitMs, confirm = [] } = request;
  const chosen = chooseStacks(project, environment, request.stacks);
  const { affected, unaffected } = await affectedOf(project, operation, request, chosen, runsOf);
  const selected = request.affectedOnly === true ? restrict(chosen, affected) : chosen;
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
        ...(request.refresh === true ? { refresh: true } : {}),
        ...(waitMs === undefined ? {} : { waitMs }),
        ...(signal === undefined ? {} : { signal }),
      }),
    verdictOf,
    {
      concurrency: Math.max(1, request.concurrency ?? 4),
      keepGoing: request.keepGoing ?? false,
      expected: expectedTimes([...selected.keys()], operation, runsOf),
      signal,
    },
  );
  return { runs: results, skipped, affected, unaffected };
}
