import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Bucket } from "./bucket.ts";
import type { BucketArgs } from "./bucket-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
const logs = { bucketName: "shop-logs" };
const reason = "tried elsewhere";
const settings = [
  "encryption",
  "lifecycle",
  "ownership",
  "policy",
  "public-access-block",
  "versioning",
] as const;

/** The table of docs/bucket.md. */
export const argumentEffects: ArgumentEffects<BucketArgs> = {
  base: { preset: "dev", bucketName: "shop-uploads", tags },
  full: {
    preset: "prod",
    kmsKeyArn,
    accessLogs: { bucket: logs },
    objectLock: { mode: "governance", days: 30 },
    forceDestroy: { reason },
    tags,
  },
  create: (args, options) => new Bucket("unit", args, options),
  compute: ({ type, name }) => (type === "aws:s3/bucket:Bucket" ? { arn: `arn:aws:s3:::${name}` } : {}),
  untaggable: [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
  ],
  changes: {
    preset: { to: "staging", effect: { updates: ["lifecycle"] } },
    bucketName: [
      { to: "shop-files", effect: { replaces: ["bucket", ...settings].toSorted() } },
      { to: "Shop_Files", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    kmsKeyArn: { to: kmsKeyArn, effect: { updates: ["encryption"] } },
    suspendVersioning: { to: { reason }, effect: { updates: ["bucket", "versioning"] } },
    noncurrentDays: { to: 14, effect: { updates: ["lifecycle"] } },
    abortUploadDays: { to: 1, effect: { updates: ["lifecycle"] } },
    lifecycle: [
      { to: [{ id: "tidy-up", expireDays: 30 }], effect: { updates: ["lifecycle"] } },
      { to: [{ id: "nothing" }], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    accessLogs: { to: { bucket: logs }, effect: { creates: ["access-logs"] } },
    receivesAccessLogs: { to: true, effect: { updates: ["policy"] } },
    objectLock: { to: { mode: "compliance", days: 30 }, effect: { creates: ["object-lock"] } },
    statements: {
      to: [{ actions: ["s3:GetObject"], principals: { AWS: "*" }, resources: ["*"] }],
      effect: { updates: ["policy"] },
    },
    forceDestroy: { to: { reason }, effect: { updates: ["bucket"] } },
    protect: { to: true, effect: {} },
    adopt: { from: { bucketName: "shop-uploads" }, to: undefined, effect: { creates: [...settings] } },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["bucket"] } },
  },
};
