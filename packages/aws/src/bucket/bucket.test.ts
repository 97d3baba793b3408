import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { Bucket } from "./bucket.ts";
import type { BucketArgs } from "./bucket-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
const create = (args: Partial<BucketArgs>) =>
  record(
    (options) => new Bucket("uploads", { tags, ...args }, options),
    ({ type }) =>
      type === "aws:s3/bucket:Bucket" ? { arn: "arn:aws:s3:::uploads-1", bucket: "uploads-1" } : {},
  );
async function inputsOf(args: Partial<BucketArgs>): Promise<Record<string, Record<string, unknown>>> {
  const { resources } = await create(args);
  return Object.fromEntries(
    resources
      .filter(({ custom }) => custom)
      .map(({ name, inputs }) => [name.replace("uploads-", ""), inputs]),
  );
}
const policyOf = async (args: Partial<BucketArgs>) =>
  JSON.parse(String((await inputsOf(args))["policy"]?.["policy"])).Statement;

describe("Bucket", () => {
  test("is closed, versioned and encrypted when nothing is said", async () => {
    const { policy, ...inputs } = await inputsOf({});
    const bucket = "uploads-1";
    expect(policy?.["bucket"]).toBe(bucket);
    expect(inputs).toEqual({
      bucket: { forceDestroy: false, tags: { ...tags, Name: "uploads-bucket" } },
      "public-access-block": {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownership: { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      versioning: { bucket, versioningConfiguration: { status: "Enabled" } },
      encryption: {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      lifecycle: {
        bucket,
        rules: [
          {
            id: "housekeeping",
            status: "Enabled",
            filter: {},
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            noncurrentVersionExpiration: { noncurrentDays: 90 },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
    });
    const { children } = await create({});
    expect(children.filter(({ options }) => options.protect).map(({ name }) => name)).toEqual([
      "uploads-bucket",
    ]);
  });

  test("refuses plain HTTP and old TLS from anybody", async () => {
    const refused = {
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:*"],
      Resource: ["arn:aws:s3:::uploads-1", "arn:aws:s3:::uploads-1/*"],
    };
    expect(await policyOf({})).toEqual([
      { Sid: "RefusePlainHttp", ...refused, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "RefuseOldTls", ...refused, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ]);
  });

  test("takes access logs of this account only", async () => {
    expect((await policyOf({ receivesAccessLogs: true })).at(-1)).toEqual({
      Sid: "TakeAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: ["arn:aws:s3:::uploads-1/*"],
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
  });

  test("encrypts with a given key, locks versions, and tells where accesses are logged", async () => {
    const inputs = await inputsOf({
      kmsKeyArn,
      objectLock: { mode: "compliance", days: 30 },
      accessLogs: { bucket: { bucketName: "logs" } },
    });
    expect(inputs["encryption"]).toMatchObject({
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    expect(inputs["object-lock"]).toEqual({
      bucket: "uploads-1",
      objectLockEnabled: "Enabled",
      rule: { defaultRetention: { mode: "COMPLIANCE", days: 30 } },
    });
    expect(inputs["access-logs"]).toEqual({
      bucket: "uploads-1",
      targetBucket: "logs",
      targetPrefix: "uploads/",
    });
  });

  test("lets objects age as asked", async () => {
    const { lifecycle } = await inputsOf({
      preset: "dev",
      lifecycle: [
        {
          id: "old",
          prefix: "reports/",
          expireDays: 400,
          transitions: [
            { days: 30, storageClass: "standard-ia" },
            { days: 90, storageClass: "glacier-instant" },
          ],
        },
      ],
    });
    expect(lifecycle?.["rules"]).toMatchObject([
      { noncurrentVersionExpiration: { noncurrentDays: 7 } },
      {
        id: "old",
        status: "Enabled",
        filter: { prefix: "reports/" },
        expiration: { days: 400 },
        transitions: [
          { days: 30, storageClass: "STANDARD_IA" },
          { days: 90, storageClass: "GLACIER_IR" },
        ],
      },
    ]);
  });

  test("tags what was opened, with the reason", async () => {
    const { bucket, versioning } = await inputsOf({
      suspendVersioning: { reason: "scratch" },
      forceDestroy: { reason: "short-lived" },
    });
    expect(bucket).toMatchObject({
      forceDestroy: true,
      tags: { "Opening:suspended-versioning": "scratch", "Opening:force-destroy": "short-lived" },
    });
    expect(versioning).toMatchObject({ versioningConfiguration: { status: "Suspended" } });
  });

  test("gives out rights to a prefix, and to its key", async () => {
    const { component } = await create({ kmsKeyArn });
    const key = [kmsKeyArn];
    const objects = ["arn:aws:s3:::uploads-1/in/*"];
    const statements = async (given: Parameters<typeof policyDocument>[0]) =>
      JSON.parse(await resolved(policyDocument(given))).Statement;
    expect(await statements(component.readStatements("in/"))).toEqual([
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: ["arn:aws:s3:::uploads-1"],
        Condition: { StringLike: { "s3:prefix": "in/*" } },
      },
      { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: objects },
      { Effect: "Allow", Action: ["kms:Decrypt"], Resource: key },
    ]);
    expect(await statements(component.writeStatements("in/"))).toEqual([
      { Effect: "Allow", Action: ["s3:PutObject", "s3:AbortMultipartUpload"], Resource: objects },
      { Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: key },
    ]);
    expect(await statements(component.deleteStatements("in/"))).toEqual([
      { Effect: "Allow", Action: ["s3:DeleteObject"], Resource: objects },
    ]);
  });

  test("changes nothing of a bucket that is taken over", async () => {
    const { resources } = await create({ adopt: { bucketName: "shop-2019" } });
    expect(resources.filter(({ custom }) => custom)).toMatchObject([
      { name: "uploads-bucket", importId: "shop-2019", inputs: { bucket: "shop-2019" } },
    ]);
  });

  const oneRule = (rule: object) => ({ lifecycle: [{ id: "one", ...rule }] });
  test.each<[Partial<BucketArgs>, string]>([
    [{ bucketName: "Shop" }, 'bucketName is "Shop"'],
    [{ bucketName: "a..b" }, "single dots"],
    [{ bucketName: "one", adopt: { bucketName: "two" } }, "give the same"],
    [{ noncurrentDays: 0 }, "noncurrentDays is 0"],
    [oneRule({}), "does nothing"],
    [
      oneRule({ transitions: [{ days: 29, storageClass: "standard-ia" }] }),
      "days is 29; give a whole number from 30",
    ],
    [
      oneRule({
        transitions: [
          { days: 90, storageClass: "glacier" },
          { days: 60, storageClass: "standard-ia" },
        ],
      }),
      "not in the order",
    ],
    [
      oneRule({ expireDays: 90, transitions: [{ days: 90, storageClass: "glacier" }] }),
      "not after the transition",
    ],
    [{ lifecycle: [{ id: "housekeeping", expireDays: 1 }] }, "the id is taken"],
    [{ objectLock: { mode: "compliance", days: 1 }, suspendVersioning: { reason: "x" } }, "locks versions"],
    [{ receivesAccessLogs: true, kmsKeyArn }, "S3 would deliver nothing"],
    [{ statements: [{ sid: "Open", actions: ["s3:GetObject"] }] }, "the statement Open has no principals"],
    [{ forceDestroy: { reason: "" } }, "no reason for force-destroy"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
