import { brakeHolds, decisionsMissing, type RunRecord, writesStateAlone } from "@groundplane/contracts";
import { nextApprover } from "./approval.ts";

/** A command to try, and what it does. */
export interface NextStep {
  readonly command: string;
  readonly does: string;
}

function askAgain(run: RunRecord, where: string): string {
  if (run.returnTo === undefined) return `groundplane ${run.operation} ${where}`;
  return `${makeItSo(run, where)}${run.operation === "preview" ? " --dry-run" : ""}`;
}

/** What a preview showed, for good. */
function makeItSo(run: RunRecord, where: string): string {
  if (run.returnTo !== undefined) return `groundplane rollback ${where} --to ${run.returnTo}`;
  // What it rests on has to be deployed first.
  return `groundplane deploy ${run.assumes === undefined ? where : run.environment}`;
}

/** After up began, something may stand half-way: on, or back. */
function afterFailure(run: RunRecord, again: string, where: string): NextStep[] {
  const { code, message } = run.reason ?? { code: "", message: "" };
  if (code === "STATE_CORRUPT") {
    return [
      { command: `groundplane restore ${where} --list`, does: "the states that runs kept" },
      { command: `groundplane restore ${where}`, does: "put the newest back" },
    ];
  }
  // The pipeline's own words name the command where an operation never ended; nothing else is taken until it is settled.
  if (message.includes("groundplane pending"))
    return [{ command: `groundplane pending ${where}`, does: "what never ended, and how to settle it" }];
  const begun = run.timeline.some(({ state }) => state === "APPLYING");
  return [
    { command: again, does: "try again; it goes on from what is there" },
    ...(begun && run.operation === "deploy"
      ? [{ command: `groundplane rollback ${where}`, does: "or back to what stood before" }]
      : []),
  ];
}

/** The state was written, or not; what the cloud has of it is another question. */
function afterStateWrite(run: RunRecord, where: string, diff: NextStep, story: NextStep): NextStep[] {
  const look = { command: `groundplane drift ${where}`, does: "compare it with the cloud" };
  if (run.outcome === "applied")
    return [look, { command: `groundplane preview ${where}`, does: "what the program would change" }, story];
  if (run.outcome === "unchanged") return [look];
  return run.outcome === "cancelled" ? [diff] : [story];
}

/** The first who may lift the budget's brake. */
function liftStep(run: RunRecord): NextStep[] {
  const [person] = run.cost?.budget?.liftedBy ?? [];
  if (!brakeHolds(run) || person === undefined) return [];
  return [
    {
      command: `groundplane lift-budget ${run.id} --as ${person} --reason "<why>"`,
      does: "let it pass the budget's brake",
    },
  ];
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
      ...liftStep(run),
      ...(brakeHolds(run) && decisionsMissing(run) === 0
        ? []
        : [
            {
              command: `groundplane approve ${run.id} --as ${nextApprover(run)}`,
              does: "approve, apply",
            },
          ]),
      { command: `groundplane reject ${run.id} --as ${nextApprover(run)}`, does: "turn it down" },
    ];
  }
  const again = askAgain(run, where);
  if (run.state === "BLOCKED" && run.findings.some(({ rule }) => rule === "pending-operation")) {
    return [{ command: `groundplane pending ${where}`, does: "what never ended, and how to settle it" }];
  }
  if (run.state === "BLOCKED") {
    return [diff, { command: again, does: "once the findings are mended" }];
  }
  if (run.state !== "DONE") return [story];
  if (writesStateAlone(run.operation)) return afterStateWrite(run, where, diff, story);
  if (run.operation === "preview") {
    return run.outcome === "unchanged" || run.outcome === "failed"
      ? []
      : [
          diff,
          {
            command: `${makeItSo(run, where)}${run.refresh === true ? " --refresh" : ""}`,
            does: "make it so",
          },
        ];
  }
  if (run.outcome === "failed") return [story, ...afterFailure(run, again, where)];
  if (run.outcome === "rolled-back" && run.operation !== "rollback") {
    return [story, { command: again, does: "once it is mended" }];
  }
  if (run.outcome === "applied" || run.outcome === "unchanged" || run.outcome === "rolled-back") {
    if (run.operation === "destroy") return [story];
    return [{ command: `groundplane outputs ${where}`, does: "what it hands on" }, story];
  }
  return [{ command: again, does: "ask again" }];
}
