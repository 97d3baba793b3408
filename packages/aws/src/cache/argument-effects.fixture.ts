import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Cache } from "./cache.ts";
import type { CacheArgs } from "./cache-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = { vpcId: "vpc-1", isolatedSubnetIds: ["subnet-a", "subnet-b"] };
const api = { securityGroupId: "sg-api" };

/** The table of docs/cache.md. */
export const argumentEffects: ArgumentEffects<CacheArgs> = {
  base: { preset: "dev", network, tags },
  create: (args, options) => new Cache("unit", args, options),
  full: { network, allowFrom: { api }, engine: "redis", tags },
  compute: ({ name, inputs }) => ({
    arn: `arn:aws:elasticache:eu-central-1:123456789012:replicationgroup:${name}`,
    name: inputs["name"] ?? name,
    primaryEndpointAddress: "primary.example",
    readerEndpointAddress: "reader.example",
  }),
  changes: {
    preset: {
      to: "staging",
      effect: {
        updates: ["cache", "slow-log"],
        creates: [
          "node-1-replica-lag-alarm",
          "node-2-cpu-alarm",
          "node-2-evictions-alarm",
          "node-2-memory-alarm",
          "node-2-replica-lag-alarm",
        ],
      },
    },
    network: {
      to: { vpcId: "vpc-2", isolatedSubnetIds: ["subnet-c", "subnet-d"] },
      effect: { replaces: ["access"], updates: ["subnets"] },
    },
    subnetIds: { to: ["subnet-c", "subnet-d"], effect: { updates: ["subnets"] } },
    allowFrom: { to: { api }, effect: { creates: ["access-from-api"] } },
    engine: {
      to: "redis",
      effect: { replaces: ["cache", "parameters", "user-app", "users"], creates: ["default-user"] },
    },
    engineVersion: [
      { to: "8.1", effect: { updates: ["cache"] } },
      { to: "7.2", effect: { updates: ["cache"], replaces: ["parameters"] } },
      { to: "6.2", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    nodeType: [
      { to: "cache.t4g.small", effect: { updates: ["cache"] } },
      { to: "t4g.small", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    replicas: [
      {
        to: 1,
        effect: {
          updates: ["cache"],
          creates: [
            "node-1-replica-lag-alarm",
            "node-2-cpu-alarm",
            "node-2-evictions-alarm",
            "node-2-memory-alarm",
            "node-2-replica-lag-alarm",
          ],
        },
      },
      { to: 6, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    port: { to: 6380, effect: { replaces: ["cache"] } },
    users: [
      { to: { app: {}, jobs: {} }, effect: { creates: ["user-jobs"], updates: ["users"] } },
      { to: { app: { access: "read" } }, effect: { updates: ["user-app"] } },
      { to: { default: {} }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    kmsKeyArn: {
      to: "arn:aws:kms:eu-central-1:123456789012:key/1",
      effect: { replaces: ["cache"] },
    },
    evictionPolicy: { to: "noeviction", effect: { updates: ["parameters"] } },
    parameters: [
      { to: { timeout: "300" }, effect: { updates: ["parameters"] } },
      { to: { "cluster-enabled": "yes" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    snapshotRetentionDays: { to: 7, effect: { updates: ["cache"] } },
    snapshotWindow: { to: "02:00-03:00", effect: { updates: ["cache"] } },
    maintenanceWindow: { to: "sun:03:30-sun:04:30", effect: { updates: ["cache"] } },
    applyImmediately: { to: false, effect: { updates: ["cache"] } },
    finalSnapshot: { to: true, effect: { updates: ["cache"] } },
    logRetentionDays: { to: 7, effect: { updates: ["slow-log"] } },
    identifiers: { to: { replicationGroup: "sessions" }, effect: { replaces: ["cache"] } },
    adopt: { to: true, effect: { refused: "INVALID_ARGUMENT" } },
    alarms: [
      { to: { thresholds: { memory: 90 } }, effect: { updates: ["node-1-memory-alarm"] } },
      {
        to: { off: { evictions: { reason: "a cache may" } } },
        effect: { deletes: ["node-1-evictions-alarm"] },
      },
    ],
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: {
        updates: [
          "access",
          "cache",
          "node-1-cpu-alarm",
          "node-1-evictions-alarm",
          "node-1-memory-alarm",
          "parameters",
          "slow-log",
          "subnets",
          "user-app",
          "users",
        ],
      },
    },
  },
};
