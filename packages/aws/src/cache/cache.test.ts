import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type Recording, record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { Cache } from "./cache.ts";
import type { CacheArgs } from "./cache-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = { vpcId: "vpc-1", isolatedSubnetIds: ["subnet-a", "subnet-b"] };
const arn = "arn:aws-cn:elasticache:cn-north-1:123456789012:replicationgroup:x";
/** Marks a value as secret on the wire: pulumi/sdk/nodejs/runtime/rpc.ts. */
const SECRET = pulumi.runtime.specialSigKey;
/** Of the sha256 of "sessions-subnets-id", which the mock gives the subnet group as its id. */
const MARK = /^[0-9a-f]{8}$/;

const create = (args: Partial<CacheArgs> = {}) =>
  record(
    (options) => new Cache("sessions", { network, tags, ...args }, options),
    ({ name, inputs }) => ({ arn, name: inputs["name"] ?? name }),
  );
const inputsOf = ({ resources }: Recording<Cache>, role: string) =>
  resources.find(({ name }) => name === `sessions-${role}`)?.inputs;
const optionsOf = ({ children }: Recording<Cache>, role: string) =>
  children.find(({ name }) => name === `sessions-${role}`)?.options;

describe("Cache", () => {
  test("is encrypted, in two zones, backed up and with logins, when nothing is said", async () => {
    const recording = await create();
    const { userGroupIds, ...inputs } = inputsOf(recording, "cache") ?? {};
    expect(inputs).toEqual({
      description: "Cache sessions",
      engine: "valkey",
      engineVersion: "8.0",
      autoMinorVersionUpgrade: false,
      nodeType: "cache.r7g.large",
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      port: 6379,
      parameterGroupName: "sessions-parameters",
      subnetGroupName: "sessions-subnets",
      securityGroupIds: ["sessions-access-id"],
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      snapshotRetentionLimit: 7,
      finalSnapshotIdentifier: "final-sessions-subnets-id",
      logDeliveryConfigurations: [
        {
          destination: "sessions-slow-log",
          destinationType: "cloudwatch-logs",
          logFormat: "json",
          logType: "slow-log",
        },
      ],
      applyImmediately: false,
      tags: { ...tags, Name: "sessions-cache" },
    });
    expect(userGroupIds).toEqual([inputsOf(recording, "users")?.["userGroupId"]]);
    expect(optionsOf(recording, "cache")?.protect).toBe(true);
    expect(inputsOf(recording, "parameters")).toMatchObject({
      family: "valkey8",
      parameters: [{ name: "maxmemory-policy", value: "volatile-lru" }],
    });
  });

  test("has one user that logs in by IAM, under an id of its own in the account", async () => {
    const recording = await create();
    const { userId, userName, ...user } = inputsOf(recording, "user-app") ?? {};
    expect(user).toMatchObject({
      engine: "valkey",
      accessString: "on ~* &* -@all +@read +@write +@pubsub +@transaction +@scripting +@connection",
      authenticationMode: { type: "iam" },
    });
    expect(String(userId).slice("app-".length)).toMatch(MARK);
    expect(userName).toBe(userId);
    expect(await resolved(recording.component.userNames["app"] ?? "")).toBe(userId);
    expect(inputsOf(recording, "users")?.["userIds"]).toEqual([userId]);
  });

  test("gives a user a password as a secret, and its own name to log in with", async () => {
    const passwords = ["correct horse battery staple"];
    const recording = await create({ users: { jobs: { access: "read", passwords } } });
    expect(inputsOf(recording, "user-jobs")).toMatchObject({
      userName: "jobs",
      accessString: "on ~* &* -@all +@read +@connection",
      // A secret as it is sent.
      authenticationMode: { [SECRET]: expect.any(String), value: { type: "password", passwords } },
    });
    const { component } = recording;
    expect(() => component.connectStatements("jobs")).toThrow("logs in with a password");
  });

  test("closes the user of Redis whom nobody logs in as", async () => {
    const recording = await create({ engine: "redis" });
    expect(inputsOf(recording, "default-user")).toMatchObject({
      engine: "redis",
      userName: "default",
      accessString: "off ~* -@all",
    });
    expect(inputsOf(recording, "users")?.["userIds"]).toHaveLength(2);
    expect(inputsOf(await create(), "default-user")).toBeUndefined();
  });

  test("lets in each peer on its port, and nobody else", async () => {
    const recording = await create({ allowFrom: { api: { securityGroupId: "sg-api" } } });
    const rules = recording.children.filter(({ type }) => /SecurityGroup\w*Rule$/.test(type));
    expect(rules.map(({ name }) => name)).toEqual(["sessions-access-from-api"]);
    expect(inputsOf(recording, "access-from-api")).toMatchObject({
      referencedSecurityGroupId: "sg-api",
      fromPort: 6379,
      toPort: 6379,
    });
  });

  test("has one node and no failover in dev", async () => {
    const recording = await create({ preset: "dev" });
    expect(inputsOf(recording, "cache")).toMatchObject({
      nodeType: "cache.t4g.micro",
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
      snapshotRetentionLimit: 0,
    });
    expect(inputsOf(recording, "cache")).not.toHaveProperty("finalSnapshotIdentifier");
  });

  test("watches each node", async () => {
    const recording = await create({ alarms: { thresholds: { memory: 90 } } });
    expect([...recording.component.nodes.alarms.keys()]).toEqual([
      "node-1-cpu",
      "node-1-memory",
      "node-1-evictions",
      "node-1-replica-lag",
      "node-2-cpu",
      "node-2-memory",
      "node-2-evictions",
      "node-2-replica-lag",
    ]);
    expect(inputsOf(recording, "node-2-memory-alarm")).toMatchObject({
      metricName: "DatabaseMemoryUsagePercentage",
      dimensions: { CacheClusterId: "sessions-cache-id-002" },
      threshold: 90,
      tags: { ...tags, Name: "sessions-node-2-memory-alarm" },
    });
    expect(recording.component.widgets()[0]?.metrics).toHaveLength(2);
  });

  test("lets who connects log in as one user of this cache", async () => {
    const { component, ...recording } = await create();
    const userId = inputsOf({ component, ...recording }, "user-app")?.["userId"];
    expect(JSON.parse(await resolved(policyDocument(component.connectStatements("app"))))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["elasticache:Connect"],
          Resource: [arn, `arn:aws-cn:elasticache:cn-north-1:123456789012:user:${userId}`],
        },
      ],
    });
    expect(() => component.connectStatements("nobody")).toThrow('user is "nobody"');
  });

  test("adopts what exists by its names, and changes nothing of it", async () => {
    const recording = await create({
      identifiers: { replicationGroup: "legacy", subnetGroup: "legacy-subnets" },
      adopt: true,
    });
    const imported = recording.resources.filter(({ importId }) => importId !== undefined);
    expect(imported.map(({ name, importId }) => [name, importId])).toEqual([
      ["sessions-cache", "legacy"],
      ["sessions-subnets", "legacy-subnets"],
    ]);
    const { ignoreChanges } = optionsOf(recording, "cache") ?? {};
    expect(ignoreChanges).toContain("userGroupIds");
    for (const property of ["engine", "subnetGroupName", "kmsKeyId", "port"])
      expect(ignoreChanges).not.toContain(property);
    for (const property of ["atRestEncryptionEnabled", "transitEncryptionEnabled"])
      expect(ignoreChanges).not.toContain(property);
  });

  test("fails when the name leaves no room for the replication group's", async () => {
    const name = "a".repeat(27);
    await expect(record((options) => new Cache(name, { network, tags }, options))).rejects.toThrow(
      "at most 26",
    );
  });

  test.each<[Partial<CacheArgs>, string]>([
    [{ engineVersion: "6.2" }, 'engineVersion is "6.2"'],
    [{ nodeType: "r7g.large" }, 'nodeType is "r7g.large"'],
    [{ replicas: 6 }, "replicas is 6"],
    [{ port: 80 }, "port is 80"],
    [{ parameters: { "maxmemory-policy": "noeviction" } }, "say evictionPolicy"],
    [{ parameters: { "cluster-enabled": "yes" } }, "has one shard"],
    [{ users: {} }, "users has 0 users"],
    [{ users: { default: {} } }, 'users has "default"'],
    [{ users: { app: { access: "on ~* +@all" } } }, "access of the user app"],
    [{ users: { app: { access: ">secret +@all" } } }, "access of the user app"],
    [{ users: { app: { passwords: [] } } }, "has 0 passwords"],
    [{ snapshotRetentionDays: 36 }, "snapshotRetentionDays is 36"],
    [{ snapshotWindow: "2am" }, 'snapshotWindow is "2am"'],
    [{ maintenanceWindow: "sunday" }, 'maintenanceWindow is "sunday"'],
    [{ identifiers: { subnetGroup: "A" } }, 'identifiers.subnetGroup is "A"'],
    [{ adopt: true }, "adopt needs identifiers.replicationGroup"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });

  test("does not repeat what may be a password when it refuses it", async () => {
    const attempt = create({ users: { app: { access: ">hunter2hunter2hunter2 +@all" } } });
    await expect(attempt).rejects.not.toThrow("hunter2");
  });
});
