import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { StateBackend } from "./state-backend.ts";
import type { StateBackendArgs } from "./state-backend-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/k";
const create = (args: Partial<StateBackendArgs>) =>
  record(
    (options) => new StateBackend("state", { tags, ...args }, options),
    ({ type }) => {
      if (type.endsWith(":Key")) return { arn: keyArn, keyId: "k" };
      return type.endsWith(":Bucket") ? { bucket: "state-1", arn: "arn:aws:s3:::state-1" } : {};
    },
  );
const inputsOf = async (args: Partial<StateBackendArgs>, role: string) =>
  (await create(args)).resources.find(({ name }) => name === `state-${role}`)?.inputs ?? {};

describe("StateBackend", () => {
  test("says where the state is, in the words of Pulumi and of an environment", async () => {
    const { component } = await create({});
    expect(await resolved(component.backendUrl)).toBe("s3://state-1?region=eu-central-1&awssdk=v2");
    expect(await resolved(component.secretsProvider)).toBe("awskms://k?region=eu-central-1&awssdk=v2");
    expect(await resolved(component.ref)).toEqual({
      bucketName: "state-1",
      region: "eu-central-1",
      keyId: "k",
    });
  });

  test("protects bucket and key, unless told otherwise", async () => {
    const protectedOf = async (args: Partial<StateBackendArgs>) =>
      (await create(args)).children.filter(({ options }) => options.protect).map(({ name }) => name);
    expect(await protectedOf({})).toEqual(["state-bucket", "state-key"]);
    expect(await protectedOf({ protect: false })).toEqual([]);
  });

  test("is closed, versioned, and encrypted with its key", async () => {
    const { resources } = await create({});
    const inputs = new Map(resources.map(({ name, inputs }) => [name, inputs]));
    expect(inputs.get("state-public-access-block")).toEqual({
      bucket: "state-1",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputs.get("state-versioning")).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
    expect(inputs.get("state-encryption")).toMatchObject({
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    expect(inputs.get("state-key")).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  test("denies plain HTTP, old TLS and other keys, and allows nobody", async () => {
    const { policy } = await inputsOf({}, "policy");
    const { Statement } = JSON.parse(String(policy));
    expect(Statement.map(({ Sid, Effect }: { Sid: string; Effect: string }) => [Sid, Effect])).toEqual([
      ["RefusePlainHttp", "Deny"],
      ["RefuseOldTls", "Deny"],
      ["NoOtherKey", "Deny"],
    ]);
    expect(Statement[2].Condition).toEqual({
      Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArn },
    });
  });

  test("keeps older versions for a time, and the newest ten for good", async () => {
    expect(await inputsOf({ noncurrentDays: 30 }, "lifecycle")).toMatchObject({
      rules: [
        {
          status: "Enabled",
          noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 10 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
  });

  test("gives who deploys no way to a version of a state, and who reads none to write", async () => {
    const { component } = await create({});
    const actions = (text: string): readonly string[] =>
      JSON.parse(text).Statement.flatMap(({ Action }: { Action: readonly string[] }) => Action);
    expect(actions(await resolved(policyDocument(component.deployStatements())))).toEqual([
      "s3:ListBucket",
      "s3:GetObject",
      "s3:PutObject",
      "s3:DeleteObject",
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:GenerateDataKey",
    ]);
    expect(actions(await resolved(policyDocument(component.readStatements())))).toEqual([
      "s3:ListBucket",
      "s3:GetObject",
      "kms:Decrypt",
    ]);
  });

  test("takes over a bucket and a key", async () => {
    const adopt = { bucketName: "old-state", keyId: "1234abcd-12ab-34cd-56ef-1234567890ab" };
    const { resources } = await create({ bucketName: "old-state", adopt });
    expect(resources.flatMap(({ name, importId }) => (importId ? [[name, importId]] : []))).toEqual([
      ["state-bucket", "old-state"],
      ["state-key", adopt.keyId],
    ]);
  });

  test.each<[Partial<StateBackendArgs>, string]>([
    [{ bucketName: "State" }, 'bucketName is "State"'],
    [{ adopt: { bucketName: "other" } }, "give it as bucketName too"],
    [{ bucketName: "one", adopt: { bucketName: "other" } }, 'adopt.bucketName is "other"'],
    [{ noncurrentDays: 0.5 }, "noncurrentDays is 0.5"],
    [{ objectLock: { mode: "governance", days: 0 } }, "objectLock.days is 0"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
