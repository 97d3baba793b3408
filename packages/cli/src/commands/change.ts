import { EXIT_CODES, type RunOperation } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import type { StepName } from "../live/progress.ts";
import { parseInput, runOptionsSchema } from "../options.ts";
import { chosenStack, loadFrom, reporterFor, runInSession, showRun } from "../session.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);
const optionsSchema = runOptionsSchema.extend({ expectNoChanges: z.boolean().default(false) });

const STEPS_OF: Readonly<Record<RunOperation, readonly StepName[]>> = {
  preview: ["preview", "policy"],
  deploy: ["preview", "policy", "approve", "up", "verify", "export"],
  destroy: ["preview", "policy", "approve", "up"],
};

async function change(operation: RunOperation, context: CommandContext): Promise<number> {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(optionsSchema, context.options);
  const handle = await loadFrom(context, options.project);
  const stack = chosenStack(handle.project, named);
  const definition = handle.project.environments.get(environment);
  const sandbox = definition !== undefined && definition.cloud !== "real";
  const view = {
    title: `${operation} ${environment}/${stack}${sandbox ? " (sandbox)" : ""}`,
    steps: STEPS_OF[operation],
  };
  const result = await runInSession(
    context,
    handle,
    options,
    reporterFor(context, options, view),
    ({ pipeline, actor, signal }) =>
      pipeline[operation]({ stack, environment, requester: actor, confirm: options.confirm, signal }),
  );
  const code = showRun(context, options, result);
  const moved = code === EXIT_CODES.done && result.run.outcome !== "unchanged";
  return options.expectNoChanges && moved ? EXIT_CODES.drift : code;
}

export const preview: CommandHandler = (context) => change("preview", context);
export const deploy: CommandHandler = (context) => change("deploy", context);
export const destroy: CommandHandler = (context) => change("destroy", context);
