import type { Affected, EnvironmentResult, Skipped } from "@groundplane/orchestrator";
import type { Style } from "../terminal.ts";
import { stateText } from "./run-state.ts";
import { table } from "./table.ts";

/** Why a stack was not begun. */
export function skippedText(skipped: Skipped): string {
  switch (skipped.reason) {
    case "failed":
      return `not begun: ${skipped.because} comes first, and did not succeed`;
    case "waits":
      return `not begun: ${skipped.because} comes first, and waits`;
    case "stopped":
      return `not begun: stopped after ${skipped.because} (--keep-going goes on)`;
    case "cancelled":
      return "not begun: cancelled";
  }
}

/** Why a stack is worked on when only affected ones are. */
export function affectedText(affected: Affected): string {
  switch (affected.reason) {
    case "never-deployed":
      return "not deployed yet";
    case "unsettled":
      return `${affected.run} did not end well, or is not over`;
    case "changed":
      return `changed since ${affected.run}: ${affected.parts.join(", ")}`;
    case "upstream-applied":
      return `${affected.upstream} was applied since (${affected.run})`;
    case "upstream-affected":
      return `${affected.upstream} is affected`;
  }
}

/** One line a stack: where it stands, what held it back, or the run that it matches; and why it was worked on. */
export function environmentLines(
  environment: string,
  result: EnvironmentResult,
  style: Style,
): readonly string[] {
  const { runs, skipped, affected, unaffected } = result;
  if (runs.size === 0 && skipped.length === 0 && unaffected.size > 0) {
    const all = unaffected.size === 1 ? "the stack matches its" : `all ${unaffected.size} stacks match their`;
    return [
      `${environment}: nothing to do: ${all} last run`,
      ...table(
        [...unaffected].map(([stack, run]) => [stack, style.dim(run)]),
        "  ",
      ),
    ];
  }
  const why = (stack: string): string => {
    const known = affected.get(stack);
    return known === undefined ? "" : style.dim(affectedText(known));
  };
  const rows = [
    ...[...runs].map(([stack, run]) => [stack, stateText(run, style), style.dim(run.id), why(stack)]),
    ...skipped.map((one) => [one.stack, style.yellow(skippedText(one)), "", why(one.stack)]),
    ...[...unaffected].map(([stack, run]) => [stack, style.dim("○ unaffected, as in"), style.dim(run), ""]),
  ];
  return [`${environment}: ${runs.size} of ${rows.length} stacks`, ...table(rows, "  ")];
}
