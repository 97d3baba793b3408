import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";

const PRINCIPALS = { Service: "cloudtrail.amazonaws.com" };

/** A trail, before it exists: its bucket and its key let it in by its name. */
export interface TrailPlace {
  readonly account: CallerAccount;
  readonly trailName: string;
  readonly organizationId?: string | undefined;
}

export function trailArn({ account, trailName }: TrailPlace): pulumi.Output<string> {
  const { partition, region, accountId } = account;
  return pulumi.interpolate`arn:${partition}:cloudtrail:${region}:${accountId}:trail/${trailName}`;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
export function trailBucketStatements(
  place: TrailPlace,
  bucketArn: pulumi.Output<string>,
): readonly PolicyStatement[] {
  const source = { "aws:SourceArn": trailArn(place) };
  const owners = [
    place.account.accountId,
    ...(place.organizationId === undefined ? [] : [place.organizationId]),
  ];
  return [
    {
      sid: "TrailLooks",
      actions: ["s3:GetBucketAcl"],
      resources: [bucketArn],
      principals: PRINCIPALS,
      conditions: { StringEquals: source },
    },
    {
      sid: "TrailWrites",
      actions: ["s3:PutObject"],
      resources: owners.map((owner) => pulumi.interpolate`${bucketArn}/AWSLogs/${owner}/*`),
      principals: PRINCIPALS,
      conditions: { StringEquals: { ...source, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
export function trailKeyStatements(place: TrailPlace): readonly PolicyStatement[] {
  const { partition, region, accountId } = place.account;
  const source = { "aws:SourceArn": trailArn(place) };
  const trails = pulumi.interpolate`arn:${partition}:cloudtrail:*:${accountId}:trail/*`;
  return [
    {
      sid: "TrailEncrypts",
      actions: ["kms:GenerateDataKey*"],
      resources: ["*"],
      principals: PRINCIPALS,
      conditions: {
        StringEquals: source,
        StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": trails },
      },
    },
    {
      sid: "TrailLooks",
      actions: ["kms:DescribeKey"],
      resources: ["*"],
      principals: PRINCIPALS,
      conditions: { StringEquals: source },
    },
    {
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
      sid: "LogsEncrypt",
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      resources: ["*"],
      principals: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
      conditions: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
        },
      },
    },
  ];
}
