import { EXIT_CODES, GroundplaneError } from "@groundplane/contracts";
import type { EnvironmentApproval, ReviewedSet } from "@groundplane/orchestrator";
import type { CommandContext } from "../command-context.ts";
import { exitCodeOfError, exitCodeOfRuns } from "../exit-code.ts";
import { actorOf } from "../identity.ts";
import { chooseEnvironmentReporter } from "../live/choose-reporter.ts";
import { type RunOptions, waitOf } from "../options.ts";
import { environmentLines } from "../render/environment-summary.ts";
import { approvalNotes, reviewedSetLines } from "../render/reviewed-set.ts";
import { runSummaryLines } from "../render/run-summary.ts";
import { inSession, loadFrom, withPipeline } from "../session.ts";
import { type Terminal, writeLines } from "../terminal.ts";

export interface ApproveEnvironmentOptions extends RunOptions {
  readonly apply: boolean;
  readonly digest?: string | undefined;
  readonly concurrency: number;
}

async function agrees(terminal: Terminal, question: string): Promise<boolean> {
  for (;;) {
    const answer = (await terminal.ask(question)).trim().toLowerCase();
    if (["a", "approve"].includes(answer)) return true;
    if (["", "l", "later"].includes(answer)) return false;
    writeLines(terminal.stderr, ["Type approve or later (or a, l)."]);
  }
}

/** Shows what waits, and returns the digest to approve; undefined when the person leaves it for later. */
async function chosenDigest(
  { terminal, errorStyle: style }: CommandContext,
  set: ReviewedSet,
  shown: readonly string[],
  options: ApproveEnvironmentOptions,
): Promise<string | undefined> {
  if (options.digest !== undefined) return options.digest;
  if (set.runs.length === 0) {
    throw new GroundplaneError("RUN_NOT_FOUND", `nothing waits for approval in "${set.environment}".`, {
      facts: { environment: set.environment },
    });
  }
  if (options.yes) return set.digest;
  if (!terminal.interactive || options.json) {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      `nobody is there to look at what waits in "${set.environment}": give --digest with the digest of the set that was looked at ("groundplane review --environment ${set.environment}" shows it), or --yes.`,
    );
  }
  writeLines(terminal.stderr, ["", ...shown, ""]);
  const who = actorOf(terminal, options.as);
  const question = `${style.bold(`Approve all ${set.runs.length}`)} as ${who}? ${style.dim("approve / later")} [later] `;
  return (await agrees(terminal, question)) ? set.digest : undefined;
}

function show(
  context: CommandContext,
  environment: string,
  approval: EnvironmentApproval,
  json: boolean,
): number {
  const { terminal, style } = context;
  const runs = [...approval.runs.values()];
  const { digest, skipped, voided } = approval;
  const problems = [...approval.problems].map(([stack, { code, message }]) => ({ stack, code, message }));
  if (json) {
    const document = { environment, digest, runs, skipped, voided, problems };
    terminal.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    for (const run of runs) writeLines(terminal.stdout, [...runSummaryLines(run, style, {}), ""]);
    writeLines(terminal.stdout, [
      ...environmentLines(
        environment,
        { runs: approval.runs, skipped: [], affected: new Map(), unaffected: new Map() },
        style,
      ),
      ...skipped.map(({ stack }) => style.yellow(`  ${stack}: approved, and not begun`)),
      ...approvalNotes(approval, style),
    ]);
  }
  const inTheWay = exitCodeOfRuns(runs.filter(({ state }) => state !== "WAIT_FOR_APPROVE"));
  if (inTheWay !== EXIT_CODES.done) return inTheWay;
  const [problem] = approval.problems.values();
  if (problem !== undefined) return exitCodeOfError(problem);
  return exitCodeOfRuns(runs);
}

/** Approves all that waits in an environment at once, after showing it. */
export async function approveEnvironment(
  context: CommandContext,
  environment: string,
  options: ApproveEnvironmentOptions,
): Promise<number> {
  const handle = await loadFrom(context, options.project);
  const digest = await withPipeline(context, options.project, (pipeline) => {
    const set = pipeline.reviewedSet(environment);
    const shown = reviewedSetLines(set, (run) => pipeline.changeSet(run), context.errorStyle);
    return chosenDigest(context, set, shown, options);
  });
  if (digest === undefined) {
    writeLines(context.terminal.stdout, [`${environment}: nothing was approved.`]);
    return EXIT_CODES.waitingForApproval;
  }
  const report = () => chooseEnvironmentReporter(context.terminal, options, context.errorStyle);
  const approval = await inSession(context, handle, options, report, ({ pipeline, actor, signal }) =>
    pipeline.approveEnvironment({
      environment,
      by: actor,
      digest,
      apply: options.apply,
      concurrency: options.concurrency,
      ...(options.comment === undefined ? {} : { comment: options.comment }),
      ...waitOf(options),
      signal,
    }),
  );
  return show(context, environment, approval, options.json);
}
