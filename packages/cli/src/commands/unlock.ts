import { EXIT_CODES } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import { chosenStack, withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);

/** Clears the locks of engines that are gone. A living one's is an error that names it. */
export const unlock: CommandHandler = async (context) => {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(commonOptionsSchema, context.options);
  const locks = await withPipeline(context, options.project, (pipeline, { project }) =>
    pipeline.unlock({ stack: chosenStack(project, environment, named), environment }),
  );
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify(locks, null, 2)}\n`);
  else if (locks.length === 0) writeLines(stdout, ["The stack is not locked."]);
  for (const { username, hostname, pid, timestamp } of options.json ? [] : locks) {
    writeLines(stdout, [
      `Cleared the lock of ${username}@${hostname}, process ${pid}, since ${timestamp}: it is gone.`,
    ]);
  }
  return EXIT_CODES.done;
};
