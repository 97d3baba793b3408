import type { RunRecord } from "@groundplane/contracts";
import { nextApprover } from "./approval.ts";

/** A command to try, and what it does. */
export interface NextStep {
  readonly command: string;
  readonly does: string;
}

/** The commands that make sense after a run, as they are typed. */
export function nextSteps(run: RunRecord): NextStep[] {
  const where = `${run.environment} ${run.stack}`;
  const diff = { command: `groundplane diff ${run.id}`, does: "every property" };
  const story = { command: `groundplane status ${run.id}`, does: "what happened, step by step" };
  if (run.state === "WAIT_FOR_APPROVE") {
    return [
      { command: `groundplane review ${run.id}`, does: "a page to decide from" },
      diff,
      {
        command: `groundplane approve ${run.id} --as ${nextApprover(run)}`,
        does: "approve, apply",
      },
      { command: `groundplane reject ${run.id} --as ${nextApprover(run)}`, does: "turn it down" },
    ];
  }
  if (run.state === "BLOCKED") {
    return [diff, { command: `groundplane ${run.operation} ${where}`, does: "once the findings are mended" }];
  }
  if (run.state !== "DONE") return [story];
  if (run.operation === "preview") {
    return run.outcome === "unchanged" || run.outcome === "failed"
      ? []
      : [
          diff,
          {
            // What it rests on has to be deployed first.
            command: `groundplane deploy ${run.assumes === undefined ? where : run.environment}${run.refresh === true ? " --refresh" : ""}`,
            does: "make it so",
          },
        ];
  }
  if (run.outcome === "failed" || run.outcome === "rolled-back") {
    return [
      story,
      { command: `groundplane ${run.operation} ${where}`, does: "try again; it goes on from what is there" },
    ];
  }
  if (run.outcome === "applied" || run.outcome === "unchanged") {
    if (run.operation === "destroy") return [story];
    return [{ command: `groundplane outputs ${where}`, does: "what it hands on" }, story];
  }
  return [{ command: `groundplane ${run.operation} ${where}`, does: "ask again" }];
}
