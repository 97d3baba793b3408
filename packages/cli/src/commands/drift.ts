import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type DriftReport,
  driftFindings,
  EXIT_CODES,
  GroundplaneError,
  isGroundplaneError,
  openDrift,
  toSarif,
} from "@groundplane/contracts";
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

interface Checked {
  readonly stack: string;
  readonly report?: DriftReport;
  readonly error?: Error;
}

/** A stack that cannot be read must not hide what is known of the others. */
async function checkAll(
  stacks: readonly string[],
  concurrency: number,
  check: (stack: string) => Promise<DriftReport>,
): Promise<readonly Checked[]> {
  const checked = new Map<string, Checked>();
  const waiting = stacks.values();
  const worker = async (): Promise<void> => {
    for (const stack of waiting) {
      checked.set(
        stack,
        await check(stack).then(
          (report) => ({ stack, report }),
          (error: unknown) => ({ stack, error: error instanceof Error ? error : new Error(String(error)) }),
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return stacks.flatMap((stack) => checked.get(stack) ?? []);
}

const isNotDeployed = ({ error }: Checked): boolean =>
  isGroundplaneError(error) && error.code === "STACK_NOT_DEPLOYED";

/** What is not known weighs more than what has drifted. A stack that was never deployed cannot drift. */
function exitCodeOf(checked: readonly Checked[]): number {
  const failed = checked.find((one) => one.error !== undefined && !isNotDeployed(one));
  if (failed !== undefined) return exitCodeOfError(failed.error);
  const drifted = checked.some(({ report }) => report !== undefined && openDrift(report).length > 0);
  return drifted ? EXIT_CODES.drift : EXIT_CODES.done;
}

function show(
  context: CommandContext,
  environment: string,
  checked: readonly Checked[],
  json: boolean,
): void {
  const { stdout } = context.terminal;
  if (json) {
    const reports = checked.flatMap(({ report }) => report ?? []);
    const errors = checked.flatMap(({ stack, error }) =>
      error === undefined
        ? []
        : [{ stack, code: isGroundplaneError(error) ? error.code : "UNEXPECTED", message: error.message }],
    );
    stdout.write(`${JSON.stringify({ environment, reports, errors }, null, 2)}\n`);
    return;
  }
  for (const { stack, report, error } of checked) {
    if (report !== undefined) writeLines(stdout, [...driftLines(report, context.style), ""]);
    if (error !== undefined) {
      const word = isNotDeployed({ stack, error })
        ? context.style.dim("not deployed")
        : context.style.red(error.message);
      writeLines(stdout, [`${context.style.bold(`${environment}/${stack}`)}: ${plainText(word)}`, ""]);
    }
  }
}

function showHistory(context: CommandContext, pipeline: Pipeline, project: ProjectView, json: boolean): void {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const reports = pipeline.driftHistory({ environment, stack: chosenStack(project, named) });
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
    const stacks = named === undefined ? [...project.stacks.keys()] : [named];
    const checked = await checkAll(stacks, options.concurrency, (stack) =>
      pipeline.drift({ stack, environment, signal: controller.signal }),
    ).finally(stop);
    // Where nothing was compared, nothing can be said.
    const [only] = checked;
    if (only === undefined)
      throw new GroundplaneError("STACK_NOT_FOUND", "the project has no stack to compare.");
    if (only.error !== undefined && (checked.length === 1 || checked.every(isNotDeployed))) throw only.error;
    if (options.sarif !== undefined) {
      const findings = checked.flatMap(({ report }) => (report === undefined ? [] : driftFindings(report)));
      await writeFile(
        resolve(context.terminal.cwd, options.sarif),
        `${JSON.stringify(toSarif(findings), null, 2)}\n`,
      );
    }
    show(context, environment, checked, options.json);
    return exitCodeOf(checked);
  });
};
