import { pathToFileURL } from "node:url";
import { EXIT_CODES } from "@groundplane/contracts";
import type { CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import { withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";
import { runArgument } from "./decide.ts";

/** Says where the page is that a person decides from. */
export const review: CommandHandler = async (context) => {
  const options = parseInput(commonOptionsSchema, context.options);
  const run = runArgument(context);
  const file = await withPipeline(context, options.project, (pipeline) =>
    pipeline.artifactFile(run, "review"),
  );
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify({ run, file }, null, 2)}\n`);
  // As an address, which most terminals open at a click.
  else writeLines(stdout, [pathToFileURL(file).href]);
  return EXIT_CODES.done;
};
