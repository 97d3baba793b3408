import type { EnvironmentResult } from "@groundplane/orchestrator";
import type { Style } from "../terminal.ts";
import { stateText } from "./run-state.ts";
import { table } from "./table.ts";

/** One line a stack: where it stands, or which stack held it back. */
export function environmentLines(
  environment: string,
  result: EnvironmentResult,
  style: Style,
): readonly string[] {
  const rows = [
    ...[...result.runs].map(([stack, run]) => [stack, stateText(run, style), style.dim(run.id)]),
    ...result.skipped.map(({ stack, because }) => [stack, style.yellow(`not begun, needs ${because}`), ""]),
  ];
  return [`${environment}: ${result.runs.size} of ${rows.length} stacks`, ...table(rows, "  ")];
}
