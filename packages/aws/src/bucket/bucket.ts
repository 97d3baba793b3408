import { checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import { BUCKET_PRESETS, type BucketArgs, type BucketRef, type BucketSize } from "./bucket-args.ts";
import { checkBucketName } from "./bucket-name.ts";
import { type BucketSettings, createSettings } from "./bucket-settings.ts";
import { checkLifecycle } from "./lifecycle.ts";
import { checkObjectLock } from "./object-lock.ts";

/** The resources of a `Bucket`. */
export interface BucketNodes extends Partial<BucketSettings> {
  readonly bucket: aws.s3.Bucket;
}

/**
 * An S3 bucket that nobody outside the account can reach, encrypted, and whose overwritten and deleted objects can be
 * had back for a while.
 *
 * Creates, named `${name}-…`: `bucket`, `public-access-block`, `ownership`, `versioning`, `encryption`, `lifecycle`,
 * `policy`; when asked for, `access-logs` and `object-lock`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Bucket extends pulumi.ComponentResource implements BucketRef {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly bucketRegionalDomainName: pulumi.Output<string>;
  readonly nodes: BucketNodes;
  readonly #kmsKeyArn: pulumi.Input<string> | undefined;

  constructor(name: string, args: BucketArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:Bucket", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const bucketName = args.adopt?.bucketName ?? args.bucketName;
    const bucket = new aws.s3.Bucket(
      context.child("bucket"),
      {
        ...(bucketName !== undefined && { bucket: bucketName }),
        forceDestroy: args.forceDestroy !== undefined,
        tags: context.tags("bucket", openings(args)),
      },
      context.adopted(args.adopt?.bucketName, ["forceDestroy", "tags"], { protect: size.protect }),
    );
    this.nodes = { bucket, ...(args.adopt === undefined && createSettings(context, args, size, bucket)) };
    this.#kmsKeyArn = args.kmsKeyArn;
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.bucketRegionalDomainName = bucket.bucketRegionalDomainName;
    this.registerOutputs({ ...this.ref, bucketRegionalDomainName: this.bucketRegionalDomainName });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly bucketName: pulumi.Output<string>; readonly bucketArn: pulumi.Output<string> } {
    const { bucketName, bucketArn } = this;
    return { bucketName, bucketArn };
  }

  /** The rights of who lists and reads objects whose key begins with the prefix. */
  readStatements(prefix = ""): readonly PolicyStatement[] {
    return [
      {
        actions: ["s3:ListBucket"],
        resources: [this.bucketArn],
        ...(prefix !== "" && { conditions: { StringLike: { "s3:prefix": `${prefix}*` } } }),
      },
      { actions: ["s3:GetObject", "s3:GetObjectVersion"], resources: [this.#objects(prefix)] },
      ...this.#keyStatements("kms:Decrypt"),
    ];
  }

  /** The rights of who writes objects whose key begins with the prefix; they neither read nor delete. */
  writeStatements(prefix = ""): readonly PolicyStatement[] {
    return [
      { actions: ["s3:PutObject", "s3:AbortMultipartUpload"], resources: [this.#objects(prefix)] },
      // Uploads in parts need both: https://repost.aws/knowledge-center/s3-multipart-kms-decrypt
      ...this.#keyStatements("kms:GenerateDataKey", "kms:Decrypt"),
    ];
  }

  /** The rights of who deletes objects whose key begins with the prefix; their versions stay for `noncurrentDays`. */
  deleteStatements(prefix = ""): readonly PolicyStatement[] {
    return [{ actions: ["s3:DeleteObject"], resources: [this.#objects(prefix)] }];
  }

  /** How much it holds; S3 measures once a day. */
  widgets(): readonly DashboardWidget[] {
    const metric = (name: string, storageType: string) => ({
      namespace: "AWS/S3",
      metric: name,
      dimensions: { BucketName: this.bucketName, StorageType: storageType },
    });
    return [
      { title: "Bytes", metrics: [metric("BucketSizeBytes", "StandardStorage")], periodSeconds: 86_400 },
      { title: "Objects", metrics: [metric("NumberOfObjects", "AllStorageTypes")], periodSeconds: 86_400 },
    ];
  }

  #objects(prefix: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.bucketArn}/${prefix}*`;
  }

  #keyStatements(...actions: readonly string[]): readonly PolicyStatement[] {
    return this.#kmsKeyArn === undefined ? [] : [{ actions, resources: [this.#kmsKeyArn] }];
  }
}

function openings({ suspendVersioning, forceDestroy }: BucketArgs): Readonly<Record<string, string>> {
  return {
    ...openingTag("suspended-versioning", suspendVersioning),
    ...openingTag("force-destroy", forceDestroy),
  };
}

function validate(name: string, args: BucketArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(BUCKET_PRESETS, args.preset);
  const size: BucketSize = {
    noncurrentDays: args.noncurrentDays ?? row.noncurrentDays,
    protect: args.protect ?? row.protect,
  };
  openings(args);
  checkWhole("noncurrentDays", size.noncurrentDays, 1, 36_500);
  checkWhole("abortUploadDays", args.abortUploadDays, 1, 36_500);
  checkBucketName("bucketName", args.bucketName);
  checkBucketName("adopt.bucketName", args.adopt?.bucketName);
  if (args.adopt && args.bucketName !== undefined && args.bucketName !== args.adopt.bucketName)
    throw invalidArgument(
      `bucketName is "${args.bucketName}" and adopt.bucketName is "${args.adopt.bucketName}"; give the same`,
    );
  checkLifecycle(args.lifecycle ?? []);
  checkLock(args);
  for (const { sid = "without a sid", principals } of args.statements ?? [])
    if (principals === undefined)
      throw invalidArgument(`statements: the statement ${sid} has no principals; name who it is for`, {
        sid,
      });
  return { tags, size };
}

function checkLock({ objectLock, suspendVersioning, receivesAccessLogs, kmsKeyArn }: BucketArgs): void {
  // S3 user guide, "Enabling Amazon S3 server access logging": neither a default retention nor a KMS key.
  if (receivesAccessLogs && (kmsKeyArn !== undefined || objectLock !== undefined))
    throw invalidArgument(
      `receivesAccessLogs goes with neither kmsKeyArn nor objectLock: S3 would deliver nothing; leave them out`,
    );
  if (objectLock === undefined) return;
  checkObjectLock(objectLock);
  if (suspendVersioning !== undefined)
    throw invalidArgument("objectLock locks versions; leave suspendVersioning out");
}
