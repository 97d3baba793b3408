import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { awsSandbox, SandboxStore } from "@groundplane/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const CANARY = "canary-5up3r-53cret";

const NETWORK = `
const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", tags: { Owner: config.get("owner") ?? "first" } });
const igw = new aws.ec2.InternetGateway("igw", { vpcId: vpc.id });
const zones = aws.getAvailabilityZonesOutput({ state: "available" });
const subnet = new aws.ec2.Subnet("a", {
  vpcId: vpc.id,
  cidrBlock: config.get("cidr") ?? "10.0.1.0/24",
  availabilityZone: zones.names[0],
});
const table = new aws.ec2.RouteTable("public", { vpcId: vpc.id });
new aws.ec2.Route("out", { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: igw.id });
new aws.ec2.RouteTableAssociation("a", { routeTableId: table.id, subnetId: subnet.id });
new aws.cloudwatch.LogGroup("app", { retentionInDays: 30 });
new aws.ssm.Parameter("password", { type: "SecureString", value: pulumi.secret("${CANARY}") });
exports.defaultGroup = aws.ec2.SecurityGroup.get("default", vpc.defaultSecurityGroupId).name;
if (config.get("bucket")) new aws.s3.Bucket("data", {});
exports.vpcId = vpc.id;
exports.zones = zones.names;
`;
const GUEST = `
const name = config.get("logGroup");
new aws.ec2.Subnet("guest", { vpcId: config.require("vpcId"), cidrBlock: config.require("cidr") });
if (name) new aws.cloudwatch.LogGroup("app", { name, retentionInDays: 30 }, { import: name, retainOnDelete: true });
`;

const previewSchema = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      replaceReasons: z.array(z.string()).nullish(),
      detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
    }),
  ),
});

let root = "";
let project = "";
let database = "";
let env: Record<string, string | undefined> = {};

interface Ran {
  readonly code: number;
  readonly text: string;
}

function pulumi(...args: readonly string[]): Promise<Ran> {
  const binary = process.env["GROUNDPLANE_PULUMI"] ?? "pulumi";
  return new Promise((resolve) => {
    execFile(
      binary,
      [...args],
      { cwd: project, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, text: `${stdout}\n${stderr}` });
      },
    );
  });
}

async function succeed(...args: readonly string[]): Promise<string> {
  const { code, text } = await pulumi(...args);
  expect(code, text).toBe(0);
  expect(text).not.toContain(CANARY);
  return text;
}

type Step = z.infer<typeof previewSchema>["steps"][number];

/** The steps that a preview would take; a replacement counts once, not also as its create and delete. */
async function steps(stack: string): Promise<readonly Step[]> {
  const text = await succeed("preview", "--json", "--stack", stack);
  const preview = previewSchema.parse(JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)));
  return preview.steps.filter(
    ({ op }) => !["same", "read", "create-replacement", "delete-replaced"].includes(op),
  );
}

function stepOf(planned: readonly Step[], type: string): Step | undefined {
  return planned.find(({ urn }) => urn.includes(`::${type}::`));
}

function withStore<T>(work: (store: SandboxStore) => T): T {
  const store = SandboxStore.open(database);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

const idOf = (type: string) =>
  withStore((store) => store.list({ type }).find(({ urn }) => urn !== "")?.id ?? "");

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "groundplane-sandbox-"));
  // Inside the repository, so that the program finds @pulumi/aws.
  project = await mkdtemp(join(import.meta.dirname, ".sandbox-"));
  database = join(root, "cloud.db");
  await mkdir(join(root, "state"));
  await writeFile(join(project, "Pulumi.yaml"), "name: sandboxed\nruntime: nodejs\n");
  await writeFile(join(project, "package.json"), '{ "name": "sandboxed", "main": "index.js" }\n');
  await writeFile(
    join(project, "index.js"),
    `const aws = require("@pulumi/aws");\nconst pulumi = require("@pulumi/pulumi");\nconst config = new pulumi.Config();\nif (pulumi.getStack() === "network") {${NETWORK}} else {${GUEST}}\n`,
  );
  const pulumiHome = join(root, "home");
  // Twice at once, as two processes do.
  const prepared = await Promise.all([1, 2].map(() => awsSandbox().prepare({ pulumiHome, database })));
  const engine = process.env["GROUNDPLANE_PULUMI"];
  env = {
    ...process.env,
    ...prepared[0]?.env,
    ...(engine === undefined ? {} : { PATH: `${dirname(engine)}:${process.env["PATH"] ?? ""}` }),
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "1",
  };
  for (const stack of ["network", "guest"]) {
    await succeed("stack", "init", stack);
    await succeed("config", "set", "aws:region", "eu-west-1", "--stack", stack);
  }
  await succeed("config", "set", "--path", "aws:defaultTags.tags.Project", "ground", "--stack", "network");
});

afterAll(async () => {
  for (const folder of [project, root]) if (folder !== "") await rm(folder, { recursive: true, force: true });
});

