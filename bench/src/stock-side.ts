// The job as a user of Pulumi's Automation API writes it, without Groundplane: preview with packs and a saved plan,
// up with that plan and the packs, outputs. The sandbox's plugin is all that it has of ours.
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { awsSandbox } from "@groundplane/sandbox";
import { type InlineProgramArgs, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { STOCK_PASSPHRASE } from "./bench-project.ts";
import { benchTags, declareResources } from "./declare-resources.ts";
import { answerTask, eachAtOnce, type SideTask } from "./side-task.ts";

const PACK = dirname(createRequire(import.meta.url).resolve("@groundplane/policy-baseline/package.json"));

async function variables({ stock, environment }: SideTask): Promise<Record<string, string>> {
  const pulumiHome = join(stock.folder, "pulumi-home");
  const state = join(stock.folder, "state", environment);
  await mkdir(state, { recursive: true });
  const { env } = await awsSandbox().prepare({ pulumiHome, database: stock.database });
  return {
    ...env,
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: STOCK_PASSPHRASE,
    PULUMI_EXPERIMENTAL: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

type Timed = <Result>(part: string, work: Promise<Result>) => Promise<Result>;

function timer(parts: Record<string, number>): Timed {
  return async (part, work) => {
    const startedAt = performance.now();
    const result = await work;
    parts[part] = (parts[part] ?? 0) + performance.now() - startedAt;
    return result;
  };
}

async function deploy(stack: Stack, planFile: string, resources: number, timed: Timed): Promise<void> {
  await timed("preview", stack.preview({ plan: planFile, policyPacks: [PACK] }));
  const { outputs, summary } = await timed("up", stack.up({ plan: planFile, policyPacks: [PACK] }));
  // The stack itself counts too.
  if (outputs["vpcId"] === undefined || summary.resourceChanges?.create !== resources + 1)
    throw new TypeError(`not applied: ${JSON.stringify(summary.resourceChanges)}`);
}

async function readCloud(stack: Stack, resources: number, timed: Timed): Promise<void> {
  const { changeSummary } = await timed("refresh", stack.previewRefresh());
  if ((changeSummary.same ?? 0) < resources)
    throw new TypeError(`not read: ${JSON.stringify(changeSummary)}`);
}

answerTask(async (task) => {
  const parts: Record<string, number> = {};
  const stacks: Record<string, number> = {};
  const timed = timer(parts);
  const envVars = await variables(task);
  await eachAtOnce(task.stacks, task.concurrency, async ({ name, resources }) => {
    const startedAt = performance.now();
    const program = async () => declareResources(resources, benchTags(task.environment));
    const args: InlineProgramArgs = { stackName: task.environment, projectName: name, program };
    const stack = await timed("select", LocalWorkspace.createOrSelectStack(args, { envVars }));
    if (task.kind === "drift") await readCloud(stack, resources, timed);
    else if (task.kind === "set-up") await stack.up();
    else await deploy(stack, join(stack.workspace.workDir, "plan.json"), resources, timed);
    stacks[name] = performance.now() - startedAt;
  });
  return { parts, stacks };
});
