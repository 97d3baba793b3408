import * as pulumi from "@pulumi/pulumi";
import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import type { FunctionCode } from "./function-code.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { LambdaFunctionArgs } from "./lambda-function-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const code: FunctionCode = {
  kind: "archive",
  archive: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("1") }),
  handler: "index.handler",
  runtime: "nodejs24.x",
};
const image: FunctionCode = { kind: "image", imageUri: `registry/orders@sha256:${"0a".repeat(32)}` };
const network = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-1"],
  isolatedSubnetIds: ["subnet-2"],
};
const invokers = {
  nightly: {
    service: "events.amazonaws.com",
    sourceArn: "arn:aws:events:eu-central-1:123456789012:rule/nightly",
  },
};
const everything = [
  "dead-letters",
  "dead-letters-alarm",
  "duration-alarm",
  "errors-alarm",
  "function",
  "logs",
  "role",
  "throttles-alarm",
] as const;

/** The table of docs/lambda-function.md. */
export const argumentEffects: ArgumentEffects<LambdaFunctionArgs> = {
  base: { preset: "dev", code, functionName: "orders", tags },
  full: { preset: "prod", code: image, vpc: { network }, iamUrl: true, invokers, tags },
  create: (args, options) => new LambdaFunction("unit", args, options),
  compute: ({ type, name }) => ({
    arn: `arn:aws:test:eu-central-1:123456789012:${name}`,
    ...(type === "aws:lambda/function:Function" && { version: "7" }),
    ...(type === "aws:lambda/functionUrl:FunctionUrl" && { functionUrl: `https://${name}` }),
    ...(type === "aws:lambda/alias:Alias" && { invokeArn: `arn:aws:test:eu-central-1:123456789012:${name}` }),
    ...(type === "aws:sqs/queue:Queue" && { url: `https://${name}` }),
  }),
  untaggable: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:lambda/alias:Alias",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "aws:lambda/functionUrl:FunctionUrl",
    "aws:lambda/permission:Permission",
  ],
  changes: {
    preset: { to: "staging", effect: { updates: ["function", "logs"] } },
    code: [
      { to: { ...code, handler: "main.handler" }, effect: { updates: ["function"] } },
      { to: image, effect: { replaces: ["function"] } },
      { to: { kind: "image", imageUri: "orders:latest" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    functionName: {
      to: "billing",
      effect: {
        updates: ["duration-alarm", "errors-alarm", "throttles-alarm"],
        replaces: ["alias", "events", "function"],
      },
    },
    description: { to: "Takes orders", effect: { updates: ["function"] } },
    architecture: { to: "x86_64", effect: { updates: ["function"] } },
    memoryMiB: { to: 2048, effect: { updates: ["function"] } },
    timeoutSeconds: { to: 60, effect: { updates: ["duration-alarm", "function"] } },
    temporaryStorageMiB: { to: 1024, effect: { updates: ["function"] } },
    environment: { to: { LEVEL: "debug" }, effect: { updates: ["function"] } },
    statements: {
      to: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::photos/*"] }],
      effect: { updates: ["policy"] },
    },
    vpc: { to: { network }, effect: { creates: ["security-group"], updates: ["function", "policy"] } },
    reservedConcurrency: [
      { to: 10, effect: { updates: ["function"] } },
      { to: -1, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    retries: { to: 0, effect: { updates: ["events"] } },
    maximumEventAgeSeconds: { to: 600, effect: { updates: ["events"] } },
    deadLetterDays: { to: 4, effect: { updates: ["dead-letters"] } },
    tracing: { to: false, effect: { updates: ["function", "policy"] } },
    logRetentionDays: { to: 7, effect: { updates: ["logs"] } },
    kmsKeyArn: {
      to: "arn:aws:kms:eu-central-1:123456789012:key/1",
      effect: { updates: ["dead-letters", "function", "logs", "policy"] },
    },
    aliasName: { to: "blue", effect: { replaces: ["alias", "events"] } },
    version: { to: "6", effect: { updates: ["alias"] } },
    traffic: [
      { to: { version: "6", weight: 0.9 }, effect: { updates: ["alias"] } },
      { to: { version: "6", weight: 90 }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    invokers: { to: invokers, effect: { creates: ["invoke-nightly"] } },
    iamUrl: { to: true, effect: { creates: ["url"] } },
    alarms: [
      { to: { thresholds: { errors: 9 } }, effect: { updates: ["errors-alarm"] } },
      { to: { off: { duration: { reason: "waits for people" } } }, effect: { deletes: ["duration-alarm"] } },
    ],
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: [...everything] } },
  },
};
