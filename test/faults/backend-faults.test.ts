import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import { MemoryLeaseStore, type Orchestrator } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { type S3Server, startS3Server } from "../live/versitygw.ts";
import { TestProject } from "../project.ts";
import { type FaultyServer, type RequestFault, startFaultyServer } from "./faulty-s3.ts";
import { ONE_VPC } from "./one-vpc.ts";
import { processesOf } from "./processes.ts";
import { plainPulumi } from "./settle.ts";

const LIMITS = {
  commandMs: 10_000,
  upSilenceMs: 20_000,
  previewSilenceMs: 20_000,
  interruptMs: 1500,
  terminateMs: 1500,
};
const FAULTS: readonly RequestFault[] = ["error", "slow-down", "cut", "hang"];
/** How many writes of the state go well in up, before none does. */
const GOOD_WRITES = [0, 1, 2, 3];

let server: S3Server | string = "not started";
let faulty: FaultyServer;
/** By environment, whose name is in the paths of its objects: tests of several run at once. */
const strikes = new Map<string, FaultyServer["strike"]>();
let project: TestProject;

beforeAll(async () => {
  server = await startS3Server("faulty");
  const environments = [
    { name: "moved", more: 'policyPacks: [], backend: { type: "file", path: "backend" },' },
  ];
  if (typeof server !== "string") {
    Object.assign(process.env, server.env);
    faulty = await startFaultyServer(server.endpoint);
    faulty.strike = (request) => {
      const [, environment = ""] = /[?/=](down|writes-\d|hangs)(?:\/|%2F)/.exec(request.path) ?? [];
      return strikes.get(environment)?.(request);
    };
    const more = (prefix: string): string =>
      `policyPacks: [], backend: { type: "s3", bucket: "faulty", region: "us-east-1", prefix: "${prefix}", endpoint: "${faulty.endpoint}" },`;
    for (const name of ["down", ...GOOD_WRITES.map((writes) => `writes-${writes}`), "hangs"])
      environments.push({ name, more: more(name) });
  }
  project = await TestProject.create(environments);
  await project.write("stacks/base/index.ts", ONE_VPC);
});
afterAll(async () => {
  await project.remove();
  if (typeof server === "string") return;
  for (const name of Object.keys(server.env)) delete process.env[name];
  await faulty.stop();
  await server.stop();
});

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

function vpcs(environment: string): number {
  return inCloud(project.root, environment, (store) => store.list({ type: "aws:ec2/vpc:Vpc" }).length);
}

