import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { PostgresInstance } from "./postgres-instance.ts";
import type { PostgresInstanceArgs } from "./postgres-instance-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = { vpcId: "vpc-1", isolatedSubnetIds: ["subnet-a", "subnet-b"] };
const api = { securityGroupId: "sg-api" };
const alarms = ["connections-alarm", "cpu-alarm", "memory-alarm", "storage-alarm", "transaction-ids-alarm"];
/** Another instance beside the old one, with a name and a log of its own. */
const anotherInstance = { replaces: ["instance", "log-group"], updates: alarms };

/** The table of docs/postgres-instance.md. */
export const argumentEffects: ArgumentEffects<PostgresInstanceArgs> = {
  base: { preset: "dev", network, tags },
  create: (args, options) => new PostgresInstance("unit", args, options),
  full: { network, allowFrom: { api }, passwordRotationDays: 30, tags },
  compute: ({ type, name, inputs }) => ({
    arn: `arn:aws:rds:eu-central-1:123456789012:${name}`,
    name: inputs["name"] ?? name,
    ...(type === "aws:rds/instance:Instance" && {
      resourceId: "db-ABC",
      masterUserSecrets: [{ secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!x" }],
      address: "database.example",
    }),
  }),
  untaggable: [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:secretsmanager/secretRotation:SecretRotation",
  ],
  changes: {
    preset: {
      to: "staging",
      effect: {
        updates: ["connections-alarm", "instance", "log-group", "memory-alarm"],
        creates: ["monitoring-policy", "monitoring-role"],
      },
    },
    network: {
      to: { vpcId: "vpc-2", isolatedSubnetIds: ["subnet-c", "subnet-d"] },
      effect: { replaces: ["access"], updates: ["subnets"] },
    },
    subnetIds: { to: ["subnet-c", "subnet-d"], effect: { updates: ["subnets"] } },
    allowFrom: { to: { api }, effect: { creates: ["access-from-api"] } },
    engineVersion: [
      { to: "17.9", effect: { updates: ["instance"] } },
      { to: "18.1", effect: { updates: ["instance"], replaces: ["parameters"] } },
      { to: "latest", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    allowMajorVersionUpgrade: { to: true, effect: { updates: ["instance"] } },
    instanceClass: [
      { to: "db.t4g.small", effect: { updates: ["instance"] } },
      { to: "db.serverless", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    storage: [
      { to: { gib: 40, maxGib: 100 }, effect: { updates: ["instance", "storage-alarm"] } },
      { to: { gib: 20 }, effect: { updates: ["instance"] } },
      { to: { gib: 100, maxGib: 100 }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    multiAz: { to: true, effect: { updates: ["instance"] } },
    databaseName: { to: "orders", effect: anotherInstance },
    masterUsername: { to: "orders_root", effect: anotherInstance },
    passwordRotationDays: { to: 30, effect: { creates: ["password-rotation"] } },
    iamAuthentication: { to: false, effect: { updates: ["instance"] } },
    port: { to: 6432, effect: { updates: ["instance"] } },
    kmsKeyArn: {
      to: "arn:aws:kms:eu-central-1:123456789012:key/1",
      effect: { ...anotherInstance, deletes: ["key"] },
    },
    parameters: { to: { work_mem: "65536" }, effect: { updates: ["parameters"] } },
    allowPlaintext: { to: { reason: "an old driver" }, effect: { updates: ["instance", "parameters"] } },
    backupRetentionDays: { to: 14, effect: { updates: ["instance"] } },
    backupWindow: { to: "02:00-03:00", effect: { updates: ["instance"] } },
    maintenanceWindow: { to: "sun:03:30-sun:04:30", effect: { updates: ["instance"] } },
    applyImmediately: { to: false, effect: { updates: ["instance"] } },
    enhancedMonitoringSeconds: {
      to: 60,
      effect: { creates: ["monitoring-policy", "monitoring-role"], updates: ["instance"] },
    },
    performanceInsightsDays: { to: 31, effect: { updates: ["instance"] } },
    logRetentionDays: { to: 7, effect: { updates: ["log-group"] } },
    snapshotIdentifier: { to: "before-the-move", effect: anotherInstance },
    finalSnapshot: { to: true, effect: { updates: ["instance"] } },
    identifiers: {
      to: { instance: "orders" },
      effect: { replaces: ["log-group"], updates: [...alarms, "instance"].toSorted() },
    },
    adopt: { to: {}, effect: { refused: "INVALID_ARGUMENT" } },
    alarms: [
      { to: { thresholds: { cpu: 90 } }, effect: { updates: ["cpu-alarm"] } },
      { to: { off: { cpu: { reason: "batch jobs" } } }, effect: { deletes: ["cpu-alarm"] } },
    ],
    deletionProtection: { to: true, effect: { updates: ["instance"] } },
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: {
        updates: ["access", ...alarms, "instance", "key", "log-group", "parameters", "subnets"].toSorted(),
      },
    },
  },
};
