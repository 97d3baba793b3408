import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { LifecycleRule } from "./lifecycle.ts";

export interface BucketSize {
  /** Days that a version is kept after a newer one, or a deletion, has taken its place. */
  readonly noncurrentDays: number;
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. */
export const BUCKET_PRESETS: PresetTable<BucketSize> = {
  dev: { noncurrentDays: 7, protect: false },
  staging: { noncurrentDays: 30, protect: false },
  prod: { noncurrentDays: 90, protect: true },
};

/** What other components need of a bucket. A `Bucket`, the outputs of another stack and a literal satisfy it. */
export interface BucketRef {
  readonly bucketName: pulumi.Input<string>;
  readonly bucketArn: pulumi.Input<string>;
}

export interface AccessLogsArgs {
  /** A bucket of this region and account with `receivesAccessLogs`. */
  readonly bucket: Pick<BucketRef, "bucketName">;
  /** @default - the component's name and a slash */
  readonly prefix?: string;
}

export interface ObjectLockArgs {
  /** `governance` can be lifted by who has the right to; `compliance` by nobody, not even the root user. */
  readonly mode: "governance" | "compliance";
  /** How long each new version can be neither deleted nor overwritten. @minimum 1 @maximum 36500 */
  readonly days: number;
}

/** A bucket that exists already. */
export interface BucketAdoption {
  readonly bucketName: string;
}

export interface BucketArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Unique in all of AWS. Changing it replaces the bucket, and loses what it holds. @default - generated */
  readonly bucketName?: string;
  /**
   * New objects are encrypted with it; what is there stays as it is.
   *
   * @format ARN of a KMS key
   * @default - encrypted with a key that S3 owns
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** An overwritten or deleted object is then gone at once. @default - every version is kept for `noncurrentDays` */
  readonly suspendVersioning?: Opening;
  /** @minimum 1 @maximum 36500 @default - of the preset: 7, 30 or 90 */
  readonly noncurrentDays?: number;
  /** Days after which parts of an upload that was never finished are deleted. @minimum 1 @maximum 36500 @default 7 */
  readonly abortUploadDays?: number;
  /** What becomes of objects as they age. @default [] */
  readonly lifecycle?: readonly LifecycleRule[];
  /** @default - no access logs */
  readonly accessLogs?: AccessLogsArgs;
  /** Lets buckets of this account deliver their access logs here. S3 cannot with a key of your own. @default false */
  readonly receivesAccessLogs?: boolean;
  /** Needs versioning. Once on, AWS never turns it off; what is locked stays so. @default - no lock */
  readonly objectLock?: ObjectLockArgs;
  /** More of the bucket's policy; each statement names its principals. @default [] */
  readonly statements?: readonly PolicyStatement[];
  /** Deleting the bucket then deletes what it holds. @default - a bucket that holds something cannot be deleted */
  readonly forceDestroy?: Opening;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /**
   * Takes over a bucket. While it is set nothing of it changes: its settings are made when it is taken out, and the
   * review then shows each.
   *
   * @default - it is created
   */
  readonly adopt?: BucketAdoption;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
