import { Command, Option } from "commander";
import type { CommandHandler } from "./command-context.ts";
import { COMMANDS, COMMON_OPTIONS, type CommandDefinition, type OptionDefinition } from "./command-table.ts";
import { EXIT_CODE_TABLE } from "./exit-code-table.ts";

export interface Invocation {
  readonly handler: CommandHandler;
  readonly arguments: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

function optionOf(definition: OptionDefinition): Option {
  const option = new Option(definition.flags, definition.about);
  if (definition.repeatable === true) {
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}`;
}

function commandOf(
  definition: CommandDefinition,
  invoke: (invocation: Invocation) => Promise<void>,
): Command {
  const [name = "", ...args] = definition.usage.split(" ");
  const command = new Command(name).summary(definition.summary).helpGroup(`${definition.group}:`);
  command.description([sentence(definition.summary), definition.description].filter(Boolean).join("\n\n"));
  for (const argument of args) command.argument(argument, definition.arguments?.[argument.slice(1, -1)]);
  for (const option of definition.options ?? []) command.addOption(optionOf(option));
  if (definition.examples !== undefined) command.addHelpText("after", examplesText(definition.examples));
  for (const child of definition.subcommands ?? []) command.addCommand(commandOf(child, invoke));
  const { load } = definition;
  if (load !== undefined) {
    command.action(async () => {
      const handler = await load();
      await invoke({ handler, arguments: command.processedArgs, options: command.optsWithGlobals() });
    });
  }
  return command;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

const EXIT_CODES_HELP = `\nExit codes:\n${EXIT_CODE_TABLE.map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`).join("\n")}`;

const ROOT_EXAMPLES = [
  "groundplane deploy dev network",
  "groundplane diff run-20261121-093015-x1y2z3",
  "groundplane approve run-20261121-093015-x1y2z3 --as grace",
];

/** Everything that a command shares with those below it: how it writes, and that it throws instead of exiting. */
function configure(command: Command, write: (text: string) => void): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true });
  for (const child of command.commands) configure(child, write);
}

/** commander's tree of all commands. Whatever is run is handed to `invoke`; help goes to `write`. */
export function commandTree(
  version: string,
  invoke: (invocation: Invocation) => Promise<void>,
  write: (text: string) => void,
): Command {
  const program = new Command("groundplane")
    .description(
      "Guarded deployments of infrastructure written in TypeScript: preview, policy, approval, up, verify, export.",
    )
    .version(version, "--version", "print the version")
    .helpCommand("help [command]", "show help of a command");
  for (const option of COMMON_OPTIONS) program.addOption(optionOf(option));
  for (const definition of COMMANDS) program.addCommand(commandOf(definition, invoke));
  program.addHelpText(
    "after",
    `${examplesText(ROOT_EXAMPLES)}\n${EXIT_CODES_HELP}\n\nResults go to standard output, progress and errors to standard error.`,
  );
  configure(program, write);
  return program;
}
