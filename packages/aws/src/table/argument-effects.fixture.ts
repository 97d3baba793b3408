import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Table } from "./table.ts";
import type { TableArgs } from "./table-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const id = { name: "id", type: "string" } as const;
const at = { name: "at", type: "number" } as const;
const provisioned = {
  mode: "provisioned",
  read: { min: 5, max: 50 },
  write: { min: 5, max: 50 },
} as const;
const byOwner = { "by-owner": { partitionKey: { name: "owner", type: "string" } } } as const;
const byAge = { "by-age": { sortKey: { name: "age", type: "number" } } } as const;
const throttleAlarms = ["read-throttles-alarm", "write-throttles-alarm"];

/** The table of docs/table.md. */
export const argumentEffects: ArgumentEffects<TableArgs> = {
  base: { preset: "dev", partitionKey: id, sortKey: at, tags },
  create: (args, options) => new Table("unit", args, options),
  full: {
    partitionKey: id,
    sortKey: at,
    globalIndexes: byOwner,
    localIndexes: byAge,
    capacity: provisioned,
    stream: "keys",
    tags,
  },
  compute: ({ name, inputs }) => ({
    arn: `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}`,
    name: inputs["name"] ?? name,
    streamArn: "arn:aws:dynamodb:eu-central-1:123456789012:table/unit/stream/1",
  }),
  untaggable: ["aws:appautoscaling/policy:Policy"],
  changes: {
    preset: { to: "prod", effect: { updates: ["table"] } },
    partitionKey: { to: { name: "customer", type: "string" }, effect: { replaces: ["table"] } },
    sortKey: [
      { to: { name: "seq", type: "number" }, effect: { replaces: ["table"] } },
      { to: undefined, effect: { replaces: ["table"] } },
    ],
    globalIndexes: [
      { to: byOwner, effect: { updates: ["table"] } },
      { from: byOwner, to: undefined, effect: { updates: ["table"] } },
      { to: { By_Owner: byOwner["by-owner"] }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    localIndexes: [
      { to: byAge, effect: { replaces: ["table"] } },
      { from: byAge, to: undefined, effect: { replaces: ["table"] } },
    ],
    capacity: [
      {
        to: provisioned,
        effect: {
          creates: ["read-scaling", "read-scaling-policy", "write-scaling", "write-scaling-policy"],
          updates: ["table"],
        },
      },
      {
        from: provisioned,
        to: { ...provisioned, targetPercent: 50 },
        effect: { updates: ["read-scaling-policy", "write-scaling-policy"] },
      },
      { to: { mode: "on-demand", maxReadUnits: 500 }, effect: { updates: ["table"] } },
      {
        to: { ...provisioned, read: { min: 9, max: 5 } },
        effect: { refused: "INVALID_ARGUMENT" },
      },
    ],
    timeToLiveAttribute: [
      { to: "expiresAt", effect: { updates: ["table"] } },
      { from: "expiresAt", to: undefined, effect: { updates: ["table"] } },
    ],
    stream: { to: "new-image", effect: { updates: ["table"] } },
    tableClass: { to: "infrequent-access", effect: { updates: ["table"] } },
    kmsKeyArn: [
      { to: "arn:aws:kms:eu-central-1:123456789012:key/1", effect: { updates: ["table"] } },
      {
        from: "arn:aws:kms:eu-central-1:123456789012:key/1",
        to: undefined,
        effect: { updates: ["table"] },
      },
    ],
    recoveryDays: { to: 14, effect: { updates: ["table"] } },
    noRecovery: [
      { to: { reason: "a cache" }, effect: { updates: ["table"] } },
      { to: { reason: "" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    tableName: { to: "orders", effect: { replaces: ["table"], updates: throttleAlarms } },
    adopt: { to: true, effect: { refused: "INVALID_ARGUMENT" } },
    alarms: [
      {
        to: { thresholds: { "read-throttles": 100 } },
        effect: { updates: ["read-throttles-alarm"] },
      },
      {
        to: { off: { "read-throttles": { reason: "it has a limit" } } },
        effect: { deletes: ["read-throttles-alarm"] },
      },
    ],
    deletionProtection: { to: true, effect: { updates: ["table"] } },
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: { updates: ["read-throttles-alarm", "table", "write-throttles-alarm"] },
    },
  },
};
