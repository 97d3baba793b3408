import { EXIT_CODES } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import { quotedForShell } from "../quoted-for-shell.ts";
import { loadFrom } from "../session.ts";
import { writeLines } from "../terminal.ts";

/** The variables under which plain `pulumi` sees an environment: `eval "$(groundplane env dev)"`. */
export const env: CommandHandler = async (context) => {
  const options = parseInput(commonOptionsSchema, context.options);
  const environment = parseInput(z.string(), context.arguments[0]);
  const variables = await (await loadFrom(context, options.project)).engineEnvironment(environment);
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify(variables, null, 2)}\n`);
  else
    writeLines(
      stdout,
      Object.entries(variables).map(([name, value]) => `export ${name}=${quotedForShell(value)}`),
    );
  return EXIT_CODES.done;
};
