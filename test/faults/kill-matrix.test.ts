import { readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunRecord } from "@groundplane/contracts";
import type { Orchestrator } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { inCloud, sandboxFile } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { ONE_VPC } from "./one-vpc.ts";
import { processesOf } from "./processes.ts";
import { approved, asAPersonWould, resumed, through } from "./settle.ts";
import { type WorkerEnd, workInProcess } from "./work-in-process.ts";

const taggedSchema = z.object({ tags: z.object({ Team: z.string() }) });
const VPC = "aws:ec2/vpc:Vpc";
const LANES = ["review", "apply", "destroy", "orphan", "child-preview", "child-up"] as const;
type Lane = (typeof LANES)[number];
type Operation = "deploy" | "destroy";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create(
    LANES.map((name) => ({ name, more: 'policyPacks: [], approval: { type: "any-person" },' })),
  );
  await project.write("stacks/base/index.ts", ONE_VPC);
});
afterAll(() => project.remove());

/** What the cloud holds of this stack: the owner's tag of each VPC. */
function owners(environment: Lane): readonly string[] {
  return inCloud(project.root, environment, (store) =>
    store.list({ type: VPC }).map(({ outputs }) => taggedSchema.parse(outputs).tags.Team),
  );
}

interface Cell {
  readonly name: string;
  readonly environment: Lane;
  readonly operation: Operation;
  /** The tag that the operation was to bring; none after a destroy. */
  readonly wanted: readonly string[];
}

/** What the interrupted run says must be so, and the next one gets there without doing anything twice. */
async function isTrueAndConverges(
  orchestrator: Orchestrator,
  { name, environment, operation, wanted }: Cell,
): Promise<void> {
  const [killed] = orchestrator.runs({ environment, limit: 1 });
  const ended = killed?.state === "WAIT_FOR_APPROVE" ? await approved(orchestrator, killed.id) : killed;
  expect(ended?.state, name).toBe("DONE");
  const isThere = JSON.stringify(owners(environment)) === JSON.stringify(wanted);
  if (ended?.outcome === "applied") expect(isThere, `${name}: ${ended.reason?.message}`).toBe(true);
  else {
    expect(["failed", "cancelled"], name).toContain(ended?.outcome);
    expect(ended?.reason?.message, name).toMatch(
      /process ended|uncertain|currently locked|preview of it fails/,
    );
    if (ended?.outcome === "cancelled") expect(isThere, `${name}: cancelled, and done`).toBe(false);
  }
  let next = await through(orchestrator, environment, operation);
  if (next.outcome !== "applied" && next.outcome !== "unchanged") {
    const told = `${next.reason?.message} ${next.findings.map(({ rule }) => rule).join()}`;
    expect(told, name).toMatch(/pending-operation|currently locked/);
    await asAPersonWould(orchestrator, project.root, environment);
    next = await through(orchestrator, environment, operation);
  }
  expect([next.state, next.outcome, next.reason?.message], name).toEqual([
    "DONE",
    expect.stringMatching(/^(applied|unchanged)$/),
    undefined,
  ]);
  expect(owners(environment), name).toEqual(wanted);
  orchestrator.verifyJournal();
}

interface Point {
  readonly name: string;
  readonly fact: number;
  readonly moment: "before" | "after";
}

/**
 * Every boundary of these facts. Right before a fact is the same as right after the one in front of it, where
 * nothing is done in between but reading; so `before` is of its own only where a file was written or the engine ran.
 */
function boundaries(facts: readonly string[], own: RegExp): readonly Point[] {
  return facts.flatMap((label, fact): Point[] => [
    ...(own.test(label) ? [{ name: `before ${label}`, fact, moment: "before" as const }] : []),
    { name: `after ${label}`, fact, moment: "after" as const },
  ]);
}

async function killedAt(
  environment: Lane,
  operation: Operation,
  { name, fact, moment }: Point,
): Promise<WorkerEnd> {
  const end = await workInProcess({ root: project.root, environment, operation, killAt: { fact, moment } });
  expect(end.killed, name).toBe(true);
  expect(await processesOf(sandboxFile(project.root, environment)), name).toEqual([]);
  return end;
}

const MINUTES = 60_000;
const onLinux = test.skipIf(process.platform !== "linux");

