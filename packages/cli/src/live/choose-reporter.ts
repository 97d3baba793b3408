import type { Style, Terminal } from "../terminal.ts";
import { type LiveViewOptions, liveReporter } from "./live-view.ts";
import { logReporter, plainReporter, type Reporter, SILENT } from "./reporter.ts";

export interface ReporterChoice {
  readonly logFormat: "text" | "json";
  readonly quiet: boolean;
}

/** The live view needs a terminal that can move its cursor and is wide enough to read; a log gets plain lines. */
export function chooseReporter(
  terminal: Terminal,
  choice: ReporterChoice,
  view: LiveViewOptions,
  style: Style,
): Reporter {
  const { stderr, env } = terminal;
  if (choice.logFormat === "json") return logReporter(terminal);
  if (choice.quiet) return SILENT;
  const movable = stderr.isTTY && env.TERM !== "dumb" && !env.CI;
  return movable && stderr.columns >= 30 && stderr.rows >= 6
    ? liveReporter(terminal, view, style)
    : plainReporter(stderr, style);
}

/** For several stacks at once: the live view shows one run, so a terminal gets lines too. */
export function chooseEnvironmentReporter(
  terminal: Terminal,
  choice: ReporterChoice,
  style: Style,
): Reporter {
  if (choice.logFormat === "json") return logReporter(terminal);
  return choice.quiet ? SILENT : plainReporter(terminal.stderr, style, true);
}
