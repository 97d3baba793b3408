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

function untriedSources(
  proofs: readonly FlowProof[],
  canTry: (from: Endpoint) => boolean,
): readonly UntriedSource[] {
  const untried = proofs.filter(({ seen }) => seen === "unknown");
  const sources = new Map(untried.map(({ from }) => [from.address, from]));
  return [...sources.values()].map((from) => {
    const own = untried.filter((proof) => proof.from.address === from.address);
    return { from, flows: own.length, why: own[0]?.why ?? "", failed: canTry(from) };
  });
}

/** Counts what came of flows. */
export function reportOf(
  flows: readonly FlowProof[],
  canTry: (from: Endpoint) => boolean,
  rows: readonly UntriedRow[],
): ConnectivityReport {
  const held = flows.filter(({ holds }) => holds).length;
  const broken = brokenFlows({ flows }).length;
  const notTried = flows.length - held - broken;
  return {
    summary: summaryOf(flows.length, held, broken, notTried),
    ...{ flows, held, broken, notTried },
    untriedSources: untriedSources(flows, canTry),
    untriedRows: rows,
  };
}

/** So many of each are named. */
const NAMED = 10;

function firstOf(texts: readonly string[]): string {
  const rest = texts.length > NAMED ? [`and ${texts.length - NAMED} more`] : [];
  return [...texts.slice(0, NAMED), ...rest].join("; ");
}

/** What is wrong in one text, with the first ten that do not hold and the first ten machines that do not let in; else undefined. */
export function connectivityProblem(report: ConnectivityReport): string | undefined {
  const broken = brokenFlows(report).map(({ message }) => message);
  const closed = report.untriedSources.flatMap(({ from, why, failed }) =>
    failed ? `${from.name}: ${why}` : [],
  );
  const nothing = report.held === 0 && broken.length === 0;
  if (broken.length + closed.length === 0 && !nothing) return undefined;
  return [
    report.summary,
    ...(broken.length === 0 ? [] : [firstOf(broken)]),
    ...(closed.length === 0 ? [] : [`not tried from ${firstOf(closed)}`]),
  ].join(": ");
}
