import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Canary } from "./canary.ts";
import type { CanaryArgs } from "./canary-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

/** The table of docs/canary.md. */
export const argumentEffects: ArgumentEffects<CanaryArgs> = {
  base: { url: "https://shop.example.com/", preset: "dev", tags },
  create: (args, options) => new Canary("unit", args, options),
  untaggable: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketVersioning:BucketVersioning",
  ],
  changes: {
    url: [
      { to: "https://shop.example.com/health", effect: { updates: ["canary", "failing-alarm"] } },
      { to: "http://shop.example.com/", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    network: [
      {
        to: { vpc: { privateSubnetIds: ["subnet-1"] }, securityGroups: [{ securityGroupId: "sg-1" }] },
        effect: { updates: ["canary", "role-policy"] },
      },
      {
        to: { vpc: { privateSubnetIds: ["subnet-1"] }, securityGroups: [] },
        effect: { refused: "INVALID_ARGUMENT" },
      },
    ],
    preset: {
      to: "prod",
      effect: { updates: ["canary", "failing-alarm", "results", "results-expiry"] },
    },
    intervalMinutes: { to: 5, effect: { updates: ["canary", "failing-alarm"] } },
    timeoutSeconds: { to: 30, effect: { updates: ["canary"] } },
    keepDays: { to: 90, effect: { updates: ["results-expiry"] } },
    runtimeVersion: { to: "syn-nodejs-puppeteer-13.1", effect: { updates: ["canary"] } },
    alarms: {
      to: { off: { failing: { reason: "not public yet" } } },
      effect: { deletes: ["failing-alarm"] },
    },
    protect: { to: true, effect: { updates: ["results"] } },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: { updates: ["canary", "code", "failing-alarm", "results", "role"] },
    },
  },
};
