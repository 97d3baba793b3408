import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import type { FunctionCode } from "./function-code.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { LambdaFunctionArgs } from "./lambda-function-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const archive = new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("1") });
const code: FunctionCode = { kind: "archive", archive, handler: "index.handler", runtime: "nodejs24.x" };
const digest = `orders@sha256:${"0a".repeat(32)}`;
const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
const network = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: ["subnet-0"],
  privateSubnetIds: ["subnet-1"],
  isolatedSubnetIds: ["subnet-2"],
};
const create = (args: Partial<LambdaFunctionArgs>) =>
  record(
    (options) => new LambdaFunction("orders", { code, tags, ...args }, options),
    ({ type, name }) => ({
      arn: `arn-of-${name}`,
      name: `name-of-${name}`,
      ...(type === "aws:lambda/function:Function" && { version: "7" }),
    }),
  );
async function inputsOf(args: Partial<LambdaFunctionArgs>): Promise<Record<string, Record<string, unknown>>> {
  const { resources } = await create(args);
  return Object.fromEntries(
    resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name.replace("orders-", ""), inputs]),
  );
}
const statementsOf = async (args: Partial<LambdaFunctionArgs>) =>
  JSON.parse(String((await inputsOf(args))["policy"]?.["policy"])).Statement;

describe("LambdaFunction", () => {
  test("has everything around it when nothing is said", async () => {
    const inputs = await inputsOf({});
    expect(Object.keys(inputs).toSorted()).toEqual([
      "alias",
      "dead-letters",
      "dead-letters-alarm",
      "duration-alarm",
      "errors-alarm",
      "events",
      "function",
      "logs",
      "policy",
      "role",
      "throttles-alarm",
    ]);
    const { code: given, ...lambda } = inputs["function"] ?? {};
    expect(given).toBeDefined();
    expect(lambda).toEqual({
      packageType: "Zip",
      handler: "index.handler",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      memorySize: 1024,
      timeout: 30,
      ephemeralStorage: { size: 512 },
      role: "arn-of-orders-role",
      publish: true,
      loggingConfig: { logFormat: "JSON", logGroup: "name-of-orders-logs" },
      tracingConfig: { mode: "Active" },
      reservedConcurrentExecutions: -1,
      tags: { ...tags, Name: "orders-function" },
    });
    expect(inputs["logs"]).toMatchObject({ retentionInDays: 365 });
    expect(inputs["alias"]).toEqual({
      name: "live",
      functionName: "name-of-orders-function",
      functionVersion: "7",
    });
    expect(inputs["events"]).toEqual({
      functionName: "name-of-orders-function",
      qualifier: "name-of-orders-alias",
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 21_600,
      destinationConfig: { onFailure: { destination: "arn-of-orders-dead-letters" } },
    });
    expect(inputs["dead-letters"]).toMatchObject({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    });
  });

  test("may do what it is given, and write its logs, traces and dead letters", async () => {
    expect(
      await statementsOf({ statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] }] }),
    ).toEqual([
      {
        Sid: "Logs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["arn-of-orders-logs:*"],
      },
      {
        Sid: "DeadLetters",
        Effect: "Allow",
        Action: ["sqs:SendMessage"],
        Resource: ["arn-of-orders-dead-letters"],
      },
      {
        Sid: "Traces",
        Effect: "Allow",
        Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        Resource: ["*"],
      },
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::a/*"] },
    ]);
    expect((await statementsOf({ tracing: false })).map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      "Logs",
      "DeadLetters",
    ]);
  });

  test("runs in private subnets behind a group that lets nothing in", async () => {
    const inputs = await inputsOf({ vpc: { network } });
    expect(inputs["function"]).toMatchObject({
      vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["orders-security-group-id"] },
    });
    const everyPort = { protocol: "-1", fromPort: 0, toPort: 0 };
    expect(inputs["security-group"]).toMatchObject({
      vpcId: "vpc-1",
      ingress: [],
      egress: [{ ...everyPort, cidrBlocks: ["10.0.0.0/16"] }],
    });
    const open = await inputsOf({ vpc: { network, reachAnywhere: { reason: "payment provider" } } });
    expect(open["security-group"]).toMatchObject({
      egress: [{ ...everyPort, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }],
      tags: { "Opening:anywhere": "payment provider" },
    });
    const given = await inputsOf({ vpc: { network, tier: "isolated", securityGroupIds: ["sg-1"] } });
    expect(given["function"]).toMatchObject({
      vpcConfig: { subnetIds: ["subnet-2"], securityGroupIds: ["sg-1"] },
    });
    expect(given["security-group"]).toBeUndefined();
  });

  test("encrypts variables, logs and dead letters with a given key", async () => {
    const inputs = await inputsOf({ kmsKeyArn });
    expect(inputs["function"]).toMatchObject({ kmsKeyArn });
    expect(inputs["logs"]).toMatchObject({ kmsKeyId: kmsKeyArn });
    expect(inputs["dead-letters"]).toMatchObject({ kmsMasterKeyId: kmsKeyArn });
    expect(inputs["dead-letters"]).not.toHaveProperty("sqsManagedSseEnabled");
    expect(await statementsOf({ kmsKeyArn })).toContainEqual({
      Sid: "Key",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [kmsKeyArn],
    });
  });

  test("is given its variables", async () => {
    const inputs = await inputsOf({ environment: { LEVEL: "debug" } });
    expect(inputs["function"]).toMatchObject({ environment: { variables: { LEVEL: "debug" } } });
  });

  test("runs an image by its digest", async () => {
    const inputs = await inputsOf({ code: { kind: "image", imageUri: digest } });
    expect(inputs["function"]).toMatchObject({ packageType: "Image", imageUri: digest });
    expect(inputs["function"]).not.toHaveProperty("handler");
  });

  test("shifts a part of what comes in, and goes back to a version", async () => {
    const inputs = await inputsOf({ version: "8", traffic: { version: "6", weight: 0.25 } });
    expect(inputs["alias"]).toMatchObject({
      functionVersion: "8",
      routingConfig: { additionalVersionWeights: { "6": 0.25 } },
    });
  });

  test("is invoked by what is named, through its alias, and by buckets of this account only", async () => {
    const inputs = await inputsOf({
      invokers: {
        nightly: { service: "events.amazonaws.com", sourceArn: "arn:rule" },
        photos: { service: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::photos" },
      },
    });
    const common = {
      action: "lambda:InvokeFunction",
      function: "name-of-orders-function",
      qualifier: "name-of-orders-alias",
    };
    expect(inputs["invoke-nightly"]).toEqual({
      ...common,
      principal: "events.amazonaws.com",
      sourceArn: "arn:rule",
    });
    expect(inputs["invoke-photos"]).toEqual({
      ...common,
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::photos",
      sourceAccount: "123456789012",
    });
  });

  test("has a URL only when asked for, and only for signed requests", async () => {
    const inputs = await inputsOf({ iamUrl: true });
    expect(inputs["url"]).toEqual({
      functionName: "name-of-orders-function",
      qualifier: "name-of-orders-alias",
      authorizationType: "AWS_IAM",
    });
  });

  test("wakes somebody for errors, throttles, slowness and dead letters", async () => {
    const inputs = await inputsOf({ timeoutSeconds: 10 });
    expect(inputs["errors-alarm"]).toMatchObject({ metricName: "Errors", threshold: 5, statistic: "Sum" });
    expect(inputs["throttles-alarm"]).toMatchObject({ metricName: "Throttles", threshold: 0 });
    expect(inputs["duration-alarm"]).toMatchObject({
      metricName: "Duration",
      extendedStatistic: "p99",
      threshold: 8000,
    });
    expect(inputs["dead-letters-alarm"]).toMatchObject({
      namespace: "AWS/SQS",
      dimensions: { QueueName: "name-of-orders-dead-letters" },
    });
  });

  test("gives out the right to invoke its alias alone", async () => {
    const { component } = await create({});
    const given = [...component.invokeStatements(), ...component.urlStatements()];
    expect(JSON.parse(await resolved(policyDocument(given))).Statement).toEqual([
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: ["arn-of-orders-alias"] },
      { Effect: "Allow", Action: ["lambda:InvokeFunctionUrl"], Resource: ["arn-of-orders-alias"] },
      {
        Effect: "Allow",
        Action: ["lambda:InvokeFunction"],
        Resource: ["arn-of-orders-alias"],
        Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
      },
    ]);
  });

  test.each<[Partial<LambdaFunctionArgs>, string]>([
    [{ memoryMiB: 64 }, "memoryMiB is 64"],
    [{ timeoutSeconds: 901 }, "timeoutSeconds is 901"],
    [{ retries: 3 }, "retries is 3"],
    [{ deadLetterDays: 15 }, "deadLetterDays is 15"],
    [{ functionName: "a b" }, 'functionName is "a b"'],
    [{ aliasName: "7" }, 'aliasName is "7"'],
    [{ environment: { "A-B": "1" } }, 'environment has "A-B"'],
    [{ code: { kind: "image", imageUri: "orders:1" } }, "name its digest"],
    [{ code: { ...code, runtime: "Node 24" } }, 'code.runtime is "Node 24"'],
    [{ version: "latest" }, 'version is "latest"'],
    [{ version: "6", traffic: { version: "6", weight: 0.5 } }, 'both "6"'],
    [{ traffic: { version: "6", weight: Number.NaN } }, "traffic.weight is NaN"],
    [{ vpc: { network, reachAnywhere: { reason: "" } } }, "no reason for anywhere"],
    [
      { vpc: { network, reachAnywhere: { reason: "x" }, securityGroupIds: ["sg-1"] } },
      "leave it out where securityGroupIds are given",
    ],
    [{ vpc: { network, securityGroupIds: [] } }, "vpc.securityGroupIds is empty"],
    [
      { invokers: { Nightly: { service: "events.amazonaws.com", sourceArn: "arn" } } },
      'invokers has "Nightly"',
    ],
    [{ invokers: { nightly: { service: "*", sourceArn: "arn" } } }, 'invokers.nightly.service is "*"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
