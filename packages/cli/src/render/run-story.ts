import type { RunRecord } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { countsLine } from "./counts.ts";
import { age, clock, dateTime, duration } from "./duration.ts";
import { nextSteps } from "./next-steps.ts";
import { oneLine } from "./plain-text.ts";
import { stateText } from "./run-state.ts";
import { runSummaryLines } from "./run-summary.ts";
import { table } from "./table.ts";

interface Moment {
  readonly at: string;
  readonly what: string;
}

function moments(run: RunRecord, style: Style): Moment[] {
  const states = run.timeline.map((step, index) => {
    const next = run.timeline[index + 1];
    const stayed =
      next === undefined ? "" : style.dim(`  ${duration(Date.parse(next.at) - Date.parse(step.at))}`);
    const outcome = step.state === "DONE" && run.outcome !== undefined ? `: ${run.outcome}` : "";
    return { at: step.at, what: `${step.state}${outcome}${stayed}` };
  });
  const decisions = run.decisions.map((decision) => {
    const comment = decision.comment === undefined ? "" : `: "${oneLine(decision.comment)}"`;
    return {
      at: decision.at,
      what: `${decision.by} ${decision.verdict === "approve" ? "approved" : "rejected"}${comment}`,
    };
  });
  return [...states, ...decisions].sort((a, b) => a.at.localeCompare(b.at));
}

/** One run from request to end: each state with its time, each decision, and the summary. */
export function runStoryLines(run: RunRecord, style: Style, now?: Date): string[] {
  const story = moments(run, style).map((moment) => [style.dim(clock(moment.at)), moment.what]);
  return [
    `${style.bold(run.id)}  ${run.operation} asked by ${run.requester}, ${dateTime(run.createdAt)}`,
    ...table(story, "  "),
    "",
    ...runSummaryLines(run, style, {
      now,
      next: nextSteps(run).filter(({ command }) => !command.startsWith("groundplane status")),
    }),
  ];
}

/** Runs as a table, in the order given. */
export function runListLines(runs: readonly RunRecord[], now: Date, style: Style): string[] {
  if (runs.length === 0) return ['No runs yet. Begin with "groundplane preview <environment> <stack>".'];
  const header = ["RUN", "STACK", "OPERATION", "STATE", "CHANGES", "BY", "AGE"].map((title) =>
    style.dim(title),
  );
  return table([
    header,
    ...runs.map((run) => [
      run.id,
      `${run.environment}/${run.stack}`,
      run.operation,
      stateText(run, style),
      countsLine({ ...run.counts, same: 0 }, run.outcome === "applied" ? "done" : "planned", style),
      run.requester,
      age(now.getTime() - Date.parse(run.createdAt)),
    ]),
  ]);
}
