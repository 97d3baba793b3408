import { EventEmitter } from "node:events";
import { Script } from "node:vm";
import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { Canary } from "./canary.ts";
import type { CanaryArgs } from "./canary-args.ts";
import { HEARTBEAT_SCRIPT } from "./heartbeat-script.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const url = "https://shop.example.com/health";
const create = async (args: Partial<CanaryArgs>) => {
  const recording = await record(
    (options) => new Canary("shop", { url, tags, ...args }, options),
    ({ type }) =>
      type.endsWith(":Bucket")
        ? { arn: "arn:aws:s3:::results" }
        : type.endsWith(":BucketObjectv2")
          ? { versionId: "v1" }
          : {},
  );
  const inputs = (role: string) => recording.resources.find(({ name }) => name === `shop-${role}`)?.inputs;
  return { ...recording, inputs };
};

describe("Canary", () => {
  test("asks every five minutes, and rings when an answer is not good or there is none", async () => {
    const { inputs } = await create({});
    expect(inputs("canary")).toEqual({
      artifactS3Location: "s3://shop-results-id/runs",
      executionRoleArn: undefined,
      handler: "heartbeat.handler",
      runtimeVersion: "syn-nodejs-puppeteer-15.0",
      s3Bucket: "shop-results-id",
      s3Key: "code/heartbeat.zip",
      s3Version: "v1",
      schedule: { expression: "rate(5 minutes)" },
      runConfig: {
        timeoutInSeconds: 60,
        environmentVariables: { HEARTBEAT_URL: url, HEARTBEAT_TIMEOUT_SECONDS: "10" },
      },
      startCanary: true,
      deleteLambda: true,
      tags: { ...tags, Name: "shop-canary" },
    });
    expect(inputs("failing-alarm")).toMatchObject({
      metricName: "SuccessPercent",
      comparisonOperator: "LessThanThreshold",
      threshold: 100,
      period: 300,
      evaluationPeriods: 2,
      treatMissingData: "breaching",
    });
  });

  test("may write its results, logs and metrics, and nothing else", async () => {
    const { inputs } = await create({});
    expect(JSON.parse(String(inputs("role-policy")?.["policy"]))).toMatchObject({
      Statement: [
        { Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::results/runs/*"] },
        { Action: ["s3:GetBucketLocation"], Resource: ["arn:aws:s3:::results"] },
        { Action: ["s3:ListAllMyBuckets"], Resource: ["*"] },
        { Resource: ["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/cwsyn-*"] },
        { Condition: { StringEquals: { "cloudwatch:namespace": "CloudWatchSynthetics" } } },
      ],
    });
  });

  test("asks from a VPC when it is given one, and may then make its interfaces", async () => {
    const vpc = { privateSubnetIds: ["subnet-1", "subnet-2"] };
    const { inputs } = await create({ network: { vpc, securityGroups: [{ securityGroupId: "sg-1" }] } });
    expect(inputs("canary")?.["vpcConfig"]).toEqual({
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroupIds: ["sg-1"],
    });
    expect(String(inputs("role-policy")?.["policy"])).toContain("ec2:CreateNetworkInterface");
    const outside = await create({});
    expect(String(outside.inputs("role-policy")?.["policy"])).not.toContain("ec2:");
  });

  test("keeps its bucket to itself, and its results for 30 days", async () => {
    const { inputs, children } = await create({});
    expect(inputs("results")).toMatchObject({ forceDestroy: false });
    expect(children.find(({ name }) => name === "shop-results")?.options.protect).toBe(true);
    expect(inputs("results-access")).toMatchObject({ blockPublicPolicy: true, restrictPublicBuckets: true });
    expect(inputs("results-expiry")?.["rules"]).toMatchObject([
      { filter: { prefix: "runs/" }, expiration: { days: 30 } },
    ]);
  });

  test("leaves further tags off its object, which takes ten", async () => {
    const more = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`Tag${at}`, "x"]));
    const { inputs } = await create({ tags: { ...tags, ...more } });
    expect(inputs("code")?.["tags"]).toEqual({ ...tags, Name: "shop-code" });
  });

  test.each<[Partial<CanaryArgs>, string]>([
    [{ url: "shop.example.com" }, 'url is "shop.example.com"'],
    [{ url: "http://shop.example.com" }, "begins with https://"],
    [{ url: "https://ann:secret@shop.example.com" }, "a user or password for shop.example.com"],
    [{ timeoutSeconds: 46 }, "timeoutSeconds is 46"],
    [{ keepDays: 0 }, "keepDays is 0"],
    [{ runtimeVersion: "syn-1.0" }, 'runtimeVersion is "syn-1.0"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});

/** Runs the script with AWS's library replaced by one answer, or by none. */
async function beat(statusCode?: number, seconds = 10): Promise<readonly unknown[]> {
  const asked: unknown[] = [];
  const synthetics = {
    getCanaryUserAgentString: () => "canary",
    executeHttpStep: async (step: string, request: unknown, check: (response: unknown) => Promise<void>) => {
      asked.push(step, request);
      const response = Object.assign(new EventEmitter(), {
        statusCode,
        resume: () => statusCode !== undefined && setImmediate(() => response.emit("end")),
      });
      await check(response);
    },
  };
  const exports: { handler?: () => Promise<void> } = {};
  new Script(HEARTBEAT_SCRIPT).runInNewContext({
    ...{ URL, exports, setTimeout, clearTimeout },
    process: { env: { HEARTBEAT_URL: `${url}?deep=1`, HEARTBEAT_TIMEOUT_SECONDS: String(seconds) } },
    require: (name: string) => (name === "@aws/synthetics-puppeteer" ? synthetics : undefined),
  });
  await exports.handler?.();
  return asked;
}

describe("the heartbeat script", () => {
  test("asks for the address, and is content with a good answer", async () => {
    expect(await beat(204)).toEqual([
      "heartbeat",
      {
        hostname: "shop.example.com",
        method: "GET",
        path: "/health?deep=1",
        port: 443,
        protocol: "https:",
        headers: { "User-Agent": "canary" },
      },
    ]);
  });

  test.each([301, 404, 503])("fails when the answer is %i", async (status) => {
    await expect(beat(status)).rejects.toThrow(`answered ${status}`);
  });

  test("fails when there is no answer in time", async () => {
    await expect(beat(undefined, 0.05)).rejects.toThrow("no answer in 0.05 seconds");
  });
});