describe.concurrent("kill -9 of the process that works on a run, at each boundary of its journal", () => {
  onLinux(
    "before approval: nothing was changed, and each run is ended or still waits",
    async () => {
      const environment = "review";
      const { facts } = await workInProcess({
        root: project.root,
        environment,
        operation: "deploy",
        approve: false,
      });
      const points = boundaries(facts, /run\.requested|stored (change-set|review)/);
      expect(points.length).toBeGreaterThanOrEqual(15);
      for (const point of points) {
        const before = await project.use(async (orchestrator) => {
          for (const { id, state } of orchestrator.runs({ environment }))
            if (state === "WAIT_FOR_APPROVE") await orchestrator.cancel({ run: id, by: "ann" });
          return orchestrator.runs({ environment, limit: 100 }).length;
        });
        const killed = await killedAt(environment, "deploy", point);
        await project.use(async (orchestrator) => {
          await resumed(orchestrator, environment);
          const runs = orchestrator.runs({ environment, limit: 100 });
          expect(runs.length - before, point.name).toBe(killed.facts.includes("run.requested") ? 1 : 0);
          const [run] = runs;
          if (killed.facts.includes("run.moved WAIT_FOR_APPROVE")) {
            expect(run, point.name).toMatchObject({ state: "WAIT_FOR_APPROVE", approvalsMissing: 1 });
            // A review without an end would be good for ever.
            expect(run?.expiresAt, point.name).toBeDefined();
          } else if (runs.length > before) {
            expect(run, point.name).toMatchObject({
              state: "DONE",
              outcome: "cancelled",
              reason: { code: "INTERRUPTED", message: expect.stringContaining("nothing was changed") },
            });
          }
          expect(owners(environment), point.name).toEqual([]);
          orchestrator.verifyJournal();
        });
      }
      await project.use(async (orchestrator) => {
        expect((await through(orchestrator, environment, "deploy")).outcome).toBe("applied");
        expect(owners(environment)).toEqual(["team"]);
        // What the last one held is free when it is known to be dead.
        const left = async (): Promise<readonly string[]> => {
          await orchestrator.resume({ stack: "base", environment });
          const runs = orchestrator.runs({ environment, limit: 100 });
          const folders = await readdir(join(project.root, ".groundplane/work"));
          return folders.filter((name) => runs.some(({ id }) => name.startsWith(id)));
        };
        for (let tries = 0; tries < 60 && (await left()).length > 0; tries += 1) await sleep(500);
        expect(await left()).toEqual([]);
      });
    },
    15 * MINUTES,
  );

  const isOfApply = /decision\.made|state-before|apply\.started|APPLYING|stored outputs|moved DONE/;

  onLinux(
    "from the approval of a deploy on: it is applied once",
    async () => {
      const environment = "apply";
      const { facts } = await workInProcess({ root: project.root, environment, operation: "deploy" });
      const points = boundaries(facts, /stored outputs|moved DONE/).filter(({ name }) =>
        isOfApply.test(name),
      );
      expect(points.length).toBeGreaterThanOrEqual(8);
      for (const [index, point] of points.entries()) {
        const owner = `cell-${index}`;
        await project.configure(environment, { owner });
        await killedAt(environment, "deploy", point);
        await project.use(async (orchestrator) => {
          await resumed(orchestrator, environment);
          await isTrueAndConverges(orchestrator, {
            name: point.name,
            environment,
            operation: "deploy",
            wanted: [owner],
          });
        });
      }
    },
    15 * MINUTES,
  );

  onLinux(
    "from the approval of a destroy on: it is destroyed once",
    async () => {
      const environment = "destroy";
      await workInProcess({ root: project.root, environment, operation: "deploy" });
      const { facts } = await workInProcess({ root: project.root, environment, operation: "destroy" });
      // The steps around it are the deploy's: those that stand before and after the engine are its own.
      const points = boundaries(facts, /stored outputs/).filter(({ name }) =>
        /^(after decision\.made|after run\.moved APPLYING|before artifact\.stored outputs|after artifact\.stored outputs)$/.test(
          name,
        ),
      );
      expect(points).toHaveLength(4);
      for (const point of points) {
        const deployed = await project.use((orchestrator) => through(orchestrator, environment, "deploy"));
        expect([deployed.outcome, deployed.reason?.message], point.name).toEqual(["applied", undefined]);
        expect(owners(environment), point.name).toEqual(["team"]);
        await killedAt(environment, "destroy", point);
        await project.use(async (orchestrator) => {
          await resumed(orchestrator, environment);
          await isTrueAndConverges(orchestrator, {
            name: point.name,
            environment,
            operation: "destroy",
            wanted: [],
          });
        });
      }
    },
    15 * MINUTES,
  );
});

