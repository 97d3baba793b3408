import { EXIT_CODES, GroundplaneError, runIdSchema } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { parseInput, runOptionsSchema, waitOf } from "../options.ts";
import { returnPointLines } from "../render/return-points.ts";
import { chosenStack, loadFrom, reporterFor, runInSession, showRun, withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);
const optionsSchema = runOptionsSchema.extend({
  to: runIdSchema.optional(),
  list: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  refresh: z.boolean().default(false),
});

type Options = z.output<typeof optionsSchema>;

async function list(
  context: CommandContext,
  options: Options,
  environment: string,
  named: string | undefined,
): Promise<number> {
  if (options.to !== undefined || options.dryRun) {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      "--list shows runs and goes nowhere: leave --to and --dry-run out.",
    );
  }
  const { stdout } = context.terminal;
  const points = await withPipeline(context, options.project, (pipeline, { project }) =>
    pipeline.returnPoints({ environment, stack: chosenStack(project, environment, named) }),
  );
  if (options.json) stdout.write(`${JSON.stringify(points, null, 2)}\n`);
  else writeLines(stdout, returnPointLines(points, context.terminal.now(), context.style));
  return EXIT_CODES.done;
}

/** Goes back to an earlier run, or lists those that can be returned to. */
export const rollback: CommandHandler = async (context) => {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(optionsSchema, context.options);
  if (options.list) return list(context, options, environment, named);
  const handle = await loadFrom(context, options.project);
  const stack = chosenStack(handle.project, environment, named);
  const definition = handle.project.environments.get(environment);
  const sandbox = definition !== undefined && definition.cloud !== "real";
  const reporter = reporterFor(context, options, {
    title: `rollback ${environment}/${stack}${sandbox ? " (sandbox)" : ""}`,
    steps: options.dryRun
      ? ["preview", "policy"]
      : ["preview", "policy", "approve", "up", "verify", "export"],
  });
  const result = await runInSession(context, handle, options, reporter, ({ pipeline, actor, signal }) =>
    pipeline.rollback({
      stack,
      environment,
      requester: actor,
      confirm: options.confirm,
      ...(options.to === undefined ? {} : { to: options.to }),
      ...(options.dryRun ? { previewOnly: true } : {}),
      ...(options.refresh ? { refresh: true } : {}),
      ...waitOf(options),
      signal,
    }),
  );
  return showRun(context, options, result);
};
