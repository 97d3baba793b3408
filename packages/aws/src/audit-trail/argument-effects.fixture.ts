import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { UNTAGGABLE_BUCKET_PARTS } from "../bucket/untaggable-parts.fixture.ts";
import { AuditTrail } from "./audit-trail.ts";
import type { AuditTrailArgs } from "./audit-trail-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const accessLogs = { bucket: { bucketName: "shop-access-logs" } };
const objectLock = { mode: "compliance", days: 30 } as const;
const off = {
  "denied-calls": { reason: "told by GuardDuty" },
  "sign-in-without-mfa": { reason: "nobody has a password" },
  "iam-changes": { reason: "told elsewhere" },
  "trail-changes": { reason: "told elsewhere" },
  "failed-sign-ins": { reason: "nobody has a password" },
  "key-deletion": { reason: "told elsewhere" },
  "bucket-policy-changes": { reason: "told elsewhere" },
  "config-changes": { reason: "told elsewhere" },
  "security-group-changes": { reason: "told elsewhere" },
  "network-acl-changes": { reason: "told elsewhere" },
  "gateway-changes": { reason: "told elsewhere" },
  "route-changes": { reason: "told elsewhere" },
  "vpc-changes": { reason: "told elsewhere" },
  "organisation-changes": { reason: "told elsewhere" },
};

/** The table of docs/audit-trail.md. */
export const argumentEffects: ArgumentEffects<AuditTrailArgs> = {
  // One alarm stands for all in the rows.
  base: { preset: "dev", alarms: { off }, tags },
  full: { accessLogs, objectLock, dataEventBucketArns: ["arn:aws:s3:::shop-invoices"], tags },
  create: (args, options) => new AuditTrail("unit", args, options),
  untaggable: [
    ...UNTAGGABLE_BUCKET_PARTS,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    "aws:iam/rolePolicy:RolePolicy",
  ],
  changes: {
    preset: { to: "prod", effect: { updates: ["group", "lifecycle", "trail"] } },
    retentionDays: [
      { to: 180, effect: { updates: ["lifecycle"] } },
      { to: 30, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    logRetentionDays: { to: 90, effect: { updates: ["group"] } },
    archiveAfterDays: { to: 60, effect: { updates: ["lifecycle"] } },
    objectLock: { to: objectLock, effect: { creates: ["object-lock"] } },
    accessLogs: { to: accessLogs, effect: { creates: ["access-logs"] } },
    insights: { to: ["ApiCallRateInsight"], effect: { updates: ["trail"] } },
    dataEventBucketArns: [
      { to: ["arn:aws:s3:::shop-invoices"], effect: { updates: ["trail"] } },
      { to: ["shop-invoices"], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    organizationId: { to: "o-abcde12345", effect: { updates: ["policy", "trail"] } },
    alarms: [
      { to: { off, thresholds: { "root-use": 1 } }, effect: { updates: ["root-use-alarm"] } },
      {
        to: { off: { ...off, "root-use": { reason: "tried elsewhere" } } },
        effect: { deletes: ["root-use-alarm", "root-use-filter"] },
      },
    ],
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "audit" },
      effect: { updates: ["bucket", "group", "key", "role", "root-use-alarm", "trail"] },
    },
  },
};