/** So that something is under way when the process is killed, also where what it told comes late. */
function slow(environment: Lane, operation: "check" | "*"): void {
  inCloud(project.root, environment, (store) => store.addFault({ type: VPC, operation, delayMs: 400 }));
}

/** The process in which the engine of this environment is run, found without giving it time to go on. */
function engineChild(environment: Lane): number | undefined {
  const mark = `GROUNDPLANE_SANDBOX_DB=${sandboxFile(project.root, environment)}`;
  const found = readdirSync("/proc").find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return (
        readFileSync(`/proc/${name}/cmdline`, "utf8").includes("engine/child.js") &&
        readFileSync(`/proc/${name}/environ`, "utf8").includes(mark)
      );
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

/** Deploys, and kills the engine's process at the n-th thing that is told of resources. Undefined when there is none. */
async function killChildAt(environment: Lane, planning: boolean, at: number): Promise<RunRecord["outcome"]> {
  let told = 0;
  let killed = false;
  const run = await project.use((orchestrator) => through(orchestrator, environment, "deploy"), {
    onEvent: ({ name, data }) => {
      if (name !== "resource.started" && name !== "resource.finished") return;
      if (killed || data.planning !== planning) return;
      told += 1;
      const child = told === at ? engineChild(environment) : undefined;
      if (child === undefined) return;
      process.kill(child, "SIGKILL");
      killed = true;
    },
  });
  expect(run.state).toBe("DONE");
  if (run.outcome !== "applied")
    expect(run).toMatchObject({ outcome: "failed", reason: { code: "ENGINE_FAILED" } });
  expect(await processesOf(sandboxFile(project.root, environment))).toEqual([]);
  return killed ? run.outcome : undefined;
}

describe.concurrent("kill -9 of the engine's process, at each thing that it tells", () => {
  onLinux(
    "of a preview: nothing was changed",
    async () => {
      const environment = "child-preview";
      slow(environment, "check");
      let at = 1;
      // The last words may come when the engine has told that all is well: then that is so.
      while ((await killChildAt(environment, true, at)) === "failed") {
        expect(owners(environment), `at ${at}`).toEqual([]);
        at += 1;
      }
      expect(at).toBeGreaterThan(2);
      expect(owners(environment)).toEqual(["team"]);
    },
    15 * MINUTES,
  );

  onLinux(
    "of an up: the next deploys go on, once a person has looked where nobody can know",
    async () => {
      const environment = "child-up";
      slow(environment, "*");
      let at = 1;
      for (; at < 20; at += 1) {
        const owner = `cell-${at}`;
        await project.configure(environment, { owner });
        if ((await killChildAt(environment, false, at)) === undefined) break;
        await project.use(async (orchestrator) =>
          isTrueAndConverges(orchestrator, {
            name: `at ${at}`,
            environment,
            operation: "deploy",
            wanted: [owner],
          }),
        );
      }
      expect(at).toBeGreaterThan(2);
    },
    15 * MINUTES,
  );

  onLinux(
    "with its parent too, while the provider is deaf: it ends itself, and the record says what is unknown",
    async () => {
      const environment = "orphan";
      inCloud(project.root, environment, (store) =>
        store.addFault({ type: VPC, operation: "create", hang: "forever", times: 1 }),
      );
      const { killed } = await workInProcess({
        root: project.root,
        environment,
        operation: "deploy",
        killAtResource: { type: VPC },
        limits: { interruptMs: 1000, terminateMs: 1000 },
      });
      expect(killed).toBe(true);
      expect(await processesOf(sandboxFile(project.root, environment))).toEqual([]);
      await project.use(async (orchestrator) => {
        await resumed(orchestrator, environment);
        const [run] = orchestrator.runs({ environment });
        expect(run).toMatchObject({ state: "DONE", outcome: "failed", reason: { code: "INTERRUPTED" } });
        expect(run?.reason?.message).toMatch(/never told how this went: creating urn:\S+::main\b/);
        await isTrueAndConverges(orchestrator, {
          name: "orphan",
          environment,
          operation: "deploy",
          wanted: ["team"],
        });
      });
    },
  );
});
