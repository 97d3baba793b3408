import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

/** What the operating manual forbids, each as a resource of an otherwise empty stack, and the rule that stops it. */
const SEEDS = {
  "open ingress": {
    rule: "no-open-ingress",
    program: `new aws.ec2.SecurityGroup("seed", { description: "seed", tags, ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }] });`,
  },
  "an image called latest": {
    rule: "pinned-images",
    program: `new aws.ecs.TaskDefinition("seed", { family: "seed", tags, containerDefinitions: JSON.stringify([{ name: "app", image: "ghcr.io/acme/app:latest" }]) });`,
  },
  "missing tags": {
    rule: "required-tags",
    program: `new aws.sqs.Queue("seed", { sqsManagedSseEnabled: true });`,
  },
  "a plain secret": {
    rule: "no-plain-secrets",
    program: `new aws.lambda.Function("seed", { role: "arn:aws:iam::000000000000:role/app", runtime: "nodejs24.x", handler: "index.handler", tags, environment: { variables: { DB_PASSWORD: "correct-horse-battery" } } });`,
  },
  "an unencrypted store": {
    rule: "encryption-at-rest",
    program: `new aws.ebs.Volume("seed", { availabilityZone: "eu-central-1a", size: 8, encrypted: false, tags });`,
  },
  "a public bucket": {
    rule: "s3-public-access-blocked",
    program: `const bucket = new aws.s3.Bucket("seed", { tags });
    new aws.s3.BucketPublicAccessBlock("seed", { bucket: bucket.id, blockPublicAcls: false, blockPublicPolicy: false });`,
  },
  "an IAM wildcard": {
    rule: "iam-no-full-admin",
    program: `new aws.iam.Policy("seed", { tags, policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }) });`,
  },
  "no backup": {
    rule: "rds-backups",
    program: `new aws.rds.Instance("seed", { ...database, multiAz: true, backupRetentionPeriod: 0 });`,
  },
  "a database in a single zone": {
    rule: "rds-multi-az",
    program: `new aws.rds.Instance("seed", { ...database, multiAz: false, backupRetentionPeriod: 14 });`,
  },
  "an account id written down": {
    rule: "no-foreign-account",
    program: `new aws.iam.RolePolicyAttachment("own", { role: "app", policyArn: "arn:aws:iam::000000000000:policy/own" });
    new aws.iam.RolePolicyAttachment("own-too", { role: "app", policyArn: "arn:aws:iam::000000000000:policy/own-too" });
    new aws.iam.RolePolicyAttachment("seed", { role: "app", policyArn: "arn:aws:iam::210987654321:policy/theirs" });`,
  },
} as const;

const PACKS = '["@groundplane/policy-baseline", "@groundplane/policy-aws", "@groundplane/policy-strict"]';
let project: TestProject;

beforeAll(async () => {
  const more = `policyPacks: ${PACKS}, strict: true, budget: { monthlyUsd: 100, liftedBy: ["grace"] },`;
  const guarded = `${more} protected: true, approval: { type: "other-person" },`;
  project = await TestProject.create([
    { name: "prod", more: guarded },
    { name: "cost", more },
    { name: "back", more: guarded },
  ]);
  const cases = Object.entries(SEEDS).map(
    ([name, { program }]) => `    case ${JSON.stringify(name)}: {\n    ${program}\n    break; }`,
  );
  await project.write(
    "stacks/base/index.ts",
    `import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({ seed: z.string().default("none") }),
  outputs: z.object({}),
  program: ({ config, tags }) => {
    const database = { instanceClass: "db.t4g.micro", engine: "postgres", allocatedStorage: 20, username: "dba", manageMasterUserPassword: true, storageEncrypted: true, tags };
    new aws.cloudwatch.LogGroup("standing", { retentionInDays: 365, tags });
    switch (config.seed) {
${cases.join("\n")}
    case "a dear database": {
      new aws.rds.Instance("seed", { ...database, instanceClass: "db.m5.24xlarge", multiAz: true, backupRetentionPeriod: 14 });
      break; }
    }
    return {};
  },
});
`,
  );
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

/** The finding, and that it holds the run. */
function held(run: RunRecord, rule: string) {
  const found = run.findings.find((finding) => finding.rule === rule && finding.status === "violation");
  return { state: run.state, found: found?.rule, remedy: (found?.remedy ?? "").length > 10 };
}

test.for(Object.entries(SEEDS))("%s is blocked, with the remedy", async ([name, { rule }]) => {
  await project.configure("prod", { seed: name });
  const run = await project.use((orchestrator) => orchestrator.preview(base("prod")));
  expect({ ...held(run, rule), why: run.reason?.message }).toMatchObject({
    state: "BLOCKED",
    found: rule,
    remedy: true,
  });
});

test("what passes the budget is held by the brake, with the remedy", async () => {
  await project.configure("cost", { seed: "a dear database" });
  const run = await project.use((orchestrator) => orchestrator.preview(base("cost")));
  const rules = run.findings.filter(({ rule }) => rule.startsWith("budget-"));
  expect(rules.map(({ rule, remedy }) => [rule, remedy.length > 10])).toEqual(
    expect.arrayContaining([["budget-brake", true]]),
  );
});

test("a change that cannot be taken back is blocked, with the remedy", async () => {
  await project.use(async (orchestrator) => {
    const first = await orchestrator.deploy(base("back"));
    const applied = await orchestrator.approve({ run: first.id, by: "bob" });
    expect(applied.outcome).toBe("applied");
    await rm(join(project.root, `.groundplane/runs/${first.id}/program.mjs`));
  });
  await project.configure("back", { seed: "missing tags" });
  const run = await project.use((orchestrator) => orchestrator.deploy(base("back")));
  expect(held(run, "no-rollback-path")).toEqual({
    state: "BLOCKED",
    found: "no-rollback-path",
    remedy: true,
  });
});
