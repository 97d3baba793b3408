import { EXIT_CODES } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import { runSummaryLines } from "../render/run-summary.ts";
import { withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);

/** Ends the runs whose process is gone. Says what it found; a script reads the runs. */
export const resume: CommandHandler = async (context) => {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(commonOptionsSchema, context.options);
  const { stdout } = context.terminal;
  const runs = await withPipeline(context, options.project, (pipeline) =>
    pipeline.resume({ environment, ...(named === undefined ? {} : { stack: named }) }),
  );
  if (options.json) stdout.write(`${JSON.stringify(runs, null, 2)}\n`);
  else if (runs.length === 0) writeLines(stdout, [`${environment}: no run was left behind.`]);
  else for (const run of runs) writeLines(stdout, [...runSummaryLines(run, context.style, {}), ""]);
  return EXIT_CODES.done;
};
