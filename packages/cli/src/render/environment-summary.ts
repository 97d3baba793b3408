import type { EnvironmentResult, Skipped } from "@groundplane/orchestrator";
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

/** One line a stack: where it stands, or which stack held it back. */
export function environmentLines(
  environment: string,
  result: EnvironmentResult,
  style: Style,
): readonly string[] {
  const rows = [
    ...[...result.runs].map(([stack, run]) => [stack, stateText(run, style), style.dim(run.id)]),
    ...result.skipped.map((skipped) => [skipped.stack, style.yellow(skippedText(skipped)), ""]),
  ];
  return [`${environment}: ${result.runs.size} of ${rows.length} stacks`, ...table(rows, "  ")];
}
