import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { FileSystem } from "./file-system.ts";
import type { FileSystemArgs } from "./file-system-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const reason = "tried elsewhere";
const uploads = { path: "/uploads", uid: 1000, gid: 1000 };

/** The table of docs/file-system.md. */
export const argumentEffects: ArgumentEffects<FileSystemArgs> = {
  base: { preset: "dev", network: { vpcId: "vpc-1" }, subnetIds: ["subnet-1", "subnet-2"], tags },
  full: {
    preset: "prod",
    network: { vpcId: "vpc-1" },
    subnetIds: ["subnet-1"],
    accessPoints: { uploads },
    tags,
  },
  create: (args, options) => new FileSystem("unit", args, options),
  compute: ({ name }) => ({ arn: `arn-of-${name}`, dnsName: `${name}.example` }),
  untaggable: [
    "aws:efs/backupPolicy:BackupPolicy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:efs/mountTarget:MountTarget",
  ],
  changes: {
    preset: { to: "staging", effect: {} },
    network: { to: { vpcId: "vpc-2" }, effect: { replaces: ["security-group"] } },
    subnetIds: [
      { to: ["subnet-1", "subnet-2", "subnet-3"], effect: { creates: ["mount-target-2"] } },
      { to: ["subnet-1", "subnet-3"], effect: { replaces: ["mount-target-1"] } },
      { to: [], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    allowFrom: { to: ["sg-1"], effect: { updates: ["security-group"] } },
    accessPoints: [
      { to: { uploads }, effect: { creates: ["uploads-access-point"] } },
      {
        from: { uploads },
        to: { uploads: { ...uploads, path: "/in" } },
        effect: { replaces: ["uploads-access-point"] },
      },
    ],
    kmsKeyArn: {
      to: "arn:aws:kms:eu-central-1:123456789012:key/1",
      effect: { replaces: ["file-system"] },
    },
    throughput: { to: "bursting", effect: { updates: ["file-system"] } },
    infrequentAccessDays: { to: 90, effect: { updates: ["file-system"] } },
    archiveDays: [
      { to: 180, effect: { updates: ["file-system"] } },
      { to: 30, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    noBackups: { to: { reason }, effect: { updates: ["backups", "file-system"] } },
    anonymousMount: { to: { reason }, effect: { updates: ["file-system", "policy"] } },
    alarms: [
      { to: { thresholds: { "io-limit": 80 } }, effect: { updates: ["io-limit-alarm"] } },
      { to: { off: { "io-limit": { reason } } }, effect: { deletes: ["io-limit-alarm"] } },
    ],
    protect: { to: true, effect: {} },
    adopt: { to: { fileSystemId: "files" }, effect: { refused: "INVALID_ARGUMENT" } },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: { updates: ["file-system", "io-limit-alarm", "security-group"] },
    },
  },
};
