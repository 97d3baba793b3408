import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadProject, MemoryLeaseStore, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { TestProject } from "../project.ts";
import { type AwsEmulator, startMoto } from "./moto.ts";
import { type S3Server, startS3Server } from "./versitygw.ts";

const run = promisify(execFile);
const CANARY = "kms-canary-5d1f0c";
const keySchema = z.object({ KeyMetadata: z.object({ KeyId: z.string() }) });

let kms: AwsEmulator | string = "not started";
let s3: S3Server | string = "not started";
let project: TestProject;
let key: string;

async function createKey({ endpoint }: AwsEmulator): Promise<string> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "x-amz-target": "TrentService.CreateKey",
      "content-type": "application/x-amz-json-1.1",
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: "{}",
  });
  return keySchema.parse(await answer.json()).KeyMetadata.KeyId;
}

beforeAll(async () => {
  [kms, s3] = [await startMoto(), await startS3Server("team-state")];
  if (typeof kms === "string" || typeof s3 === "string") return;
  key = await createKey(kms);
  // Only KMS goes to the emulator: the state lies on a real S3 server.
  Object.assign(process.env, s3.env, { AWS_ENDPOINT_URL_KMS: kms.endpoint });
  const backend = `{ type: "s3", bucket: "team-state", region: "us-east-1", endpoint: "${s3.endpoint}" }`;
  project = await TestProject.create([
    {
      name: "dev",
      more: `backend: ${backend}, secrets: { type: "awskms", key: "${key}", region: "us-east-1" },`,
    },
  ]);
});
afterAll(async () => {
  if (typeof kms !== "string") await kms.stop();
  if (typeof s3 === "string" || typeof kms === "string") return;
  for (const name of [...Object.keys(s3.env), "AWS_ENDPOINT_URL_KMS"]) delete process.env[name];
  await project.remove();
  await s3.stop();
});

async function stateText(root: string): Promise<string> {
  const file = (await readdir(root, { recursive: true })).find((name) =>
    name.endsWith("stacks/base/dev.json"),
  );
  return readFile(join(root, file ?? "none"), "utf8");
}

test("a secret is in S3 under a KMS key (an emulator's), and without the key nothing is done", async (context) => {
  if (typeof kms === "string") return context.skip(kms);
  if (typeof s3 === "string") return context.skip(s3);
  const base = { stack: "base", environment: "dev", requester: "ann" };
  // This server cannot keep leases (s3-leases.test.ts).
  const elsewhere = { leases: new MemoryLeaseStore() };
  const { root } = s3;
  const cwd = join(project.root, "stacks/base");
  const env = { ...process.env, ...(await plainPulumiEnvironment(await loadProject(project.root), "dev")) };
  const provider = `awskms://${key}?region=us-east-1&awssdk=v2`;
  await run("pulumi", ["stack", "init", "dev", `--secrets-provider=${provider}`], { cwd, env });
  await run("pulumi", ["config", "set", "--secret", "base:token", CANARY, "--stack=dev"], { cwd, env });

  await project.use(async (orchestrator) => {
    expect((await orchestrator.deploy(base)).reason?.message).toBeUndefined();
    expect((await orchestrator.deploy(base)).outcome).toBe("unchanged");
  }, elsewhere);
  const { stdout } = await run("pulumi", ["stack", "output", "token", "--show-secrets", "--stack=dev"], {
    cwd,
    env,
  });
  expect(stdout.trim()).toBe(CANARY);
  const state = await stateText(root);
  expect(state).toContain('"encryptedkey"');
  expect(state).not.toContain(CANARY);

  await kms.stop();
  await project.use(async (orchestrator) => {
    const refused = await orchestrator.deploy(base);
    expect([refused.state, refused.outcome]).toEqual(["DONE", "failed"]);
    expect(refused.reason?.message).toContain("KMS: Decrypt");
    expect(refused.reason?.message).not.toContain(CANARY);
  }, elsewhere);
  expect(await stateText(root)).toBe(state);
});
