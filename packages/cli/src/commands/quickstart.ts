import { GroundplaneError } from "@groundplane/contracts";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { exitCodeOfRun } from "../exit-code.ts";
import { narrator } from "../live/narrator.ts";
import { parseInput, runOptionsSchema } from "../options.ts";
import type { ProjectHandle } from "../project-host.ts";
import type { NextStep } from "../render/next-steps.ts";
import { outputsLines } from "../render/outputs.ts";
import { nextStepLines, runSummaryLines } from "../render/run-summary.ts";
import { loadFrom, type RunResult, runInSession } from "../session.ts";
import { writeLines } from "../terminal.ts";

const ENVIRONMENT = "dev";
const STACK = "network";

function requireSandbox(handle: ProjectHandle): void {
  const environment = handle.project.environments.get(ENVIRONMENT);
  if (environment !== undefined && environment.cloud !== "real" && handle.project.stacks.has(STACK)) return;
  throw new GroundplaneError(
    "PROJECT_INVALID",
    `quickstart deploys stack "${STACK}" to environment "${ENVIRONMENT}" on the sandbox, and ${handle.project.file} does not have them: use "groundplane deploy" with yours.`,
    { facts: { file: handle.project.file } },
  );
}

/** Commands that go on from here; each works as it stands. */
function goOn(context: CommandContext, handle: ProjectHandle, run: string): NextStep[] {
  const command = context.terminal.env.GROUNDPLANE_COMMAND ?? "groundplane";
  const prod = handle.project.environments.get("prod");
  return [
    { command: `${command} diff ${run}`, does: "what changed" },
    { command: `${command} status ${run}`, does: "what happened when" },
    { command: `${command} outputs ${ENVIRONMENT} ${STACK} --format dotenv`, does: "for a shell" },
    ...(prod === undefined || prod.cloud === "real"
      ? []
      : [{ command: `${command} deploy prod ${STACK} --as ada`, does: "waits for a second person" }]),
  ];
}

/** Drift is made behind Pulumi's back. Too long for a column. */
async function driftLines(context: CommandContext, handle: ProjectHandle): Promise<string[]> {
  const command = context.terminal.env.GROUNDPLANE_COMMAND ?? "groundplane";
  const cloud = await handle.sandbox(ENVIRONMENT);
  const vpc = cloud.describe().find(({ type, name }) => type === "aws:ec2/vpc:Vpc" && !name.startsWith("("));
  cloud.close();
  if (vpc === undefined) return [];
  return [
    "",
    context.style.bold("Make drift, and see it"),
    `  ${command} sandbox set ${ENVIRONMENT} ${vpc.id} tags.Owner '"nobody"'`,
    `  ${command} drift ${ENVIRONMENT} ${STACK}`,
    `  ${command} deploy ${ENVIRONMENT} ${STACK} --refresh   # brings it back, reviewed like any deployment`,
  ];
}

async function conclude(
  context: CommandContext,
  handle: ProjectHandle,
  { run, exported }: RunResult,
): Promise<void> {
  const { terminal, style } = context;
  if (exported === undefined) return writeLines(terminal.stdout, ["", ...runSummaryLines(run, style)]);
  const verdict =
    run.outcome === "unchanged"
      ? "No changes: dev's network is as the program says."
      : "Done: dev's network stands, on the sandbox.";
  writeLines(terminal.stdout, [
    "",
    style.green(style.bold(verdict)),
    "",
    ...outputsLines(exported.artifact, style),
    "",
    style.bold("Written to"),
    ...exported.files.map((file) => `  ${file}`),
    ...nextStepLines(goOn(context, handle, run.id), style),
    ...(await driftLines(context, handle)),
  ]);
}

/** Deploys dev's network on the sandbox and explains each step. */
export const quickstart: CommandHandler = async (context) => {
  const options = parseInput(runOptionsSchema, context.options);
  const { terminal, errorStyle } = context;
  const handle = await loadFrom(context, options.project);
  requireSandbox(handle);
  writeLines(terminal.stderr, [
    errorStyle.bold("Groundplane quickstart"),
    "Deploys the network of the environment dev through the whole pipeline, on a sandbox that stands in for AWS:",
    "no account, no server, nothing leaves this machine.",
  ]);
  const reporter = narrator(terminal.stderr, errorStyle);
  const result = await runInSession(
    context,
    handle,
    options,
    () => reporter,
    ({ pipeline, actor, signal }) =>
      pipeline.deploy({ environment: ENVIRONMENT, stack: STACK, requester: actor, signal }),
  );
  if (options.json) terminal.stdout.write(`${JSON.stringify(result.run, null, 2)}\n`);
  else await conclude(context, handle, result);
  return exitCodeOfRun(result.run);
};
