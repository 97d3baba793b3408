import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import type { BucketArgs, BucketSize } from "./bucket-args.ts";
import { bucketStatements } from "./bucket-policy.ts";
import { lifecycleRules } from "./lifecycle.ts";

/** The settings of a bucket; each is a resource of its own. */
export interface BucketSettings {
  readonly publicAccessBlock: aws.s3.BucketPublicAccessBlock;
  readonly ownership: aws.s3.BucketOwnershipControls;
  readonly versioning: aws.s3.BucketVersioning;
  readonly encryption: aws.s3.BucketServerSideEncryptionConfiguration;
  readonly lifecycle: aws.s3.BucketLifecycleConfiguration;
  readonly policy: aws.s3.BucketPolicy;
  readonly accessLogs?: aws.s3.BucketLogging;
  readonly objectLock?: aws.s3.BucketObjectLockConfiguration;
}

/** The arguments of a `Bucket` that its settings stand on. */
export type SettingsArgs = Pick<
  BucketArgs,
  | "kmsKeyArn"
  | "suspendVersioning"
  | "abortUploadDays"
  | "lifecycle"
  | "accessLogs"
  | "receivesAccessLogs"
  | "objectLock"
  | "statements"
>;

export function createSettings(
  context: ComponentContext,
  args: SettingsArgs,
  size: BucketSize & { readonly keptVersions?: number },
  target: aws.s3.Bucket,
): BucketSettings {
  const bucket = target.bucket;
  const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
    context.child("public-access-block"),
    {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    context.options(),
  );
  const ownership = new aws.s3.BucketOwnershipControls(
    context.child("ownership"),
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    context.options(),
  );
  const versioning = new aws.s3.BucketVersioning(
    context.child("versioning"),
    {
      bucket,
      versioningConfiguration: { status: args.suspendVersioning === undefined ? "Enabled" : "Suspended" },
    },
    context.options(),
  );
  // Rules on versions, and a lock, are refused before versioning is there.
  const versioned = context.options({ dependsOn: [versioning] });
  return {
    publicAccessBlock,
    ownership,
    versioning,
    encryption: encrypt(context, bucket, args.kmsKeyArn),
    lifecycle: new aws.s3.BucketLifecycleConfiguration(
      context.child("lifecycle"),
      {
        bucket,
        rules: lifecycleRules(args.lifecycle ?? [], {
          noncurrent: size.noncurrentDays,
          abortUpload: args.abortUploadDays ?? 7,
          ...(size.keptVersions !== undefined && { keptVersions: size.keptVersions }),
        }),
      },
      versioned,
    ),
    policy: new aws.s3.BucketPolicy(
      context.child("policy"),
      {
        bucket,
        policy: policyDocument(
          bucketStatements(
            target.arn,
            args.receivesAccessLogs ? callerAccount(context) : undefined,
            args.statements ?? [],
          ),
        ),
      },
      // S3 answers two changes of a bucket's access at the same time with a conflict.
      context.options({ dependsOn: [publicAccessBlock] }),
    ),
    ...(args.accessLogs !== undefined && {
      accessLogs: new aws.s3.BucketLogging(
        context.child("access-logs"),
        {
          bucket,
          targetBucket: args.accessLogs.bucket.bucketName,
          targetPrefix: args.accessLogs.prefix ?? `${context.name}/`,
        },
        context.options(),
      ),
    }),
    ...(args.objectLock !== undefined && {
      objectLock: new aws.s3.BucketObjectLockConfiguration(
        context.child("object-lock"),
        {
          bucket,
          objectLockEnabled: "Enabled",
          rule: {
            defaultRetention: { mode: args.objectLock.mode.toUpperCase(), days: args.objectLock.days },
          },
        },
        versioned,
      ),
    }),
  };
}

function encrypt(
  context: ComponentContext,
  bucket: pulumi.Input<string>,
  kmsKeyArn: pulumi.Input<string> | undefined,
): aws.s3.BucketServerSideEncryptionConfiguration {
  const rule =
    kmsKeyArn === undefined
      ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
      : {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
          // One request to KMS for many objects: 99% less, says the S3 user guide.
          bucketKeyEnabled: true,
        };
  return new aws.s3.BucketServerSideEncryptionConfiguration(
    context.child("encryption"),
    { bucket, rules: [rule] },
    context.options(),
  );
}
