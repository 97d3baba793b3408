import type { RunRecord } from "@groundplane/contracts";

/** How a run stands or what ended it, in one line that a failing test shows. */
export function story({ state, outcome, reason }: RunRecord): string {
  return [state, outcome, reason?.code, reason?.message].filter(Boolean).join(" | ");
}
