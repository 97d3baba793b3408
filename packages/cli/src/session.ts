import { GroundplaneError, type RunRecord } from "@groundplane/contracts";
import type { CommandContext } from "./command-context.ts";
import { exitCodeOfRun, INTERRUPTED } from "./exit-code.ts";
import { actorOf } from "./identity.ts";
import { chooseReporter } from "./live/choose-reporter.ts";
import type { LiveViewOptions } from "./live/live-view.ts";
import type { Reporter } from "./live/reporter.ts";
import type { RunOptions } from "./options.ts";
import type { Pipeline, ProjectHandle, ProjectView } from "./project-host.ts";
import { type ExportedOutputs, runSummaryLines } from "./render/run-summary.ts";
import { shownPath } from "./shown-path.ts";
import { writeLines } from "./terminal.ts";
import { TerminalApprover } from "./terminal-approver.ts";

export function loadFrom(context: CommandContext, project: string | undefined): Promise<ProjectHandle> {
  return context.host.load(project ?? context.terminal.cwd);
}

/** Opens the pipeline without progress, for commands that only look or decide, and closes it again. */
export async function withPipeline<Result>(
  context: CommandContext,
  project: string | undefined,
  use: (pipeline: Pipeline, handle: ProjectHandle) => Result | Promise<Result>,
): Promise<Result> {
  const handle = await loadFrom(context, project);
  const pipeline = await handle.open({});
  try {
    return await use(pipeline, handle);
  } finally {
    await pipeline.close();
  }
}

/** The stacks of an environment, in the project's order; of one that is not there, every stack of the project. */
export function stackNamesOf({ stacks, environments }: ProjectView, environment: string): readonly string[] {
  const own = environments.get(environment)?.stacks;
  return [...stacks.keys()].filter((name) => own === undefined || own.includes(name));
}

/**
 * The stack that is meant: the one named, or the environment's only one.
 *
 * @throws {INVALID_ARGUMENT} when none is named and the environment has several.
 */
export function chosenStack(project: ProjectView, environment: string, named: string | undefined): string {
  if (named !== undefined) return named;
  const names = stackNamesOf(project, environment);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `"${environment}" has ${names.length} stacks: say which one, ${names.join(" or ") || "once it has any"}.`,
    { facts: { stacks: names } },
  );
}

export interface RunInput {
  readonly pipeline: Pipeline;
  readonly actor: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** The first Ctrl-C asks for an orderly end, the second leaves. */
function interruptible(context: CommandContext, reporter: Reporter) {
  const controller = new AbortController();
  const { terminal } = context;
  const stop = terminal.onInterrupt(() => {
    if (controller.signal.aborted) {
      reporter.pause();
      writeLines(terminal.stderr, [
        "Leaving. An operation under way may still end; groundplane status shows where it stands.",
      ]);
      terminal.exit(INTERRUPTED);
      return;
    }
    reporter.note(
      "Cancelling: no new operation begins, the ones under way end. Ctrl-C once more leaves at once.",
    );
    controller.abort();
  });
  return { signal: controller.signal, stop };
}

export interface RunResult {
  readonly run: RunRecord;
  readonly exported?: ExportedOutputs;
}

/** The reporter that fits the terminal and the options, under a title. */
export function reporterFor(
  context: CommandContext,
  options: RunOptions,
  view: LiveViewOptions,
): () => Reporter {
  return () => chooseReporter(context.terminal, options, view, context.errorStyle);
}

/** Runs one operation of the pipeline, and returns how it ended and what it exported. */
export function runInSession(
  context: CommandContext,
  handle: ProjectHandle,
  options: RunOptions,
  report: () => Reporter,
  operate: (input: RunInput) => Promise<RunRecord>,
): Promise<RunResult> {
  return inSession(context, handle, options, report, async (input) => {
    const run = await operate(input);
    const exported = exportedBy(input.pipeline, run, context.terminal.cwd);
    return exported === undefined ? { run } : { run, exported };
  });
}

/** Opens the pipeline with progress, approver and Ctrl-C, works with it, and closes it. */
export async function inSession<Result>(
  context: CommandContext,
  handle: ProjectHandle,
  options: RunOptions,
  report: () => Reporter,
  work: (input: RunInput) => Promise<Result>,
): Promise<Result> {
  const { terminal } = context;
  const actor = actorOf(terminal, options.as);
  const reporter = report();
  const interrupt = interruptible(context, reporter);
  const approver = new TerminalApprover({
    terminal,
    style: context.errorStyle,
    actor,
    yes: options.yes,
    reporter,
  });
  // With --json the one who reads is a program: it is not asked.
  const asks = options.yes || (terminal.interactive && !options.json);
  let pipeline: Pipeline | undefined;
  try {
    pipeline = await handle.open({
      onEvent: (event) => reporter.event(event),
      ...(asks ? { approver } : {}),
    });
    return await work({ pipeline, actor, reporter, signal: interrupt.signal });
  } finally {
    reporter.end();
    interrupt.stop();
    await pipeline?.close();
  }
}

function exportedBy(pipeline: Pipeline, run: RunRecord, cwd: string): ExportedOutputs | undefined {
  const exports = run.operation === "deploy" || run.operation === "rollback";
  if (!exports || !["applied", "unchanged", "rolled-back"].includes(run.outcome ?? "")) return undefined;
  const artifact = pipeline.outputs(run);
  if (artifact === undefined) return undefined;
  const { json, dotenv, types } = pipeline.outputFiles(run);
  return { artifact, files: [json, dotenv, types].map((file) => shownPath(file, cwd)) };
}

/** Prints the record as JSON or its summary, and returns its exit code. */
export function showRun(
  context: CommandContext,
  options: { readonly json: boolean },
  result: RunResult,
): number {
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify(result.run, null, 2)}\n`);
  else writeLines(stdout, runSummaryLines(result.run, context.style, { exported: result.exported }));
  return exitCodeOfRun(result.run);
}
