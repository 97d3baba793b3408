import { REQUIRED_TAGS } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import type { CanarySize } from "./canary-args.ts";
import { HEARTBEAT_SCRIPT } from "./heartbeat-script.ts";

/** Where a canary writes, in its bucket. */
export const RUNS = "runs";

/** The bucket of a canary, private and encrypted, with its results until they are old, and its code. */
export interface ResultsBucket {
  readonly bucket: aws.s3.Bucket;
  readonly code: aws.s3.BucketObjectv2;
}

export function createResultsBucket(context: ComponentContext, size: CanarySize): ResultsBucket {
  // S3 encrypts what nothing else is said about, since 2023: S3 user guide, "Protecting data with encryption".
  const bucket = new aws.s3.Bucket(
    context.child("results"),
    { forceDestroy: !size.protect, tags: context.tags("results") },
    context.options({ protect: size.protect }),
  );
  const part = { bucket: bucket.id };
  const closed = new aws.s3.BucketPublicAccessBlock(
    context.child("results-access"),
    {
      ...part,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    context.options(),
  );
  new aws.s3.BucketPolicy(
    context.child("results-policy"),
    { ...part, policy: onlyTls(bucket) },
    // S3 takes one change of who may read a bucket at a time.
    context.options({ dependsOn: [closed] }),
  );
  // The canary takes its code by version, and so sees a new one.
  const versioning = new aws.s3.BucketVersioning(
    context.child("results-versions"),
    { ...part, versioningConfiguration: { status: "Enabled" } },
    context.options(),
  );
  new aws.s3.BucketLifecycleConfiguration(
    context.child("results-expiry"),
    {
      ...part,
      rules: [
        {
          id: RUNS,
          status: "Enabled",
          filter: { prefix: `${RUNS}/` },
          expiration: { days: size.keepDays },
          noncurrentVersionExpiration: { noncurrentDays: 1 },
        },
      ],
    },
    context.options({ dependsOn: [versioning] }),
  );
  return { bucket, code: uploadCode(context, bucket, versioning) };
}

function onlyTls({ arn }: aws.s3.Bucket): pulumi.Output<string> {
  return policyDocument([
    {
      sid: "OnlyTls",
      effect: "Deny",
      actions: ["s3:*"],
      resources: [arn, pulumi.interpolate`${arn}/*`],
      principals: { AWS: "*" },
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

function uploadCode(
  context: ComponentContext,
  bucket: aws.s3.Bucket,
  versioning: aws.s3.BucketVersioning,
): aws.s3.BucketObjectv2 {
  const tags = context.tags("code");
  return new aws.s3.BucketObjectv2(
    context.child("code"),
    {
      bucket: bucket.id,
      key: "code/heartbeat.zip",
      // The folders are where the runtime looks for Node.js scripts.
      source: new pulumi.asset.AssetArchive({
        "nodejs/node_modules/heartbeat.js": new pulumi.asset.StringAsset(HEARTBEAT_SCRIPT),
      }),
      // S3 allows ten tags on an object, where everything else takes fifty.
      tags: Object.fromEntries(
        Object.entries(tags).filter(([key]) => key === "Name" || REQUIRED_TAGS.some((name) => name === key)),
      ),
    },
    context.options({ dependsOn: [versioning] }),
  );
}
