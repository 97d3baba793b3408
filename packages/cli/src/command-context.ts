import type { ProjectHost } from "./project-host.ts";
import type { Style, Terminal } from "./terminal.ts";

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly host: ProjectHost;
  /** For standard output. */
  readonly style: Style;
  /** For standard error. */
  readonly errorStyle: Style;
  /** Arguments in order; an optional one that was left out is undefined. */
  readonly arguments: readonly unknown[];
  /** Options by their long name in camel case; each command parses its own. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Runs a command and returns its exit code. */
export type CommandHandler = (context: CommandContext) => Promise<number>;
