import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { PostgresCluster } from "./postgres-cluster.ts";
import type { PostgresClusterArgs } from "./postgres-cluster-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = { vpcId: "vpc-1", isolatedSubnetIds: ["subnet-a", "subnet-b"] };
const api = { securityGroupId: "sg-api" };
const otherKey = "arn:aws:kms:eu-central-1:123456789012:key/1";

/** The table of docs/postgres-cluster.md. */
export const argumentEffects: ArgumentEffects<PostgresClusterArgs> = {
  base: { preset: "dev", network, tags },
  create: (args, options) => new PostgresCluster("unit", args, options),
  full: {
    network,
    allowFrom: { api },
    passwordRotationDays: 30,
    proxy: {},
    tags,
  },
  compute: ({ type, name, inputs }) => ({
    arn: `arn:aws:rds:eu-central-1:123456789012:${name}`,
    name: inputs["name"] ?? name,
    ...(type === "aws:rds/cluster:Cluster" && {
      clusterResourceId: "cluster-ABC",
      masterUserSecrets: [{ secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!x" }],
      endpoint: "writer.example",
      readerEndpoint: "reader.example",
    }),
  }),
  untaggable: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
    "aws:rds/proxyTarget:ProxyTarget",
    "aws:secretsmanager/secretRotation:SecretRotation",
  ],
  changes: {
    preset: {
      to: "staging",
      effect: {
        updates: ["cluster", "connections-alarm", "instance-1", "log-group"],
        creates: ["instance-2", "monitoring-policy", "monitoring-role", "replica-lag-alarm"],
      },
    },
    network: {
      to: { vpcId: "vpc-2", isolatedSubnetIds: ["subnet-c", "subnet-d"] },
      effect: { replaces: ["access"], updates: ["subnets"] },
    },
    subnetIds: { to: ["subnet-c", "subnet-d"], effect: { updates: ["subnets"] } },
    allowFrom: [
      { to: { api }, effect: { creates: ["access-from-api"] } },
      { to: { "API 1": api }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    engineVersion: [
      { to: "17.9", effect: { updates: ["cluster"] } },
      { to: "17", effect: { updates: ["cluster", "instance-1"] } },
      { to: "18.1", effect: { updates: ["cluster"], replaces: ["parameters"] } },
      { to: "latest", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    allowMajorVersionUpgrade: { to: true, effect: { updates: ["cluster"] } },
    instanceClass: {
      to: "db.r7g.large",
      effect: {
        updates: ["cluster", "instance-1"],
        creates: ["local-storage-alarm"],
        deletes: ["capacity-alarm"],
      },
    },
    serverless: [
      { to: { minUnits: 1, maxUnits: 4 }, effect: { updates: ["cluster"] } },
      { to: { minUnits: 4, maxUnits: 2 }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    readers: [
      { to: 1, effect: { creates: ["instance-2", "replica-lag-alarm"] } },
      { from: 1, to: 0, effect: { deletes: ["instance-2", "replica-lag-alarm"] } },
      { to: 16, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    databaseName: { to: "orders", effect: { replaces: ["cluster"] } },
    masterUsername: [
      { to: "orders_root", effect: { replaces: ["cluster"] } },
      { to: "postgres", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    passwordRotationDays: { to: 30, effect: { creates: ["password-rotation"] } },
    iamAuthentication: { to: false, effect: { updates: ["cluster"] } },
    port: { to: 6432, effect: { updates: ["cluster"] } },
    kmsKeyArn: {
      to: otherKey,
      effect: { replaces: ["cluster"], deletes: ["key"], updates: ["instance-1"] },
    },
    parameters: [
      { to: { work_mem: "65536" }, effect: { updates: ["parameters"] } },
      { to: { "rds.force_ssl": "0" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    allowPlaintext: { to: { reason: "an old driver" }, effect: { updates: ["cluster", "parameters"] } },
    proxy: {
      to: {},
      effect: {
        creates: [
          "access-from-own-proxy",
          "proxy",
          "proxy-access",
          "proxy-access-to-cluster",
          "proxy-policy",
          "proxy-role",
          "proxy-target",
          "proxy-targets",
        ],
      },
    },
    backupRetentionDays: { to: 14, effect: { updates: ["cluster"] } },
    backupWindow: { to: "02:00-03:00", effect: { updates: ["cluster"] } },
    maintenanceWindow: [
      { to: "sun:03:30-sun:04:30", effect: { updates: ["cluster", "instance-1"] } },
      { to: "Sunday", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    applyImmediately: { to: false, effect: { updates: ["cluster", "instance-1"] } },
    enhancedMonitoringSeconds: {
      to: 60,
      effect: { creates: ["monitoring-policy", "monitoring-role"], updates: ["instance-1"] },
    },
    performanceInsightsDays: { to: 31, effect: { updates: ["instance-1"] } },
    logRetentionDays: { to: 7, effect: { updates: ["log-group"] } },
    snapshotIdentifier: { to: "before-the-move", effect: { replaces: ["cluster"] } },
    finalSnapshot: { to: true, effect: { updates: ["cluster"] } },
    identifiers: { to: { cluster: "orders" }, effect: { replaces: ["cluster"] } },
    adopt: { to: {}, effect: { refused: "INVALID_ARGUMENT" } },
    alarms: [
      { to: { thresholds: { cpu: 90 } }, effect: { updates: ["cpu-alarm"] } },
      { to: { off: { cpu: { reason: "batch jobs" } } }, effect: { deletes: ["cpu-alarm"] } },
    ],
    deletionProtection: { to: true, effect: { updates: ["cluster"] } },
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: {
        updates: [
          "access",
          "capacity-alarm",
          "cluster",
          "connections-alarm",
          "cpu-alarm",
          "instance-1",
          "key",
          "log-group",
          "memory-alarm",
          "parameters",
          "subnets",
          "transaction-ids-alarm",
        ],
      },
    },
  },
};
