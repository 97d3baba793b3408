import type { RunRecord, Sha256 } from "@groundplane/contracts";
import { SOURCE_PARTS, type SourcePart } from "../digest/source-parts.ts";
import { byLongestChain } from "./longest-chain.ts";
import type { StackGraph } from "./stack-graph.ts";

/** Why a stack is worked on when only affected ones are. */
export type Affected =
  /** There is no run that applied it, or found it unchanged, since it was last destroyed. */
  | { readonly reason: "never-deployed" }
  /** The last run that touched it did not end well, or is under way. */
  | { readonly reason: "unsettled"; readonly run: string }
  /** These differ from what its last run was reviewed with. */
  | { readonly reason: "changed"; readonly run: string; readonly parts: readonly SourcePart[] }
  /** A stack that it needs was applied after its last run began. */
  | { readonly reason: "upstream-applied"; readonly upstream: string; readonly run: string }
  /** A stack that it needs is affected. */
  | { readonly reason: "upstream-affected"; readonly upstream: string };

/** What is known of a stack without asking the engine. */
export interface StackFacts {
  /** Its runs in the environment, newest first. */
  readonly runs: readonly RunRecord[];
  /** Digests of what its files are now, the upstreams' outputs taken as a run had them. */
  readonly parts: (upstreams: Readonly<Record<string, Sha256>>) => Readonly<Record<SourcePart, Sha256>>;
}

export interface AffectedPlan {
  /** Why, by stack. */
  readonly affected: ReadonlyMap<string, Affected>;
  /** The run that it matches, by stack. */
  readonly unaffected: ReadonlyMap<string, string>;
}

const beganToApply = ({ timeline }: RunRecord): boolean => timeline.some(({ state }) => state === "APPLYING");

/** Whether a run says how the stack stands after it: it began to apply, or found that there is nothing to do. */
const tells = (run: RunRecord): boolean =>
  beganToApply(run) || (run.outcome === "unchanged" && run.assumes === undefined);

/** A deployment that went well, or any run that found nothing to do. */
const isSettled = ({ operation, outcome }: RunRecord): boolean =>
  operation === "deploy"
    ? outcome === "applied" || outcome === "unchanged"
    : operation === "preview" && outcome === "unchanged";

/** The run that the stack's files match, or why they match none. */
function compared(
  needs: readonly string[],
  { runs, parts }: StackFacts,
): { readonly matches: RunRecord } | { readonly because: Affected } {
  const last = runs.find(tells);
  if (last === undefined || (last.operation === "destroy" && last.outcome === "applied")) {
    return { because: { reason: "never-deployed" } };
  }
  const { id: run, digest, upstreams } = last;
  // One that did not note what its upstreams handed on cannot be compared with.
  const comparable = upstreams !== undefined || needs.length === 0;
  if (!isSettled(last) || digest === undefined || !comparable)
    return { because: { reason: "unsettled", run } };
  const now = parts(upstreams ?? {});
  const moved = SOURCE_PARTS.filter((part) => now[part] !== digest.parts[part]);
  return moved.length === 0 ? { matches: last } : { because: { reason: "changed", run, parts: moved } };
}

function upstreamReason(
  needs: readonly string[],
  last: RunRecord,
  affected: ReadonlyMap<string, Affected>,
  facts: ReadonlyMap<string, StackFacts>,
): Affected | undefined {
  for (const upstream of needs) {
    if (affected.has(upstream)) return { reason: "upstream-affected", upstream };
    const applied = facts.get(upstream)?.runs.find(beganToApply);
    // What it handed on then may be something else than what the last run read.
    if (applied !== undefined && applied.updatedAt > last.createdAt) {
      return { reason: "upstream-applied", upstream, run: applied.id };
    }
  }
  return undefined;
}

/**
 * Which stacks would not do again what their last run did, and which need one that would not. What other tools did to
 * the state, and what drifted, is not looked at.
 *
 * @param graph All stacks of the project, and what they need.
 * @param chosen Those that are asked for.
 * @param facts Of all stacks that are asked for, and those that they need.
 */
export function affectedStacks(
  graph: StackGraph,
  chosen: StackGraph,
  facts: ReadonlyMap<string, StackFacts>,
): AffectedPlan {
  const affected = new Map<string, Affected>();
  const unaffected = new Map<string, string>();
  // In an order in which what a stack needs stands before it.
  for (const stack of byLongestChain(chosen)) {
    const needs = graph.get(stack) ?? [];
    const known = facts.get(stack);
    const own = known === undefined ? undefined : compared(needs, known);
    if (own === undefined) affected.set(stack, { reason: "never-deployed" });
    else if ("because" in own) affected.set(stack, own.because);
    else {
      const upstream = upstreamReason(needs, own.matches, affected, facts);
      if (upstream === undefined) unaffected.set(stack, own.matches.id);
      else affected.set(stack, upstream);
    }
  }
  return { affected, unaffected };
}
