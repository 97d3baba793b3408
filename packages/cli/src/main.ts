import { CommanderError } from "commander";
import type { Invocation } from "./command-tree.ts";
import { commandTree } from "./command-tree.ts";
import type { ProjectHost } from "./project-host.ts";
import { styleFor, type Terminal, writeLines } from "./terminal.ts";

/** `error: unknown command 'x'\n(Did you mean y?)` as one sentence of ours. */
function usageMessage(error: CommanderError): string {
  const text = error.message.replace(/^error: /, "").replace(/\n\((Did you mean .*\?)\)/, ". $1");
  return error.code === "commander.help" ? "say which command: groundplane --help lists them" : text;
}

const HELP_CODES: readonly string[] = ["commander.helpDisplayed", "commander.help", "commander.version"];

async function showFailure(
  terminal: Terminal,
  failure: unknown,
  { json, color, jsonLog }: { readonly json: boolean; readonly color: boolean; readonly jsonLog: boolean },
): Promise<number> {
  const [{ errorDocument, errorLines }, { exitCodeOfError }, { GroundplaneError }] = await Promise.all([
    import("./failure.ts"),
    import("./exit-code.ts"),
    import("@groundplane/contracts"),
  ]);
  const error =
    failure instanceof CommanderError
      ? new GroundplaneError("INVALID_ARGUMENT", usageMessage(failure))
      : failure;
  if (json) terminal.stdout.write(`${JSON.stringify(errorDocument(error), null, 2)}\n`);
  const debug = terminal.env.GROUNDPLANE_DEBUG === "1";
  if (jsonLog) {
    const { error: told } = errorDocument(error);
    const record = { time: terminal.now().toISOString(), level: "error", message: told.message, error: told };
    writeLines(terminal.stderr, [JSON.stringify(record)]);
  } else if (!json || debug)
    writeLines(terminal.stderr, errorLines(error, styleFor(terminal.stderr, terminal.env, color), debug));
  return exitCodeOfError(error);
}

/** Whether standard error is for a program. Read from what was typed, as it may be that which could not be parsed. */
export function wantsJsonLog(argv: readonly string[]): boolean {
  const index = argv.indexOf("--log-format");
  return argv.includes("--log-format=json") || (index >= 0 && argv[index + 1] === "json");
}

export interface MainOptions {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  readonly host: ProjectHost;
  readonly version: string;
}

/** Runs the command and returns its exit code. Never throws. */
export async function main({ argv, terminal, host, version }: MainOptions): Promise<number> {
  let code = 0;
  const before = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const color = !before.includes("--no-color");
  const invoke = async (invocation: Invocation) => {
    code = await invocation.handler({
      terminal,
      host,
      style: styleFor(terminal.stdout, terminal.env, color),
      errorStyle: styleFor(terminal.stderr, terminal.env, color),
      arguments: invocation.arguments,
      options: invocation.options,
    });
  };
  const tree = commandTree(version, invoke, (text) => terminal.stdout.write(text));
  try {
    if (argv.length === 0) {
      tree.outputHelp();
      return 0;
    }
    await tree.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && HELP_CODES.includes(error.code) && error.exitCode === 0) return 0;
    return showFailure(terminal, error, {
      json: before.includes("--json"),
      color,
      jsonLog: wantsJsonLog(before),
    });
  }
}
