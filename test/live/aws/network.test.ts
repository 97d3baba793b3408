// A network through the whole pipeline with AWS's own provider: against an account, and against an emulator of AWS.
// Not run where the provider's plugin is not: `pulumi plugin install resource aws 7.48.0`.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestProject } from "../../project.ts";
import { type AwsEmulator, startMoto } from "../moto.ts";
import { missingPlugin, noAccount } from "./account.ts";

const NETWORK = `import { Vpc } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({}),
  outputs: z.object({ vpcId: z.string().startsWith("vpc-"), subnets: z.number() }),
  program: ({ tags }) => {
    const vpc = new Vpc("live", { cidrBlock: "10.250.0.0/16", zones: ["us-east-1a", "us-east-1b"], tags });
    return { vpcId: vpc.vpcId, subnets: vpc.plan.subnets.length };
  },
});
`;

async function liveProject(settings: readonly string[]): Promise<TestProject> {
  const project = await TestProject.create([
    { name: "live", more: 'cloud: "real", secrets: { type: "passphrase", file: "passphrase" },' },
  ]);
  await writeFile(join(project.root, "passphrase"), "of-a-test-1f0c", { mode: 0o600 });
  await mkdir(join(project.root, "stacks/base"), { recursive: true });
  await project.write("stacks/base/index.ts", NETWORK);
  await project.write(
    "stacks/base/Pulumi.live.yaml",
    ["config:", "  aws:region: us-east-1", ...settings.map((line) => `  ${line}`), ""].join("\n"),
  );
  return project;
}

/** Deployed, then nothing to change, no drift, and destroyed, whatever failed before. */
async function wholeLife(project: TestProject): Promise<void> {
  const base = { stack: "base", environment: "live", requester: "ann" };
  await project.use(async (orchestrator) => {
    try {
      const first = await orchestrator.deploy(base);
      expect([first.outcome, first.reason?.message]).toEqual(["applied", undefined]);
      expect((await orchestrator.deploy(base)).outcome).toBe("unchanged");
      expect((await orchestrator.drift(base)).items).toEqual([]);
    } finally {
      const blocked = await orchestrator.destroy(base);
      const confirm = blocked.findings.flatMap(({ rule, urn }) =>
        rule === "data-loss" && urn !== undefined ? [urn] : [],
      );
      expect(await orchestrator.destroy({ ...base, confirm })).toMatchObject({ outcome: "applied" });
    }
  });
}

describe("a network on an account of AWS", () => {
  test("is deployed, unchanged, without drift, and destroyed", async ({ skip }) => {
    const why = noAccount ?? missingPlugin();
    if (why !== undefined) return skip(why);
    const project = await liveProject([]);
    try {
      await wholeLife(project);
    } finally {
      await project.remove();
    }
  });
});

describe("a network on moto, an emulator of AWS", () => {
  let emulator: AwsEmulator | string = "not started";
  beforeAll(async () => {
    emulator = missingPlugin() ?? (await startMoto());
    if (typeof emulator !== "string") Object.assign(process.env, emulator.env);
  });
  afterAll(async () => {
    if (typeof emulator === "string") return;
    for (const name of Object.keys(emulator.env)) delete process.env[name];
    await emulator.stop();
  });

  test("is deployed, unchanged, without drift, and destroyed", async ({ skip }) => {
    if (typeof emulator === "string") return skip(emulator);
    const project = await liveProject([
      "aws:skipCredentialsValidation: true",
      "aws:skipMetadataApiCheck: true",
    ]);
    try {
      await wholeLife(project);
    } finally {
      await project.remove();
    }
  });
});
