import { EXIT_CODES, GroundplaneError } from "@groundplane/contracts";
import type { CommandHandler } from "../command-context.ts";
import type { CommandDefinition, OptionDefinition } from "../command-table.ts";
import { completionScript, isShell, SHELLS } from "../completion-script.ts";

/** Prints the script that teaches a shell these commands and options. */
export const completionOf =
  (commands: readonly CommandDefinition[], common: readonly OptionDefinition[]): CommandHandler =>
  async (context) => {
    const shell = String(context.arguments[0]);
    if (!isShell(shell)) {
      throw new GroundplaneError(
        "INVALID_ARGUMENT",
        `"${shell}" is no shell that is known: use ${SHELLS.join(", ")}.`,
        {
          facts: { value: shell },
        },
      );
    }
    context.terminal.stdout.write(completionScript(shell, commands, common));
    return EXIT_CODES.done;
  };
