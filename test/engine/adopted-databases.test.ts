import { rmSync } from "node:fs";
import { Cache, type CacheArgs, PostgresCluster, type PostgresClusterArgs, Table } from "@groundplane/aws";
import { awsSandbox } from "@groundplane/sandbox";
import * as aws from "@pulumi/aws";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { automationFolder, workspaceOn } from "../automation-folder.ts";

const tags = { Environment: "test", Project: "adoption", Owner: "platform", ManagedBy: "groundplane" };

const folder = automationFolder("adopted");
let workspace: Awaited<ReturnType<typeof workspaceOn>>;

async function createStack(stackName: string): Promise<automation.Stack> {
  const stack = await automation.LocalWorkspace.createStack(
    { stackName, projectName: "adoption", program: async () => ({}) },
    workspace,
  );
  await stack.setConfig("aws:region", { value: "eu-central-1" });
  return stack;
}

/** What was done, without what was created and what stayed the same: `import main-cluster`. */
async function up(stack: automation.Stack, program: automation.PulumiFn): Promise<readonly string[]> {
  const steps: string[] = [];
  await stack.up({
    program,
    onEvent: ({ resourcePreEvent }) => {
      if (resourcePreEvent === undefined) return;
      const { op, urn } = resourcePreEvent.metadata;
      if (!["same", "read", "create"].includes(op)) steps.push(`${op} ${urn.split("::").at(-1)}`);
    },
  });
  return steps.toSorted();
}

/** Made by hand years ago, with other settings than a component's. */
async function legacy() {
  const network = new aws.ec2.Vpc("old", { cidrBlock: "172.21.0.0/16" });
  const subnets = ["a", "b"].map(
    (zone, at) =>
      new aws.ec2.Subnet(`old-${zone}`, {
        vpcId: network.id,
        availabilityZone: `eu-central-1${zone}`,
        cidrBlock: `172.21.${at}.0/24`,
      }),
  );
  const subnetIds = subnets.map(({ id }) => id);
  const key = new aws.kms.Key("old", {});
  const databases = new aws.rds.SubnetGroup("old", { name: "old-subnets", subnetIds });
  const cluster = new aws.rds.Cluster("old", {
    clusterIdentifier: "old-cluster",
    engine: "aurora-postgresql",
    engineVersion: "16.8",
    databaseName: "orders",
    masterUsername: "root_of_old",
    manageMasterUserPassword: true,
    dbSubnetGroupName: databases.name,
    storageEncrypted: true,
    kmsKeyId: key.arn,
    skipFinalSnapshot: true,
  });
  new aws.rds.ClusterInstance("old", {
    identifier: "old-instance",
    clusterIdentifier: cluster.id,
    engine: "aurora-postgresql",
    instanceClass: "db.r6g.large",
  });
  new aws.dynamodb.Table("old", {
    name: "old-table",
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    billingMode: "PAY_PER_REQUEST",
  });
  const caches = new aws.elasticache.SubnetGroup("old", { name: "old-caches", subnetIds });
  new aws.elasticache.ReplicationGroup("old", {
    replicationGroupId: "old-cache",
    description: "old",
    engine: "valkey",
    engineVersion: "8.0",
    nodeType: "cache.t4g.small",
    numCacheClusters: 1,
    port: 6379,
    subnetGroupName: caches.name,
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
  });
  return { vpcId: network.id, keyArn: key.arn, subnetA: subnets[0]?.id, subnetB: subnets[1]?.id };
}

beforeAll(async () => {
  workspace = await workspaceOn(awsSandbox(), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("databases that exist", () => {
  let adopter: automation.Stack;
  let postgres: PostgresClusterArgs;
  let cache: CacheArgs;
  beforeAll(async () => {
    const { outputs } = await (await createStack("legacy")).up({ program: legacy });
    const value = (name: string) => String(outputs[name]?.value);
    const network = {
      vpcId: value("vpcId"),
      isolatedSubnetIds: [value("subnetA"), value("subnetB")],
    };
    postgres = {
      preset: "dev",
      network,
      kmsKeyArn: value("keyArn"),
      databaseName: "orders",
      masterUsername: "root_of_old",
      engineVersion: "16.8",
      instanceClass: "db.r6g.large",
      identifiers: { cluster: "old-cluster", subnetGroup: "old-subnets", instances: ["old-instance"] },
      tags,
    };
    cache = {
      preset: "dev",
      network,
      identifiers: { replicationGroup: "old-cache", subnetGroup: "old-caches" },
      tags,
    };
    adopter = await createStack("adopter");
  });
  const program = (adopting: boolean) => async () => {
    new PostgresCluster("db", { ...postgres, ...(adopting && { adopt: {} }) });
    new Cache("cache", { ...cache, adopt: adopting });
    new Table("table", {
      preset: "dev",
      tableName: "old-table",
      adopt: adopting,
      partitionKey: { name: "id", type: "string" },
      tags,
    });
    return {};
  };

  test("are imported first, and nothing of them changes", async () => {
    expect(await up(adopter, program(true))).toEqual([
      "import cache-cache",
      "import cache-subnets",
      "import db-cluster",
      "import db-instance-1",
      "import db-subnets",
      "import table-table",
    ]);
    expect(await up(adopter, program(true))).toEqual([]);
  });

  test("are brought into line by the second deployment, without replacing anything", async () => {
    expect(await up(adopter, program(false))).toEqual([
      "update cache-cache",
      "update cache-subnets",
      "update db-cluster",
      "update db-instance-1",
      "update db-subnets",
      "update table-table",
    ]);
    expect(await up(adopter, program(false))).toEqual([]);
  });

  test("fails when the key is not the one that the cluster has, and leaves it alone", async () => {
    const stack = await createStack("mistyped");
    const wrong = { ...postgres, kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/other", adopt: {} };
    const attempt = up(stack, async () => {
      new PostgresCluster("db", wrong);
      return {};
    });
    await expect(attempt).rejects.toThrow("may not be replaced");
  });
});
