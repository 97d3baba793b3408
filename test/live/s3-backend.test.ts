import { readdir } from "node:fs/promises";
import { MemoryLeaseStore, type Orchestrator } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";
import { type S3Server, startS3Server } from "./versitygw.ts";

let server: S3Server | string = "not started";
let project: TestProject;

beforeAll(async () => {
  server = await startS3Server("team-state");
  if (typeof server === "string") return;
  Object.assign(process.env, server.env);
  const backend = `{ type: "s3", bucket: "team-state", region: "us-east-1", prefix: "shop", endpoint: "${server.endpoint}" }`;
  project = await TestProject.create([
    { name: "dev", more: `approval: { type: "any-person" }, backend: ${backend},` },
  ]);
});
afterAll(async () => {
  if (typeof server === "string") return;
  for (const name of Object.keys(server.env)) delete process.env[name];
  await project.remove();
  await server.stop();
});

test("a stack whose state is in S3 is deployed, unchanged, and destroyed", async (context) => {
  if (typeof server === "string") return context.skip(server);
  const { root } = server;
  const base = { stack: "base", environment: "dev", requester: "ann" };
  const work = async (orchestrator: Orchestrator): Promise<void> => {
    const waiting = await orchestrator.deploy(base);
    expect([waiting.state, waiting.reason?.message]).toEqual(["WAIT_FOR_APPROVE", undefined]);
    expect((await orchestrator.approve({ run: waiting.id, by: "ann" })).outcome).toBe("applied");
    expect((await orchestrator.deploy(base)).outcome).toBe("unchanged");
    const objects = await readdir(root, { recursive: true });
    expect(objects).toContain("team-state/shop/.pulumi/stacks/base/dev.json");

    const blocked = await orchestrator.destroy(base);
    const confirm = blocked.findings.flatMap(({ rule, urn }) =>
      rule === "data-loss" && urn !== undefined ? [urn] : [],
    );
    const destroying = await orchestrator.destroy({ ...base, confirm });
    expect((await orchestrator.approve({ run: destroying.id, by: "ann" })).outcome).toBe("applied");
  };
  // This server cannot keep leases (s3-leases.test.ts), so they are kept elsewhere.
  await project.use(work, { leases: new MemoryLeaseStore() });
});

test("fails when the server does not answer, and changes nothing", async (context) => {
  if (typeof server === "string") return context.skip(server);
  const gone = await TestProject.create([
    {
      name: "dev",
      more: `backend: { type: "s3", bucket: "team-state", region: "us-east-1", endpoint: "http://127.0.0.1:9" },`,
    },
  ]);
  try {
    await gone.use(async (orchestrator) => {
      const run = await orchestrator.deploy({ stack: "base", environment: "dev", requester: "ann" });
      expect([run.state, run.outcome, run.reason?.code]).toEqual(["DONE", "failed", "LEASE_UNAVAILABLE"]);
    });
    const without = async (orchestrator: Orchestrator): Promise<void> => {
      const run = await orchestrator.deploy({ stack: "base", environment: "dev", requester: "ann" });
      expect([run.state, run.outcome, run.reason?.code]).toEqual(["DONE", "failed", "STATE_UNREADABLE"]);
    };
    await gone.use(without, { leases: new MemoryLeaseStore() });
  } finally {
    await gone.remove();
  }
});