describe("the sandbox under the real engine", () => {
  test("creates, says that it is a sandbox, and then has nothing to do", async () => {
    const up = await succeed("up", "--yes", "--skip-preview", "--stack", "network");
    expect(up).toContain("sandbox: aws is a sandbox");
    expect(up).toMatch(/vpcId +: "vpc-5a4db0c5[0-9a-f]{9}"/);
    expect(up).toContain('"eu-west-1b"');
    expect(up).toMatch(/defaultGroup *: "default"/);
    await succeed("preview", "--expect-no-changes", "--stack", "network");
    const vpc = withStore((store) => store.list({ type: "aws:ec2/vpc:Vpc" })[0]);
    expect(vpc?.outputs["tagsAll"]).toEqual({ Project: "ground", Owner: "first" });
    expect(vpc?.outputs["arn"]).toBe(`arn:aws:ec2:eu-west-1:000000000000:vpc/${vpc?.id}`);
  });

  test("keeps secrets out of its file", async () => {
    for (const name of (await readdir(root)).filter((one) => one.startsWith("cloud.db")))
      expect((await readFile(join(root, name))).includes(CANARY), name).toBe(false);
    expect(await succeed("preview", "--diff", "--stack", "network")).not.toContain(CANARY);
  });

  test("updates tags in place, and replaces a subnet whose block changes with what depends on it", async () => {
    await succeed("config", "set", "owner", "second", "--stack", "network");
    await succeed("config", "set", "cidr", "10.0.2.0/24", "--stack", "network");
    const planned = await steps("network");
    expect(stepOf(planned, "aws:ec2/vpc:Vpc")).toMatchObject({
      op: "update",
      detailedDiff: { "tags.Owner": { kind: "update" } },
    });
    const replace = stepOf(planned, "aws:ec2/subnet:Subnet");
    expect(replace?.replaceReasons).toEqual(["cidrBlock"]);
    expect(replace?.detailedDiff).toMatchObject({ cidrBlock: { kind: "update-replace" } });
    const before = idOf("aws:ec2/subnet:Subnet");
    const vpc = idOf("aws:ec2/vpc:Vpc");
    await succeed("up", "--yes", "--skip-preview", "--stack", "network");
    expect(idOf("aws:ec2/subnet:Subnet")).not.toBe(before);
    expect(idOf("aws:ec2/vpc:Vpc")).toBe(vpc);
  });

  test("shows drift on refresh, and the next preview puts it right", async () => {
    withStore((store) => store.set(idOf("aws:ec2/vpc:Vpc"), "tags.Owner", "somebody"));
    const refreshed = await succeed("refresh", "--yes", "--skip-preview", "--diff", "--stack", "network");
    expect(refreshed).toContain('"second" => "somebody"');
    const planned = await steps("network");
    expect(planned.map(({ urn }) => urn.split("::").pop())).toEqual(["main"]);
    expect(planned[0]?.detailedDiff).toMatchObject({ "tags.Owner": { kind: "update" } });
  });

  test("fails on demand, once, with what exists left as it was", async () => {
    withStore((store) =>
      store.addFault({
        type: "aws:s3/*",
        operation: "create",
        error: "SlowDown: Please reduce your request rate",
        times: 1,
      }),
    );
    await succeed("config", "set", "bucket", "yes", "--stack", "network");
    const failed = await pulumi("up", "--yes", "--skip-preview", "--stack", "network");
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain('sandbox: creating aws:s3/bucket:Bucket "data": api error SlowDown');
    await succeed("up", "--yes", "--skip-preview", "--stack", "network");
    expect(idOf("aws:s3/bucket:Bucket")).toMatch(/^data-[0-9a-f]{7}$/);
  });

  test("refuses a block that conflicts, imports by id, and refuses to delete what another stack uses", async () => {
    const logGroup = idOf("aws:cloudwatch/logGroup:LogGroup");
    await succeed("config", "set", "vpcId", idOf("aws:ec2/vpc:Vpc"), "--stack", "guest");
    await succeed("config", "set", "cidr", "10.0.2.128/25", "--stack", "guest");
    const conflict = await pulumi("up", "--yes", "--skip-preview", "--stack", "guest");
    expect(conflict.text).toContain("api error InvalidSubnet.Conflict: The CIDR '10.0.2.128/25' conflicts");
    await succeed("config", "set", "cidr", "10.0.3.0/24", "--stack", "guest");
    await succeed("config", "set", "logGroup", logGroup, "--stack", "guest");
    expect(await succeed("up", "--yes", "--skip-preview", "--stack", "guest")).toContain("1 imported");
    const blocked = await pulumi("destroy", "--yes", "--skip-preview", "--stack", "network");
    expect(blocked.code).not.toBe(0);
    expect(blocked.text).toContain("api error DependencyViolation");
  });

  test("destroys everything, and leaves nothing in the store", async () => {
    await succeed("destroy", "--yes", "--skip-preview", "--stack", "guest");
    await succeed("destroy", "--yes", "--skip-preview", "--stack", "network");
    expect(withStore((store) => store.list())).toEqual([]);
  });

  test("refuses a plugin start without a database", async () => {
    const { GROUNDPLANE_SANDBOX_DB: _database, ...bare } = env;
    const kept = env;
    env = bare;
    const { code, text } = await pulumi("preview", "--stack", "network");
    env = kept;
    expect(code).not.toBe(0);
    expect(text).toContain("GROUNDPLANE_SANDBOX_DB is not set");
    expect(existsSync(join(project, "undefined"))).toBe(false);
  });
});
