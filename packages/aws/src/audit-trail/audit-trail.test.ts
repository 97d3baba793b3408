import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { AUDIT_EVENTS } from "./audit-events.ts";
import { AuditTrail } from "./audit-trail.ts";
import type { AuditTrailArgs } from "./audit-trail-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const trailArn = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-trail";
const create = (args: Partial<AuditTrailArgs> = {}) =>
  record(
    (options) => new AuditTrail("audit", { tags, ...args }, options),
    ({ type, name }) => ({
      arn: type.endsWith(":Bucket") ? "arn:aws:s3:::audit-1" : `arn:of:${name}`,
      ...(type.endsWith(":Bucket") && { bucket: "audit-1" }),
      ...(type.endsWith(":LogGroup") && { name: "audit-group" }),
    }),
  );
const inputsOf = async (role: string, args: Partial<AuditTrailArgs> = {}) =>
  (await create(args)).resources.find(({ name }) => name === `audit-${role}`)?.inputs ?? {};

describe("AuditTrail", () => {
  test("records all regions, validated, encrypted, and in a log group", async () => {
    expect(await inputsOf("trail")).toEqual({
      name: "audit-trail",
      s3BucketName: "audit-1",
      kmsKeyId: "arn:of:audit-key",
      cloudWatchLogsGroupArn: "arn:of:audit-group:*",
      cloudWatchLogsRoleArn: "arn:of:audit-role",
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      insightSelectors: [{ insightType: "ApiCallRateInsight" }, { insightType: "ApiErrorRateInsight" }],
      tags: { ...tags, Name: "audit-trail" },
    });
  });

  test("lets this trail write, and no other", async () => {
    const { Statement } = JSON.parse(String((await inputsOf("policy"))["policy"]));
    expect(Statement.slice(2)).toEqual([
      {
        Sid: "TrailLooks",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: ["s3:GetBucketAcl"],
        Resource: ["arn:aws:s3:::audit-1"],
        Condition: { StringEquals: { "aws:SourceArn": trailArn } },
      },
      {
        Sid: "TrailWrites",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: ["arn:aws:s3:::audit-1/AWSLogs/123456789012/*"],
        Condition: {
          StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
        },
      },
    ]);
    const trust = JSON.parse(String((await inputsOf("role"))["assumeRolePolicy"]));
    expect(trust.Statement[0].Condition).toEqual({ StringEquals: { "aws:SourceArn": trailArn } });
  });

  test("lets the trail and the logs of its region use the key, for what is theirs", async () => {
    const { Statement } = JSON.parse(String((await inputsOf("key"))["policy"]));
    expect(Statement.map(({ Sid }: { readonly Sid: string }) => Sid)).toEqual([
      "AccountPolicies",
      "TrailEncrypts",
      "TrailLooks",
      "LogsEncrypt",
    ]);
    expect(Statement[1].Condition).toEqual({
      StringEquals: { "aws:SourceArn": trailArn },
      StringLike: {
        "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:123456789012:trail/*",
      },
    });
    expect(Statement[3].Principal).toEqual({ Service: "logs.eu-central-1.amazonaws.com" });
  });

  test("keeps and protects by preset", async () => {
    const kept = async (preset: "dev" | "prod") => {
      const { children, resources } = await create({ preset });
      const inputs = new Map(resources.map(({ name, inputs }) => [name, inputs]));
      return {
        logs: inputs.get("audit-group")?.["retentionInDays"],
        files: inputs.get("audit-lifecycle")?.["rules"],
        protected: children.filter(({ options }) => options.protect).map(({ name }) => name),
      };
    };
    expect(await kept("dev")).toMatchObject({
      logs: 30,
      files: [{ noncurrentVersionExpiration: { noncurrentDays: 90 } }, { expiration: { days: 90 } }],
      protected: [],
    });
    expect(await kept("prod")).toMatchObject({
      logs: 365,
      files: [{ noncurrentVersionExpiration: { noncurrentDays: 2557 } }, { expiration: { days: 2557 } }],
      protected: ["audit-bucket", "audit-group", "audit-key"],
    });
  });

  test("has a filter and an alarm for each event of CIS section 4, of patterns that CloudWatch takes", async () => {
    const { resources } = await create();
    const filters = resources.filter(({ type }) => type.endsWith(":LogMetricFilter"));
    expect(filters.map(({ name }) => name)).toEqual(
      AUDIT_EVENTS.map(({ id }) => `audit-${id}-filter`).toSorted(),
    );
    expect(AUDIT_EVENTS.map(({ control }) => control)).toEqual(
      Array.from({ length: 15 }, (_, at) => `4.${at + 1}`),
    );
    for (const { pattern } of AUDIT_EVENTS) {
      // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
      expect(pattern.length).toBeLessThanOrEqual(1024);
      expect(pattern.startsWith("{ ") && pattern.endsWith(" }")).toBe(true);
      expect(pattern.split("(").length).toBe(pattern.split(")").length);
    }
  });

  test("tells the topic of each use of the root user", async () => {
    const topic = { topicArn: "arn:aws:sns:eu-central-1:1:on-call" };
    const { resources } = await create({ alarms: { topic } });
    const of = (name: string) => resources.find((resource) => resource.name === name)?.inputs;
    expect(of("audit-root-use-filter")).toMatchObject({
      logGroupName: "audit-group",
      metricTransformation: { namespace: "Groundplane/Audit", name: "audit-root-use", value: "1" },
    });
    expect(of("audit-root-use-alarm")).toMatchObject({
      namespace: "Groundplane/Audit",
      metricName: "audit-root-use",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      alarmActions: [topic.topicArn],
    });
  });

  test("records objects of buckets besides management events", async () => {
    const { advancedEventSelectors } = await inputsOf("trail", {
      dataEventBucketArns: ["arn:aws:s3:::shop-invoices"],
    });
    expect(advancedEventSelectors).toEqual([
      { name: "Management events", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
      {
        name: "Objects of buckets",
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
          { field: "resources.ARN", startsWiths: ["arn:aws:s3:::shop-invoices/"] },
        ],
      },
    ]);
  });

  test("records an organisation, whose accounts write under its id", async () => {
    const { policy } = await inputsOf("policy", { organizationId: "o-abcde12345" });
    expect(JSON.parse(String(policy)).Statement[3].Resource).toEqual([
      "arn:aws:s3:::audit-1/AWSLogs/123456789012/*",
      "arn:aws:s3:::audit-1/AWSLogs/o-abcde12345/*",
    ]);
  });

  test.each<[Partial<AuditTrailArgs>, string]>([
    [{ retentionDays: 7 }, "retentionDays is 7"],
    [{ preset: "dev", archiveAfterDays: 90 }, "archiveAfterDays is 90"],
    [{ preset: "dev", objectLock: { mode: "compliance", days: 365 } }, "keep files at least as long"],
    [{ dataEventBucketArns: ["arn:aws:s3:::a-bucket/*"] }, "without a path"],
    [{ organizationId: "123" }, 'organizationId is "123"'],
    [{ alarms: { off: { "root-use": { reason: "" } } } }, "no reason for no-root-use-alarm"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
