import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import type { AccessLogs } from "./access-logs.ts";
import type { ObjectLock } from "./object-lock.ts";

export interface ClosedBucketSpec {
  readonly bucketName?: string | undefined;
  readonly keyArn: pulumi.Input<string>;
  readonly protect: boolean;
  readonly lifecycle: readonly aws.types.input.s3.BucketLifecycleConfigurationRule[];
  /** Of the bucket's policy, besides those that every closed bucket has. */
  readonly statements: (bucketArn: pulumi.Output<string>) => readonly PolicyStatement[];
  readonly objectLock?: ObjectLock | undefined;
  readonly accessLogs?: AccessLogs | undefined;
  readonly adoptName?: string | undefined;
}

/** A bucket and its settings. */
export interface ClosedBucket {
  readonly bucket: aws.s3.Bucket;
  readonly publicAccessBlock: aws.s3.BucketPublicAccessBlock;
  readonly ownership: aws.s3.BucketOwnershipControls;
  readonly versioning: aws.s3.BucketVersioning;
  readonly encryption: aws.s3.BucketServerSideEncryptionConfiguration;
  readonly lifecycle: aws.s3.BucketLifecycleConfiguration;
  readonly policy: aws.s3.BucketPolicy;
  readonly objectLock?: aws.s3.BucketObjectLockConfiguration;
  readonly logging?: aws.s3.BucketLogging;
}

/** A bucket that is nobody's but the component's: never public, versioned, encrypted with one key, over TLS alone. */
export function createClosedBucket(context: ComponentContext, spec: ClosedBucketSpec): ClosedBucket {
  const bucket = new aws.s3.Bucket(
    context.child("bucket"),
    { ...(spec.bucketName !== undefined && { bucket: spec.bucketName }), tags: context.tags("bucket") },
    context.adopted(spec.adoptName, ["tags"], { protect: spec.protect }),
  );
  const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
    context.child("public-access-block"),
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    context.options(),
  );
  const ownership = new aws.s3.BucketOwnershipControls(
    context.child("ownership"),
    { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
    context.options(),
  );
  const versioning = new aws.s3.BucketVersioning(
    context.child("versioning"),
    { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
    context.options(),
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    context.child("encryption"),
    {
      bucket: bucket.id,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: spec.keyArn },
          // One request to KMS for many objects.
          bucketKeyEnabled: true,
        },
      ],
    },
    context.options(),
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    context.child("lifecycle"),
    { bucket: bucket.id, rules: [...spec.lifecycle] },
    // Rules for noncurrent versions are refused before versioning is on.
    context.options({ dependsOn: [versioning] }),
  );
  const policy = new aws.s3.BucketPolicy(
    context.child("bucket-policy"),
    { bucket: bucket.id, policy: policyDocument([...closed(bucket.arn), ...spec.statements(bucket.arn)]) },
    // S3 refuses two changes of a bucket's access at once.
    context.options({ dependsOn: [publicAccessBlock] }),
  );
  return {
    ...{ bucket, publicAccessBlock, ownership, versioning, encryption, lifecycle, policy },
    ...lock(context, spec, bucket, versioning),
    ...log(context, spec, bucket),
  };
}

/** AWS Foundational Security Best Practices S3.5, and TLS 1.2 at least. */
function closed(bucketArn: pulumi.Output<string>): readonly PolicyStatement[] {
  const deny = {
    effect: "Deny",
    actions: ["s3:*"],
    resources: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    principals: { AWS: "*" },
  } as const;
  return [
    { sid: "TlsOnly", ...deny, conditions: { Bool: { "aws:SecureTransport": "false" } } },
    { sid: "Tls12", ...deny, conditions: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}

// Not by `objectLockEnabled` of the bucket, whose change would replace it.
function lock(
  context: ComponentContext,
  { objectLock }: ClosedBucketSpec,
  bucket: aws.s3.Bucket,
  versioning: aws.s3.BucketVersioning,
): Pick<ClosedBucket, "objectLock"> {
  if (objectLock === undefined) return {};
  const { mode, days } = objectLock;
  return {
    objectLock: new aws.s3.BucketObjectLockConfiguration(
      context.child("object-lock"),
      { bucket: bucket.id, rule: { defaultRetention: { mode, days } } },
      context.options({ dependsOn: [versioning] }),
    ),
  };
}

function log(
  context: ComponentContext,
  { accessLogs }: ClosedBucketSpec,
  bucket: aws.s3.Bucket,
): Pick<ClosedBucket, "logging"> {
  if (accessLogs === undefined) return {};
  return {
    logging: new aws.s3.BucketLogging(
      context.child("access-logs"),
      {
        bucket: bucket.id,
        targetBucket: accessLogs.bucketName,
        targetPrefix: accessLogs.prefix ?? `${context.name}/`,
      },
      context.options(),
    ),
  };
}
