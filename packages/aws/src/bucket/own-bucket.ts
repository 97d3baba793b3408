import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { type BucketSettings, createSettings, type SettingsArgs } from "./bucket-settings.ts";

export interface OwnBucketSpec extends Omit<SettingsArgs, "kmsKeyArn" | "statements"> {
  readonly bucketName?: string | undefined;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly protect: boolean;
  readonly noncurrentDays: number;
  /** Versions that are kept whatever their age. @default - none */
  readonly keptVersions?: number;
  /** More of the bucket's policy. */
  readonly statements: (bucketArn: pulumi.Output<string>) => readonly PolicyStatement[];
  readonly adoptName?: string | undefined;
}

/** A bucket of a component's own, with its settings. */
export interface OwnBucket extends BucketSettings {
  readonly bucket: aws.s3.Bucket;
}

/** A bucket as `Bucket` makes it, below another component and for its use alone. */
export function createOwnBucket(context: ComponentContext, spec: OwnBucketSpec): OwnBucket {
  const { bucketName, adoptName, protect, statements, noncurrentDays, keptVersions, ...args } = spec;
  const bucket = new aws.s3.Bucket(
    context.child("bucket"),
    { ...(bucketName !== undefined && { bucket: bucketName }), tags: context.tags("bucket") },
    context.adopted(adoptName, ["tags"], { protect }),
  );
  const size = { noncurrentDays, protect, ...(keptVersions !== undefined && { keptVersions }) };
  return {
    bucket,
    ...createSettings(context, { ...args, statements: statements(bucket.arn) }, size, bucket),
  };
}
