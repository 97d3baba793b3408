import {
  EXIT_CODES,
  GroundplaneError,
  type RunOperation,
  type RunRecord,
  runIdSchema,
  sha256Schema,
} from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { actorOf } from "../identity.ts";
import type { StepName } from "../live/progress.ts";
import { plainReporter } from "../live/reporter.ts";
import { parseInput, runOptionsSchema, waitOf } from "../options.ts";
import type { Pipeline } from "../project-host.ts";
import { loadFrom, reporterFor, runInSession, showRun, withPipeline } from "../session.ts";
import { TerminalApprover } from "../terminal-approver.ts";
import { approveEnvironment } from "./approve-environment.ts";

const optionsSchema = runOptionsSchema.extend({
  apply: z.boolean().default(true),
  environment: z.string().optional(),
  digest: sha256Schema.optional(),
  concurrency: z.coerce.number().int().min(1).max(64).default(4),
});

/** What is left to do for a run that was reviewed. */
export const STEPS_AFTER_REVIEW: Readonly<Record<RunOperation, readonly StepName[]>> = {
  preview: [],
  deploy: ["approve", "up", "verify", "export"],
  destroy: ["approve", "up"],
  rollback: ["approve", "up", "verify", "export"],
  restore: ["approve", "up"],
  settle: ["approve", "up"],
};

/** @throws {INVALID_ARGUMENT} when what was typed is no run. */
export function runArgument(context: CommandContext): string {
  const id = runIdSchema.safeParse(context.arguments[0]);
  if (id.success) return id.data;
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `"${String(context.arguments[0])}" is no run: they look like run-20261121-093015-x1y2z3, and "groundplane status" lists them.`,
    { facts: { value: String(context.arguments[0]) } },
  );
}

/**
 * The environment that was named in place of a run.
 *
 * @throws {INVALID_ARGUMENT} when both were named, or neither.
 */
export function environmentInstead(
  context: CommandContext,
  { environment }: { readonly environment?: string | undefined },
): string | undefined {
  if ((context.arguments[0] === undefined) !== (environment === undefined)) return environment;
  throw new GroundplaneError("INVALID_ARGUMENT", "say one of the two: a run, or --environment <name>.");
}

/** Shows the review to the person who approves, and asks. */
async function answerAtTerminal(context: CommandContext, pipeline: Pipeline, run: RunRecord, actor: string) {
  if (run.state !== "WAIT_FOR_APPROVE" || run.digest === undefined) return "approve";
  const { terminal, errorStyle: style } = context;
  const approver = new TerminalApprover({
    terminal,
    style,
    actor,
    yes: false,
    reporter: plainReporter(terminal.stderr, style),
  });
  const answer = await approver.decide({
    run,
    changeSet: pipeline.changeSet(run.id),
    digest: run.digest.digest,
  });
  return answer === "later" ? "later" : answer.verdict;
}

/** Approves a run, and applies it once the rule is met. */
export const approve: CommandHandler = async (context) => {
  const options = parseInput(optionsSchema, context.options);
  const environment = environmentInstead(context, options);
  if (environment !== undefined) return approveEnvironment(context, environment, options);
  if (options.digest !== undefined) {
    throw new GroundplaneError("INVALID_ARGUMENT", "--digest goes with --environment: a run has its own.");
  }
  const id = runArgument(context);
  const by = actorOf(context.terminal, options.as);
  const decision = { run: id, by, ...(options.comment === undefined ? {} : { comment: options.comment }) };
  const asks = context.terminal.interactive && !options.yes && !options.json;
  const { run, closed } = await withPipeline(context, options.project, async (pipeline) => {
    const run = pipeline.run(id);
    const answer = asks ? await answerAtTerminal(context, pipeline, run, by) : "approve";
    if (answer === "approve") return { run, closed: undefined };
    return { run, closed: answer === "reject" ? await pipeline.reject(decision) : run };
  });
  if (closed !== undefined) return showRun(context, options, { run: closed });
  const view = {
    title: `approve ${run.operation} of ${run.environment}/${run.stack}${run.sandbox ? " (sandbox)" : ""}`,
    steps: STEPS_AFTER_REVIEW[run.operation],
  };
  const handle = await loadFrom(context, options.project);
  const report = reporterFor(context, options, view);
  const result = await runInSession(context, handle, options, report, ({ pipeline, signal }) =>
    pipeline.approve({ ...decision, apply: options.apply, ...waitOf(options), signal }),
  );
  return showRun(context, options, result);
};

function close(verb: "reject" | "cancel"): CommandHandler {
  return async (context) => {
    const options = parseInput(optionsSchema, context.options);
    const run = runArgument(context);
    const by = actorOf(context.terminal, options.as);
    const comment = options.comment === undefined ? {} : { comment: options.comment };
    const closed = await withPipeline(context, options.project, (pipeline) =>
      pipeline[verb]({ run, by, ...comment }),
    );
    showRun(context, options, { run: closed });
    // It was asked to end the run, and did.
    return EXIT_CODES.done;
  };
}

export const reject = close("reject");
export const cancel = close("cancel");
