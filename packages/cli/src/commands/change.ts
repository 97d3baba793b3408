import { EXIT_CODES, GroundplaneError } from "@groundplane/contracts";
import type { EnvironmentResult } from "@groundplane/orchestrator";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { exitCodeOfRuns } from "../exit-code.ts";
import { chooseEnvironmentReporter } from "../live/choose-reporter.ts";
import type { StepName } from "../live/progress.ts";
import { parseInput, runOptionsSchema, waitOf } from "../options.ts";
import type { ProjectHandle } from "../project-host.ts";
import { environmentLines } from "../render/environment-summary.ts";
import { nextStepLines, runSummaryLines } from "../render/run-summary.ts";
import {
  chosenStack,
  inSession,
  loadFrom,
  reporterFor,
  runInSession,
  showRun,
  stackNamesOf,
} from "../session.ts";
import { writeLines } from "../terminal.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);
const optionsSchema = runOptionsSchema.extend({
  expectNoChanges: z.boolean().default(false),
  all: z.boolean().default(false),
  refresh: z.boolean().default(false),
  affected: z.boolean().default(false),
  keepGoing: z.boolean().default(false),
  concurrency: z.coerce.number().int().min(1).max(64).default(4),
});

/** Leaving the stack out must not destroy anything. */
function namedStack(named: string | undefined): string {
  if (named !== undefined) return named;
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    "say which stack to destroy, or --all for every one of the environment.",
  );
}

/** Those that begin with the engine's preview of a program; the others have commands of their own. */
type Operation = "preview" | "deploy" | "destroy";

const STEPS_OF: Readonly<Record<Operation, readonly StepName[]>> = {
  preview: ["preview", "policy"],
  deploy: ["preview", "policy", "approve", "up", "verify", "export"],
  destroy: ["preview", "policy", "approve", "up"],
};

const ENVIRONMENT_OPERATIONS = {
  preview: "previewEnvironment",
  deploy: "deployEnvironment",
  destroy: "destroyEnvironment",
} as const;

function environmentDocument(environment: string, result: EnvironmentResult) {
  const { runs, skipped, affected, unaffected } = result;
  return {
    environment,
    runs: [...runs.values()],
    skipped,
    affected: [...affected].map(([stack, why]) => ({ stack, ...why })),
    unaffected: [...unaffected].map(([stack, run]) => ({ stack, run })),
  };
}

async function changeEnvironment(
  operation: Operation,
  context: CommandContext,
  handle: ProjectHandle,
  environment: string,
  stacks: readonly string[] | undefined,
  options: z.output<typeof optionsSchema>,
): Promise<number> {
  const { terminal, style, errorStyle } = context;
  const result = await inSession(
    context,
    handle,
    options,
    () => chooseEnvironmentReporter(terminal, options, errorStyle),
    ({ pipeline, actor, signal }) =>
      pipeline[ENVIRONMENT_OPERATIONS[operation]]({
        environment,
        ...(stacks === undefined ? {} : { stacks }),
        requester: actor,
        confirm: options.confirm,
        ...(options.affected ? { affectedOnly: true } : {}),
        keepGoing: options.keepGoing,
        concurrency: options.concurrency,
        ...(options.refresh ? { refresh: true } : {}),
        ...waitOf(options),
        signal,
      }),
  );
  const runs = [...result.runs.values()];
  if (options.json) {
    terminal.stdout.write(`${JSON.stringify(environmentDocument(environment, result), null, 2)}\n`);
  } else {
    for (const run of runs) writeLines(terminal.stdout, [...runSummaryLines(run, style, {}), ""]);
    writeLines(terminal.stdout, environmentLines(environment, result, style));
    const waiting = runs.filter(({ state }) => state === "WAIT_FOR_APPROVE").length;
    if (waiting > 1) {
      const command = `groundplane review --environment ${environment}`;
      writeLines(
        terminal.stdout,
        nextStepLines([{ command, does: `approve all ${waiting} at once` }], style),
      );
    }
  }
  const moved = runs.some((run) => run.outcome !== "unchanged");
  const inTheWay = exitCodeOfRuns(runs);
  if (inTheWay !== EXIT_CODES.done) return inTheWay;
  if (result.skipped.length > 0) return EXIT_CODES.notApplied;
  return options.expectNoChanges && moved ? EXIT_CODES.drift : EXIT_CODES.done;
}

async function change(operation: Operation, context: CommandContext): Promise<number> {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(optionsSchema, context.options);
  const handle = await loadFrom(context, options.project);
  const all =
    options.all ||
    options.affected ||
    (named === undefined && stackNamesOf(handle.project, environment).length > 1 && operation !== "destroy");
  if (all) {
    const stacks = named === undefined ? undefined : [named];
    return changeEnvironment(operation, context, handle, environment, stacks, options);
  }
  const stack = operation === "destroy" ? namedStack(named) : chosenStack(handle.project, environment, named);
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
      pipeline[operation]({
        stack,
        environment,
        requester: actor,
        confirm: options.confirm,
        ...(options.refresh ? { refresh: true } : {}),
        ...waitOf(options),
        signal,
      }),
  );
  const code = showRun(context, options, result);
  const moved = code === EXIT_CODES.done && result.run.outcome !== "unchanged";
  return options.expectNoChanges && moved ? EXIT_CODES.drift : code;
}

export const preview: CommandHandler = (context) => change("preview", context);
export const deploy: CommandHandler = (context) => change("deploy", context);
export const destroy: CommandHandler = (context) => change("destroy", context);
