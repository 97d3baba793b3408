import { pathToFileURL } from "node:url";
import { EXIT_CODES } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import { approveSetCommand, reviewedSetLines } from "../render/reviewed-set.ts";
import { nextStepLines } from "../render/run-summary.ts";
import { withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";
import { environmentInstead, runArgument } from "./decide.ts";

const optionsSchema = commonOptionsSchema.extend({ environment: z.string().optional() });

/** Says where the page is that a person decides from: of one run, or of all that waits in an environment. */
export const review: CommandHandler = async (context) => {
  const options = parseInput(optionsSchema, context.options);
  const environment = environmentInstead(context, options);
  const { stdout } = context.terminal;
  if (environment !== undefined) {
    await withPipeline(context, options.project, (pipeline) => {
      const set = pipeline.reviewedSet(environment);
      const pages = set.runs.map(({ id }) => ({ run: id, file: pipeline.artifactFile(id, "review") }));
      if (options.json) {
        stdout.write(`${JSON.stringify({ ...set, pages }, null, 2)}\n`);
        return;
      }
      writeLines(
        stdout,
        reviewedSetLines(set, (run) => pipeline.changeSet(run), context.style),
      );
      if (pages.length === 0) return;
      writeLines(stdout, [
        "",
        ...pages.map(({ file }) => pathToFileURL(file).href),
        ...nextStepLines([{ command: approveSetCommand(set), does: "approve exactly these" }], context.style),
      ]);
    });
    return EXIT_CODES.done;
  }
  const run = runArgument(context);
  const file = await withPipeline(context, options.project, (pipeline) =>
    pipeline.artifactFile(run, "review"),
  );
  if (options.json) stdout.write(`${JSON.stringify({ run, file }, null, 2)}\n`);
  // As an address, which most terminals open at a click.
  else writeLines(stdout, [pathToFileURL(file).href]);
  return EXIT_CODES.done;
};
