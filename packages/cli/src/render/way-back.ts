import { ROLLBACK_LIMITS_MS, type RollbackPhase, type RunRecord } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { duration } from "./duration.ts";

/** What a failure of this deployment does, for whoever approves it. */
export function onFailureText({ onFailure }: RunRecord): string | undefined {
  if (onFailure === undefined || onFailure.rule === "stop") return undefined;
  return onFailure.to === undefined
    ? "it stops where it is: there is nothing to go back to yet"
    : `it goes back to run ${onFailure.to}`;
}

const PHASES: Readonly<Record<RollbackPhase, string>> = { begin: "to begin", finish: "to finish" };

/** A way back, with its times and the limits that it broke. */
export function rollbackRows(run: RunRecord, now: Date | undefined, style: Style): string[][] {
  const { rollback, state } = run;
  if (rollback === undefined) return [];
  const after = (at: string): string => duration(Date.parse(at) - Date.parse(rollback.since));
  const from =
    rollback.failedRun !== undefined || run.operation !== "rollback"
      ? "after the failure"
      : "after it was asked for";
  const times = [
    ...(rollback.beganAt === undefined ? [] : [`began ${after(rollback.beganAt)} ${from}`]),
    ...(rollback.finishedAt === undefined ? [] : [`finished after ${after(rollback.finishedAt)}`]),
  ];
  const waits = now === undefined || state === "DONE" ? 0 : now.getTime() - Date.parse(rollback.since);
  const overdue = (["begin", "finish"] as const).filter(
    (phase) =>
      waits > ROLLBACK_LIMITS_MS[phase] &&
      !(phase === "begin" && rollback.beganAt !== undefined) &&
      !rollback.late.some((late) => late.phase === phase),
  );
  const late = [
    ...rollback.late.map(({ phase, tookMs }) => ({ phase, tookMs })),
    ...overdue.map((phase) => ({ phase, tookMs: waits })),
  ];
  return [
    ["Back to", [rollback.to, ...times].join(", ")],
    ...late.map(({ phase, tookMs }) => [
      style.red("Late"),
      style.red(
        `${PHASES[phase]}: ${duration(tookMs)} were over, the limit is ${duration(ROLLBACK_LIMITS_MS[phase])}`,
      ),
    ]),
  ];
}
