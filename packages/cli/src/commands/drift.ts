import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type DriftReport,
  driftFindings,
  EXIT_CODES,
  isGroundplaneError,
  openDrift,
  toSarif,
} from "@groundplane/contracts";
import type { StackDrift } from "@groundplane/orchestrator";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { exitCodeOfError } from "../exit-code.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import type { Pipeline, ProjectView } from "../project-host.ts";
import { driftHistoryLines, driftLines } from "../render/drift.ts";
import { plainText } from "../render/plain-text.ts";
import { chosenStack, withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);
const optionsSchema = commonOptionsSchema.extend({
  sarif: z.string().min(1).optional(),
  history: z.boolean().default(false),
  concurrency: z.coerce.number().int().min(1).max(64).default(4),
});

const isNotDeployed = (error: Error): boolean =>
  isGroundplaneError(error) && error.code === "STACK_NOT_DEPLOYED";

const reportsOf = (checked: readonly StackDrift[]): readonly DriftReport[] =>
  checked.flatMap((drift) => ("report" in drift ? drift.report : []));

const errorsOf = (checked: readonly StackDrift[]) =>
  checked.flatMap((drift) => ("error" in drift ? drift : []));

/** What is not known weighs more than what has drifted. A stack that was never deployed cannot drift. */
function exitCodeOf(checked: readonly StackDrift[]): number {
  const failed = errorsOf(checked).find(({ error }) => !isNotDeployed(error));
  if (failed !== undefined) return exitCodeOfError(failed.error);
  const drifted = reportsOf(checked).some((report) => openDrift(report).length > 0);
  return drifted ? EXIT_CODES.drift : EXIT_CODES.done;
}

function show(
  context: CommandContext,
  environment: string,
  checked: readonly StackDrift[],
  json: boolean,
): void {
  const { terminal, style } = context;
  if (json) {
    const errors = errorsOf(checked).map(({ stack, error }) => ({
      stack,
      code: isGroundplaneError(error) ? error.code : "UNEXPECTED",
      message: error.message,
    }));
    const document = { environment, reports: reportsOf(checked), errors };
    terminal.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  for (const drift of checked) {
    if ("report" in drift) {
      writeLines(terminal.stdout, [...driftLines(drift.report, style), ""]);
      continue;
    }
    const word = isNotDeployed(drift.error)
      ? style.dim("not deployed")
      : style.red(plainText(drift.error.message));
    writeLines(terminal.stdout, [`${style.bold(`${environment}/${drift.stack}`)}: ${word}`, ""]);
  }
}

function showHistory(context: CommandContext, pipeline: Pipeline, project: ProjectView, json: boolean): void {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const reports = pipeline.driftHistory({ environment, stack: chosenStack(project, environment, named) });
  if (json) context.terminal.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  else writeLines(context.terminal.stdout, driftHistoryLines(reports, context.style));
}

/** What the cloud has that the state has not. Nothing is changed. */
export const drift: CommandHandler = async (context) => {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(optionsSchema, context.options);
  return withPipeline(context, options.project, async (pipeline, { project }) => {
    if (options.history) {
      showHistory(context, pipeline, project, options.json);
      return EXIT_CODES.done;
    }
    const controller = new AbortController();
    const stop = context.terminal.onInterrupt(() => controller.abort());
    const { stacks: checked } = await pipeline
      .driftEnvironment({
        environment,
        ...(named === undefined ? {} : { stacks: [named] }),
        concurrency: options.concurrency,
        signal: controller.signal,
      })
      .finally(stop);
    const [only] = checked;
    if (only !== undefined && "error" in only && checked.length === 1) throw only.error;
    if (options.sarif !== undefined) {
      const findings = reportsOf(checked).flatMap(driftFindings);
      await writeFile(
        resolve(context.terminal.cwd, options.sarif),
        `${JSON.stringify(toSarif(findings), null, 2)}\n`,
      );
    }
    show(context, environment, checked, options.json);
    return exitCodeOf(checked);
  });
};
