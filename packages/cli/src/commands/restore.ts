import { EXIT_CODES, GroundplaneError, runIdSchema } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { parseInput, runOptionsSchema } from "../options.ts";
import { stateBackupLines } from "../render/state-backups.ts";
import { chosenStack, loadFrom, reporterFor, runInSession, showRun, withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);
const optionsSchema = runOptionsSchema.extend({
  from: runIdSchema.optional(),
  before: z.boolean().default(false),
  list: z.boolean().default(false),
  limit: z.coerce.number("--limit is a whole number").int().min(1).max(1000).default(20),
  dryRun: z.boolean().default(false),
});

type Options = z.output<typeof optionsSchema>;

async function list(context: CommandContext, options: Options, environment: string, named?: string) {
  const backups = await withPipeline(context, options.project, (pipeline, { project }) =>
    pipeline.backups({ environment, stack: chosenStack(project, environment, named) }, options.limit),
  );
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify(backups, null, 2)}\n`);
  else writeLines(stdout, stateBackupLines(backups, context.terminal.now(), context.style));
  return EXIT_CODES.done;
}

function sourceOf({ from, before }: Options) {
  if (from !== undefined) return { from: { run: from, ...(before ? { moment: "before" as const } : {}) } };
  if (!before) return {};
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    "--before says which of a run's states is meant: name the run with --from.",
  );
}

/** Puts a kept state in the place of a stack's state, with a review of what that means; or lists those kept. */
export const restore: CommandHandler = async (context) => {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(optionsSchema, context.options);
  if (options.list) return list(context, options, environment, named);
  const source = sourceOf(options);
  const handle = await loadFrom(context, options.project);
  const stack = chosenStack(handle.project, environment, named);
  const report = reporterFor(context, options, {
    title: `restore the state of ${environment}/${stack}`,
    steps: options.dryRun ? [] : ["approve", "up"],
  });
  const result = await runInSession(context, handle, options, report, ({ pipeline, actor, signal }) =>
    pipeline.restore({
      stack,
      environment,
      requester: actor,
      ...source,
      ...(options.dryRun ? { previewOnly: true } : {}),
      signal,
    }),
  );
  return showRun(context, options, result);
};
