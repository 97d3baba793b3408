import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunRecord } from "@groundplane/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { story } from "../story.ts";

/** Several deployments in one test, on a machine that does other things as well. */
vi.setConfig({ testTimeout: 600_000 });
const back = 'onFailure: "roll-back",';
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "early", more: back },
    { name: "late", more: back },
  ]);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

const teamIn = (environment: string): unknown =>
  inCloud(project.root, environment, (store) => store.list({ type: "aws:ec2/vpc:Vpc" })[0]?.outputs["tags"]);

async function enginesOfTheProject(): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return environment.includes(`PULUMI_BACKEND_URL=file://${project.root}`) ? [pid] : [];
    }),
  );
  return found.flat();
}

/** Deploys in a process of its own, and kills it without warning at the `count`th event that fits. */
async function deployAndKill(environment: string, moment: string, count: number): Promise<void> {
  const script = `deploy-${environment}.ts`;
  await project.write(
    script,
    `import { loadProject, Orchestrator } from "@groundplane/orchestrator";
let left = ${count};
const orchestrator = await Orchestrator.open({
  project: await loadProject(import.meta.dirname),
  onEvent: ({ name, data }) => {
    if (${moment} && (left -= 1) === 0) process.kill(process.pid, "SIGKILL");
  },
});
await orchestrator.deploy({ stack: "base", environment: "${environment}", requester: "ann" });
`,
  );
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(project.root, script)],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  while ((await enginesOfTheProject()).length > 0) await sleep(500);
}

/** One good deployment, then one that fails at its last resource and is killed on its way back. */
async function killOnTheWayBack(environment: string, moment: string, count: number): Promise<RunRecord> {
  await project.configure(environment, { owner: "first" });
  const first = await project.use((orchestrator) => orchestrator.deploy(base(environment)));
  expect(story(first)).toBe("DONE | applied");
  await project.configure(environment, { owner: "second", logs: true });
  inCloud(project.root, environment, (store) =>
    store.addFault({
      ...{ type: "aws:cloudwatch/logGroup:LogGroup", operation: "create", times: 1 },
      // Slow, so that the other changes are done by then.
      ...{ delayMs: 2000, error: "ServiceUnavailable: not today" },
    }),
  );
  await deployAndKill(environment, moment, count);
  expect(teamIn(environment)).toMatchObject({ Team: count === 1 ? "second" : "first" });
  return first;
}

const onLinux = test.skipIf(process.platform !== "linux");

onLinux(
  "kill -9 before the way back begins: resume says what stands and how to go back; that goes",
  async () => {
    const first = await killOnTheWayBack("early", 'name === "stack.rollback.started"', 1);
    const placed = join(project.root, "stacks/base/.groundplane");
    expect(await readdir(placed)).toHaveLength(1);
    await project.use(async (orchestrator) => {
      const [killed] = orchestrator.runs({ environment: "early" });
      expect(killed?.state).toBe("ROLLBACK");
      const [ended] = await orchestrator.resume({ stack: "base", environment: "early" });
      expect(ended?.id).toBe(killed?.id);
      expect(ended === undefined ? "" : story(ended)).toContain("DONE | failed | ENGINE_FAILED");
      expect(ended?.reason?.message).toContain("not today");
      expect(ended?.reason?.message).toContain(`groundplane rollback early base --to ${first.id}`);
      expect(await readdir(placed)).toEqual([]);

      const run = await orchestrator.rollback(base("early"));
      expect(story(run)).toBe("DONE | rolled-back");
      expect(run.rollback).toMatchObject({ to: first.id, failedRun: killed?.id });
      expect(teamIn("early")).toMatchObject({ Team: "first" });
    });
  },
);

onLinux(
  "kill -9 after the way back was applied: resume verifies it, and the run is rolled back",
  async () => {
    const first = await killOnTheWayBack("late", 'name === "stack.up.finished"', 2);
    await project.use(async (orchestrator) => {
      const [ended] = await orchestrator.resume({ stack: "base", environment: "late" });
      expect(ended === undefined ? "" : story(ended)).toContain("DONE | rolled-back | ENGINE_FAILED");
      expect(ended?.rollback).toMatchObject({ to: first.id });
      expect(ended?.rollback?.finishedAt).toBeDefined();
      expect(orchestrator.returnPoints({ stack: "base", environment: "late" })).toMatchObject([
        { run: first.id, stands: true },
      ]);
      await project.configure("late", { owner: "first" });
      expect(story(await orchestrator.deploy(base("late")))).toBe("DONE | unchanged");
    });
  },
);
