import { countsLine, OPERATION_WORDS, operationSymbol } from "../render/counts.ts";
import { duration } from "../render/duration.ts";
import { plainText } from "../render/plain-text.ts";
import { shortType } from "../render/resource-name.ts";
import { table } from "../render/table.ts";
import { padTo, truncate } from "../render/truncate.ts";
import { waitingWords } from "../render/waiting-words.ts";
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
  /** Nothing follows: what is not through stands still. @default false */
  readonly final?: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Steps to show. @default all */
  readonly steps?: readonly StepName[];
}

function stepSymbol(step: Step, options: FrameOptions, ended: boolean, style: Style): string {
  if (step.state === "done") return style.green("✔");
  if (step.state === "failed") return style.red("✖");
  if (step.state === "waiting") return style.dim(ended ? "–" : "○");
  if (options.final === true) return style.yellow("●");
  return style.cyan(SPINNER[options.frame % SPINNER.length] ?? "●");
}

function stepDetail(name: StepName, step: Step, progress: Progress, style: Style): string {
  if (name === "up" && step.state === "running" && !progress.writingState) {
    const failed = progress.failed.length === 0 ? "" : style.red(`, ${progress.failed.length} failed`);
    return `${progress.finished}${progress.planned === undefined ? "" : ` of ${progress.planned}`}${failed}`;
  }
  if (step.counts !== undefined) return countsLine(step.counts, name === "up" ? "done" : "planned", style);
  return plainText(step.detail ?? "");
}

/** Loading the project and finding the engine come before the first step: it shows them. */
function stepOf(name: StepName, progress: Progress, steps: readonly StepName[]): Step {
  const step = progress.steps[name];
  const idle = !progress.ended && steps.every((each) => progress.steps[each].state === "waiting");
  return idle && name === steps[0] ? { state: "running", detail: "getting ready" } : step;
}

function wordOfUp({ destroying, writingState }: Progress): string {
  if (writingState) return "state";
  return destroying ? "destroy" : "up";
}

function stepLine(name: StepName, progress: Progress, options: FrameOptions, style: Style): string {
  const step = stepOf(name, progress, options.steps ?? STEPS);
  const word = name === "up" ? wordOfUp(progress) : name;
  const label = padTo(step.state === "waiting" ? style.dim(word) : word, 8);
  if (step.state === "waiting")
    return `  ${stepSymbol(step, options, progress.ended, style)} ${label.trimEnd()}`;
  const end = step.finishedAt === undefined ? options.now.getTime() : Date.parse(step.finishedAt);
  const took = step.startedAt === undefined ? "" : duration(end - Date.parse(step.startedAt));
  // A moment's step has no time worth reading.
  const time =
    step.startedAt === step.finishedAt || (options.final === true && name === "approve") ? "" : took;
  const detail =
    options.columns < NARROW && step.state === "done" ? "" : stepDetail(name, step, progress, style);
  return `  ${stepSymbol(step, options, progress.ended, style)} ${label}  ${style.dim(time.padStart(10))}  ${detail}`.trimEnd();
}

function resourceLines(resources: readonly ActiveResource[], options: FrameOptions, style: Style): string[] {
  const rows = resources.map((resource) => {
    const took = style.dim(duration(options.now.getTime() - Date.parse(resource.since)));
    const symbol = operationSymbol(resource.operation, style);
    const name = plainText(resource.name);
    if (options.columns < NARROW) return [`${symbol} ${name}`, took];
    return [
      `${symbol} ${OPERATION_WORDS[resource.operation].doing} ${name}`,
      style.dim(shortType(resource.type)),
      took,
    ];
  });
  return table(rows, "      ");
}

/** One frame of the live view: at most `rows - 1` lines, none longer than `columns`. */
export function progressLines(progress: Progress, options: FrameOptions, style: Style): string[] {
  const steps = options.steps ?? STEPS;
  const room = Math.max(0, options.rows - steps.length - 4);
  const active = progress.active.filter(
    (resource) => resource.operation !== "same" && resource.type !== "pulumi:pulumi:Stack",
  );
  const shown = active.length > room ? active.slice(0, Math.max(0, room - 1)) : active;
  const hidden = active.length - shown.length;
  const resources = [
    ...resourceLines(shown, options, style),
    ...(hidden > 0 && room > 0 ? [style.dim(`      … and ${hidden} more`)] : []),
  ];
  const run = progress.run === undefined ? "" : style.dim(`  ${progress.run}`);
  const lines = [
    `${style.bold(options.title)}${run}`,
    ...(progress.waiting === undefined ? [] : [`  ${style.yellow(waitingWords(progress.waiting))}`]),
    ...steps.flatMap((name) => [
      stepLine(name, progress, options, style),
      ...(progress.steps[name].state === "running" && name !== "approve" ? resources : []),
    ]),
  ];
  return lines.slice(0, Math.max(1, options.rows - 1)).map((line) => truncate(line, options.columns));
}
