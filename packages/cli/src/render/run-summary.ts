import { assumptionText, type OutputsArtifact, type RunReason, type RunRecord } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { missingText } from "./approval.ts";
import { costLines, costRows } from "./cost.ts";
import { countsLine } from "./counts.ts";
import { dateTime, duration } from "./duration.ts";
import { findingsLines } from "./findings.ts";
import { type NextStep, nextSteps } from "./next-steps.ts";
import { oneLine, plainText } from "./plain-text.ts";
import { stateLook, stateText } from "./run-state.ts";
import { table } from "./table.ts";
import { isUnmetOperation } from "./unmet-operation.ts";
import { onFailureText, rollbackRows } from "./way-back.ts";

/** What was exported, and into which files. */
export interface ExportedOutputs {
  readonly artifact: OutputsArtifact;
  /** Paths as they are to be shown. */
  readonly files: readonly string[];
}

function elapsed(run: RunRecord): string {
  const first = run.timeline[0]?.at ?? run.createdAt;
  return duration(Date.parse(run.updatedAt) - Date.parse(first));
}

function changesText(run: RunRecord, style: Style): string {
  const applied =
    run.state === "DONE" &&
    (run.outcome === "applied" || (run.outcome === "rolled-back" && run.operation === "rollback"));
  return countsLine(run.counts, applied ? "done" : "planned", style);
}

/** Lines of a reason that are shown; the record has them all. */
const REASON_LINES = 12;

/** The reason's first line, and what the engine or a provider said below it. */
function reasonRows(reason: RunReason | undefined, style: Style): string[][] {
  if (reason === undefined) return [];
  const [first = "", ...rest] = plainText(reason.message).trim().split("\n");
  const telling = rest.map((line) => line.trim()).filter((line) => line !== "" && !isUnmetOperation(line));
  const unmet = rest.filter(isUnmetOperation).length;
  return [
    ["Because", `${first} ${style.dim(`(${reason.code})`)}`],
    ...telling.slice(0, REASON_LINES).map((line) => ["", line]),
    ...(telling.length > REASON_LINES
      ? [["", style.dim(`… and ${telling.length - REASON_LINES} more lines`)]]
      : []),
    ...(unmet > 0 ? [["", style.dim(`${unmet} planned operations were not begun`)]] : []),
  ];
}

export function nextStepLines(steps: readonly NextStep[], style: Style): string[] {
  if (steps.length === 0) return [];
  return [
    "",
    style.bold("Next"),
    ...table(
      steps.map((step) => [step.command, style.dim(step.does)]),
      "  ",
    ),
  ];
}

export interface SummaryOptions {
  readonly exported?: ExportedOutputs | undefined;
  /** To tell what is overdue. @default - only what was journaled is told */
  readonly now?: Date | undefined;
  /** @default the steps that fit where the run stands */
  readonly next?: readonly NextStep[];
}

/** How a run ended, what it changed, what was found, where its outputs are and what to do next. */
export function runSummaryLines(run: RunRecord, style: Style, options: SummaryOptions = {}): string[] {
  const { exported } = options;
  const head = `${style.bold(`${run.environment}/${run.stack}`)}  ${stateText(run, style)}${run.sandbox ? style.dim("  (sandbox)") : ""}`;
  const reason = stateLook(run).color === "green" ? undefined : run.reason;
  const facts = table(
    [
      // Empty when the run ended before there was a plan.
      ...(Object.keys(run.counts).length === 0 ? [] : [["Changes", changesText(run, style)]]),
      ...costRows(run, style),
      ...(run.assumes === undefined ? [] : [["Rests on", plainText(assumptionText(run.assumes))]]),
      ...reasonRows(reason, style),
      ...(run.state === "WAIT_FOR_APPROVE" ? [["Waits for", missingText(run)]] : []),
      ...(run.state === "WAIT_FOR_APPROVE" && run.expiresAt !== undefined
        ? [["Lapses", dateTime(run.expiresAt)]]
        : []),
      ...(run.state === "WAIT_FOR_APPROVE" && onFailureText(run) !== undefined
        ? [["If it fails", onFailureText(run) ?? ""]]
        : []),
      ...(run.rollback === undefined && run.returnTo !== undefined ? [["Back to", run.returnTo]] : []),
      ...rollbackRows(run, options.now, style),
      ["Run", `${run.id}, ${run.operation} by ${run.requester}, ${elapsed(run)}`],
      ...(exported?.files ?? []).map((file, index) => [
        index === 0 ? `Outputs v${exported?.artifact.version}` : "",
        oneLine(file),
      ]),
    ],
    "  ",
  );
  const findings = findingsLines(run.findings, style);
  const cost = costLines(run, style);
  return [
    head,
    ...facts,
    ...(cost.length === 0 ? [] : ["", ...cost]),
    ...(findings.length === 0 ? [] : ["", ...findings]),
    ...nextStepLines(options.next ?? nextSteps(run), style),
  ];
}
