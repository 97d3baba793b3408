import { countsLine, OPERATION_WORDS, operationSymbol } from "../render/counts.ts";
import { duration } from "../render/duration.ts";
import { plainText } from "../render/plain-text.ts";
import { shortType } from "../render/resource-name.ts";
import { padTo, truncate } from "../render/truncate.ts";
import type { Style } from "../terminal.ts";
import { type ActiveResource, type Progress, STEPS, type Step, type StepName } from "./progress.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Below this the columns of types and details are left out. */
const NARROW = 60;

export interface FrameOptions {
  readonly title: string;
  readonly now: Date;
  /** Number of the frame: turns the spinner. */
  readonly frame: number;
  readonly columns: number;
  readonly rows: number;
  /** Steps to show. @default all */
  readonly steps?: readonly StepName[];
}

function stepSymbol(step: Step, frame: number, ended: boolean, style: Style): string {
  if (step.state === "done") return style.green("✔");
  if (step.state === "failed") return style.red("✖");
  if (step.state === "waiting") return style.dim(ended ? "–" : "○");
  return style.cyan(SPINNER[frame % SPINNER.length] ?? "●");
}

function stepDetail(name: StepName, step: Step, progress: Progress, style: Style): string {
  if (name === "up" && step.state === "running") {
    const failed = progress.failed.length === 0 ? "" : style.red(`, ${progress.failed.length} failed`);
    return `${progress.finished}${progress.planned === undefined ? "" : ` of ${progress.planned}`}${failed}`;
  }
  if (step.counts !== undefined) return countsLine(step.counts, name === "up" ? "done" : "planned", style);
  return plainText(step.detail ?? "");
}

function stepLine(name: StepName, progress: Progress, options: FrameOptions, style: Style): string {
  const step = progress.steps[name];
  const word = name === "up" && progress.destroying ? "destroy" : name;
  const label = padTo(step.state === "waiting" ? style.dim(word) : word, 8);
  if (step.state === "waiting")
    return `  ${stepSymbol(step, options.frame, progress.ended, style)} ${label.trimEnd()}`;
  const end = step.finishedAt === undefined ? options.now.getTime() : Date.parse(step.finishedAt);
  const took = step.startedAt === undefined ? "" : duration(end - Date.parse(step.startedAt));
  // A moment's step has no time worth reading.
  const time = step.startedAt === step.finishedAt ? "" : took;
  const detail =
    options.columns < NARROW && step.state === "done" ? "" : stepDetail(name, step, progress, style);
  return `  ${stepSymbol(step, options.frame, progress.ended, style)} ${label}  ${style.dim(time.padStart(10))}  ${detail}`.trimEnd();
}

function resourceLine(resource: ActiveResource, options: FrameOptions, style: Style): string {
  const took = style.dim(duration(options.now.getTime() - Date.parse(resource.since)));
  const type = options.columns < NARROW ? "" : ` ${style.dim(shortType(resource.type))}`;
  const doing = options.columns < NARROW ? "" : ` ${OPERATION_WORDS[resource.operation].doing}`;
  return `      ${operationSymbol(resource.operation, style)}${doing} ${plainText(resource.name)}${type}  ${took}`;
}

/** One frame of the live view: at most `rows - 1` lines, none longer than `columns`. */
export function progressLines(progress: Progress, options: FrameOptions, style: Style): string[] {
  const steps = options.steps ?? STEPS;
  const room = Math.max(0, options.rows - steps.length - 4);
  const active = progress.active.filter((resource) => OPERATION_WORDS[resource.operation].symbol !== " ");
  const shown = active.length > room ? active.slice(0, Math.max(0, room - 1)) : active;
  const hidden = active.length - shown.length;
  const resources = [
    ...shown.map((resource) => resourceLine(resource, options, style)),
    ...(hidden > 0 && room > 0 ? [style.dim(`      … and ${hidden} more`)] : []),
  ];
  const run = progress.run === undefined ? "" : style.dim(`  ${progress.run}`);
  const lines = [
    `${style.bold(options.title)}${run}`,
    ...steps.flatMap((name) => [
      stepLine(name, progress, options, style),
      ...(progress.steps[name].state === "running" && name !== "approve" ? resources : []),
    ]),
  ];
  return lines.slice(0, Math.max(1, options.rows - 1)).map((line) => truncate(line, options.columns));
}
