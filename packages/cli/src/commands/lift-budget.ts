import { z } from "zod";
import type { CommandHandler } from "../command-context.ts";
import { actorOf } from "../identity.ts";
import { parseInput, runOptionsSchema, waitOf } from "../options.ts";
import { loadFrom, reporterFor, runInSession, showRun, withPipeline } from "../session.ts";
import { runArgument, STEPS_AFTER_REVIEW } from "./decide.ts";

const optionsSchema = runOptionsSchema.extend({
  reason: z.string({ error: 'say why, with --reason "<why>"' }),
  apply: z.boolean().default(true),
});

/** Lets a run pass the budget's brake, and applies it when nothing else is missing. */
export const liftBudget: CommandHandler = async (context) => {
  const options = parseInput(optionsSchema, context.options);
  const id = runArgument(context);
  const by = actorOf(context.terminal, options.as);
  const run = await withPipeline(context, options.project, (pipeline) => pipeline.run(id));
  const view = {
    title: `lift the budget's brake for ${run.operation} of ${run.environment}/${run.stack}${run.sandbox ? " (sandbox)" : ""}`,
    steps: STEPS_AFTER_REVIEW[run.operation],
  };
  const handle = await loadFrom(context, options.project);
  const report = reporterFor(context, options, view);
  const result = await runInSession(context, handle, options, report, ({ pipeline, signal }) =>
    pipeline.liftBudget({
      run: id,
      by,
      reason: options.reason,
      apply: options.apply,
      ...waitOf(options),
      signal,
    }),
  );
  return showRun(context, options, result);
};
