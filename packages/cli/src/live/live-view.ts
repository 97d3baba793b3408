import type { GroundplaneEvent } from "@groundplane/contracts";
import type { OutputStream, Style, Terminal } from "../terminal.ts";
import { eventWords } from "./event-line.ts";
import { advance, NO_PROGRESS, type Progress, type StepName } from "./progress.ts";
import { progressLines } from "./progress-lines.ts";
import type { Reporter } from "./reporter.ts";

const FRAME_MS = 100;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

/** Rewrites the same lines of a terminal. */
function repainter(stream: OutputStream) {
  let painted = 0;
  const clear = () => {
    if (painted > 0) stream.write(`\u001b[${painted}A\r\u001b[J`);
    painted = 0;
  };
  return {
    clear,
    paint: (lines: readonly string[]) => {
      const up = painted > 0 ? `\u001b[${painted}A\r` : "";
      // Erasing each line's rest instead of the screen first keeps the picture from flickering.
      stream.write(`${up}${lines.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
      painted = lines.length;
    },
    keep: () => {
      painted = 0;
    },
  };
}

export interface LiveViewOptions {
  readonly title: string;
  readonly steps?: readonly StepName[];
}

/** The live view of a terminal: steps, elapsed times and operations under way; messages stay above it. */
export function liveReporter(terminal: Terminal, options: LiveViewOptions, style: Style): Reporter {
  const stream = terminal.stderr;
  const screen = repainter(stream);
  let progress: Progress = NO_PROGRESS;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const paint = (final = false) => {
    frame += 1;
    const size = { columns: stream.columns, rows: stream.rows };
    screen.paint(progressLines(progress, { ...options, ...size, now: terminal.now(), frame, final }, style));
  };
  const start = () => {
    if (timer !== undefined) return;
    stream.write(HIDE_CURSOR);
    paint();
    timer = setInterval(() => paint(), FRAME_MS);
    timer.unref();
  };
  const stop = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    stream.write(SHOW_CURSOR);
  };
  const note = (line: string) => {
    const running = timer !== undefined;
    if (running) screen.clear();
    stream.write(`${line}\n`);
    if (running) paint();
  };
  const stays = (event: GroundplaneEvent): boolean =>
    (event.name === "engine.message" && event.data.severity !== "info") ||
    event.name === "resource.failed" ||
    (event.name === "stack.verify.check" && !event.data.ok);
  start();
  return {
    event: (event) => {
      progress = advance(progress, event);
      const words = stays(event) ? eventWords(event, style) : undefined;
      if (words !== undefined) note(words);
    },
    note,
    pause: () => {
      if (timer === undefined) return;
      paint(true);
      screen.keep();
      stop();
    },
    resume: start,
    end: () => {
      if (timer === undefined) return;
      // A command that failed before anything happened leaves its error only.
      if (progress === NO_PROGRESS) screen.clear();
      else paint(true);
      screen.keep();
      stop();
      if (progress !== NO_PROGRESS) stream.write("\n");
    },
  };
}