describe("a backend in S3", () => {
  test.for(FAULTS)(
    "that answers nothing but %s: each command ends in time, says so, and changes nothing",
    async (fault, context) => {
      if (typeof server === "string") return context.skip(server);
      strikes.set("down", () => fault);
      try {
        await project.use(
          async (orchestrator, events) => {
            const run = await orchestrator.deploy(base("down"));
            expect([run.state, run.outcome, run.reason?.code]).toEqual([
              "DONE",
              "failed",
              expect.stringMatching(/^(STATE_UNREADABLE|ENGINE_TIMEOUT)$/),
            ]);
            await expect(orchestrator.drift({ stack: "base", environment: "down" })).rejects.toMatchObject({
              code: expect.stringMatching(/^(STATE_UNREADABLE|ENGINE_TIMEOUT)$/),
            });
            expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
          },
          // This server does not honour the conditions that leases in it need.
          { limits: LIMITS, leases: new MemoryLeaseStore() },
        );
        // With its leases in the same backend, a run does not come so far.
        const leased = (orchestrator: Orchestrator): Promise<RunRecord> => orchestrator.deploy(base("down"));
        if (fault === "error") {
          const run = await project.use(leased, { limits: LIMITS });
          expect([run.state, run.outcome, run.reason?.code]).toEqual(["DONE", "failed", "LEASE_UNAVAILABLE"]);
        }
      } finally {
        strikes.clear();
      }
      expect(vpcs("down")).toBe(0);
    },
  );

  test.concurrent.for(GOOD_WRITES)(
    "that takes no more writes after %i of up: the run says so, and nothing is made twice",
    async (writes, { expect, skip }) => {
      if (typeof server === "string") return skip(server);
      const environment = `writes-${writes}`;
      const isState = (path: string): boolean =>
        path.includes("/.pulumi/stacks/") && path.includes(`${environment}.json`);
      let up = false;
      let written = 0;
      strikes.set(environment, ({ method, path }) => {
        if (!up || method !== "PUT" || !isState(path)) return undefined;
        written += 1;
        return written > writes ? "error" : undefined;
      });
      const first = await project.use((orchestrator) => orchestrator.deploy(base(environment)), {
        limits: LIMITS,
        leases: new MemoryLeaseStore(),
        onEvent: ({ name }) => {
          if (name === "stack.up.started") up = true;
        },
      });
      strikes.delete(environment);
      expect(written).toBeGreaterThan(writes);
      expect([first.state, first.outcome]).toEqual(["DONE", "failed"]);
      expect(await processesOf(join(project.root, ".groundplane/sandbox", `${environment}.db`))).toEqual([]);
      const made = vpcs(environment);
      expect(made).toBeLessThanOrEqual(1);

      const goOn = async (orchestrator: Orchestrator): Promise<void> => {
        const next = await orchestrator.deploy(base(environment));
        if (next.outcome === "applied") {
          // The state knew: what was not there was made, and what was there was kept.
          expect(vpcs(environment)).toBe(1);
          expect((await orchestrator.deploy(base(environment))).outcome).toBe("unchanged");
          return;
        }
        // Or it cannot know, and a person is asked before anything is made.
        expect(`${next.reason?.message} ${next.findings.map(({ rule }) => rule)}`).toMatch(
          /pending-operation|currently locked/,
        );
        expect(vpcs(environment)).toBe(made);
      };
      await project.use(goOn, { leases: new MemoryLeaseStore() });
    },
  );

  test.concurrent("that stops answering during up: the engine is ended in time, and the next deploy asks or goes on", async ({
    expect,
    skip,
  }) => {
    if (typeof server === "string") return skip(server);
    let up = false;
    strikes.set("hangs", () => (up ? "hang" : undefined));
    const ended = await project
      .use((orchestrator) => orchestrator.deploy(base("hangs")), {
        limits: LIMITS,
        leases: new MemoryLeaseStore(),
        onEvent: ({ name }) => {
          if (name === "resource.started") up = false;
          if (name === "stack.up.started") up = true;
        },
      })
      .finally(() => {
        strikes.delete("hangs");
      });
    expect(ended.state).toBe("DONE");
    expect(await processesOf(join(project.root, ".groundplane/sandbox", "hangs.db"))).toEqual([]);
    expect(vpcs("hangs")).toBeLessThanOrEqual(1);
  });
});

describe("a backend's folder", () => {
  test("that is not there any more is not taken for a stack that was never made", async () => {
    const folder = join(project.root, "backend");
    await project.use(async (orchestrator) => {
      expect((await orchestrator.deploy(base("moved"))).outcome).toBe("applied");
    });
    await rename(folder, `${folder}.away`);
    // An empty folder, as of a disk that is not mounted; then a link that leads nowhere.
    for (const break_ of [async () => undefined, () => symlink(join(project.root, "nowhere"), folder)]) {
      await break_();
      await project.use(async (orchestrator, events) => {
        const run = await orchestrator.deploy(base("moved"));
        expect([run.outcome, run.reason?.code]).toEqual([
          "failed",
          expect.stringMatching(/^(STATE_UNREADABLE|LEASE_UNAVAILABLE)$/),
        ]);
        const destroy = await orchestrator.destroy(base("moved"));
        expect([destroy.outcome, destroy.reason?.code]).toEqual([
          "failed",
          expect.stringMatching(/^(STATE_UNREADABLE|LEASE_UNAVAILABLE)$/),
        ]);
        expect(events.map(({ name }) => name)).not.toContain("stack.preview.started");
      });
      expect(vpcs("moved")).toBe(1);
      await rm(folder, { recursive: true, force: true });
    }
    await rename(`${folder}.away`, folder);
    await project.use(async (orchestrator) => {
      expect((await orchestrator.deploy(base("moved"))).outcome).toBe("unchanged");
    });
    expect(
      JSON.parse(await plainPulumi(project.root, "moved", ["stack", "export"])).deployment.resources.length,
    ).toBeGreaterThan(1);
  });
});
