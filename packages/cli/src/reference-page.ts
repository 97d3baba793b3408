import type { Command, Option } from "commander";
import { COMMANDS, type CommandDefinition } from "./command-table.ts";
import { commandTree } from "./command-tree.ts";
import { EXIT_CODE_TABLE } from "./exit-code-table.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

function optionRows(options: readonly Option[]): string[] {
  const rows = options.map((option) => `| \`${option.flags}\` | ${cell(option.description)} |`);
  return rows.length === 0 ? [] : ["", "| option | |", "|---|---|", ...rows];
}

function argumentRows(command: Command): string[] {
  const rows = command.registeredArguments.map((argument) => {
    const name = argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
    return `| \`${name}\` | ${cell(argument.description)} |`;
  });
  return rows.length === 0 ? [] : ["", "| argument | |", "|---|---|", ...rows];
}

function sections(command: Command, definition: CommandDefinition, path: string, depth: string): string[] {
  const name = `${path} ${command.name()}`;
  const below = command.commands.flatMap((child) => {
    const own = definition.subcommands?.find(({ usage }) => usage.split(" ")[0] === child.name());
    return own === undefined ? [] : sections(child, own, name, `${depth}#`);
  });
  const examples = definition.examples ?? [];
  return [
    "",
    `${depth} ${name}`,
    "",
    ...(definition.subcommands === undefined ? ["```sh", `${path} ${definition.usage}`, "```", ""] : []),
    command.description(),
    ...argumentRows(command),
    ...optionRows(command.options),
    ...(examples.length === 0 ? [] : ["", "```sh", ...examples, "```"]),
    ...below,
  ];
}

const INTRODUCTION = `<!-- Generated from the command tree by "pnpm generate": change packages/cli/src/command-table.ts instead. -->

# The \`groundplane\` command

## What goes where

Results go to standard output; progress, questions and errors go to standard error. On a terminal, progress is a
live view; in a pipe, in CI (\`CI\` is set) and on a dumb terminal it is plain lines with their time of day in UTC.

\`--json\` prints exactly one JSON document on standard output: the run's record (\`preview\`, \`deploy\`, \`destroy\`,
\`approve\`, \`reject\`, \`cancel\`, \`status <run>\`), a list of them (\`status\`), the change set (\`diff\`) or the outputs
artifact (\`outputs\`). Their JSON Schemas are in \`packages/contracts/schemas\`. A failure is a document too, and goes
to standard output as well: \`{ "error": { "code", "source", "message", "facts" } }\`. With \`--json\` nobody is asked
anything. \`--log-format json\` turns progress into one JSON record a line on standard error; \`--quiet\` leaves it out.

## Who you are

Requests and decisions carry a name: \`--as\`, else \`GROUNDPLANE_ACTOR\`, else the login of the account. **On a local
terminal this name is claimed, not proven.** Whoever can write the project's data folder can claim any name, so the
rule "someone other than the requester" keeps honest people from mistakes and does not stop a dishonest one. Where
that matters, run the pipeline where people cannot write its data folder, such as in CI or a service, and let that
side name the actor from its own login.

At a terminal \`deploy\` and \`destroy\` show the review and ask: approve, reject or later. Without one they never ask:
the run waits, the exit code is 2, and the command that approves is shown. \`--yes\` approves as yourself where the
rule lets you, and never otherwise.

## Ctrl-C

The first one cancels: no new operation begins, those under way end, and the run is recorded as cancelled or failed.
The second one leaves at once, with exit code 130.

## Environment variables

| variable | |
|---|---|
| \`GROUNDPLANE_ACTOR\` | who you are, when \`--as\` is not given |
| \`GROUNDPLANE_PULUMI\` | the Pulumi engine to use: its program, or the folder of it |
| \`GROUNDPLANE_DEBUG\` | \`1\` shows stack traces of errors |
| \`NO_COLOR\`, \`FORCE_COLOR\` | without colours; with colours although it is no terminal |
| \`CI\` | plain lines instead of the live view |`;

/** The reference of the command, as Markdown. */
export function referencePage(): string {
  const tree = commandTree(
    "",
    async () => undefined,
    () => undefined,
  );
  const common = tree.options.filter((option) => option.long !== "--version");
  const exitCodes = EXIT_CODE_TABLE.map(({ code, meaning }) => `| ${code} | ${cell(meaning)} |`);
  const commands = tree.commands.flatMap((command) => {
    const definition = COMMANDS.find(({ usage }) => usage.split(" ")[0] === command.name());
    return definition === undefined ? [] : sections(command, definition, "groundplane", "##");
  });
  return [
    INTRODUCTION,
    "",
    "## Exit codes",
    "",
    "| code | |",
    "|---|---|",
    ...exitCodes,
    "",
    "`reject` and `cancel` exit with 0 once the run is closed; `doctor` exits with 1 when something is missing.",
    "",
    "## Options of every command",
    ...optionRows(common),
    ...commands,
    "",
  ].join("\n");
}
