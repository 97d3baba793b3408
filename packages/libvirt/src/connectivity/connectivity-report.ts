import type { Endpoint } from "./connectivity.ts";
import type { FlowProof } from "./prove-flows.ts";
import type { UntriedRow } from "./untried-rows.ts";

/** A machine from which flows were not tried. */
export interface UntriedSource {
  readonly from: Endpoint;
  /** How many were not. */
  readonly flows: number;
  readonly why: string;
  /** Whether there was a way to it that failed; false where none was given. */
  readonly failed: boolean;
}

/** What was seen of a connectivity matrix. */
export interface ConnectivityReport {
  /** How it stands in one sentence: "412 of 430 connections are as the matrix says, 2 are not, 16 were not tried". */
  readonly summary: string;
  /** Every flow, in the order of its sources; `seen` is "unknown" for those that were not tried. */
  readonly flows: readonly FlowProof[];
  readonly held: number;
  readonly broken: number;
  /** These count as held nowhere. */
  readonly notTried: number;
  readonly untriedSources: readonly UntriedSource[];
  /** Rows of the matrix that nothing is tried for. */
  readonly untriedRows: readonly UntriedRow[];
}

/** Flows that were tried and are not as the matrix has them. */
export function brokenFlows({ flows }: Pick<ConnectivityReport, "flows">): readonly FlowProof[] {
  return flows.filter(({ holds, seen }) => !holds && seen !== "unknown");
}

function summaryOf(all: number, held: number, broken: number, notTried: number): string {
  const rest = [
    broken === 0 ? "" : `${broken} ${broken === 1 ? "is" : "are"} not`,
    notTried === 0 ? "" : `${notTried} ${notTried === 1 ? "was" : "were"} not tried`,
  ].filter((part) => part !== "");
  const begin = rest.length === 0 ? `all ${all} connections` : `${held} of ${all} connections`;
  return [`${begin} are as the matrix says`, ...rest].join(", ");
}

/** Counts what came of flows. */
export function reportOf(
  flows: readonly FlowProof[],
  untried: Pick<ConnectivityReport, "untriedSources" | "untriedRows">,
): ConnectivityReport {
  const held = flows.filter(({ holds }) => holds).length;
  const broken = brokenFlows({ flows }).length;
  const notTried = flows.length - held - broken;
  return {
    summary: summaryOf(flows.length, held, broken, notTried),
    flows,
    held,
    broken,
    notTried,
    ...untried,
  };
}
