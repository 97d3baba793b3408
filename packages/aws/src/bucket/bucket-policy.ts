import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";

/** What S3 refuses from anybody, and what it takes from its own logs. */
export function bucketStatements(
  bucketArn: pulumi.Input<string>,
  account: CallerAccount | undefined,
  more: readonly PolicyStatement[],
): readonly PolicyStatement[] {
  const everything = [bucketArn, pulumi.interpolate`${bucketArn}/*`];
  const refuse = (sid: string, conditions: NonNullable<PolicyStatement["conditions"]>): PolicyStatement => ({
    sid,
    effect: "Deny",
    actions: ["s3:*"],
    principals: { AWS: "*" },
    resources: everything,
    conditions,
  });
  return [
    // AWS FSBP S3.5; CIS AWS Foundations v3.0.0 2.1.1.
    refuse("RefusePlainHttp", { Bool: { "aws:SecureTransport": "false" } }),
    refuse("RefuseOldTls", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    ...(account === undefined ? [] : [accessLogDelivery(bucketArn, account)]),
    ...more,
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
function accessLogDelivery(bucketArn: pulumi.Input<string>, { accountId }: CallerAccount): PolicyStatement {
  return {
    sid: "TakeAccessLogs",
    actions: ["s3:PutObject"],
    principals: { Service: "logging.s3.amazonaws.com" },
    resources: [pulumi.interpolate`${bucketArn}/*`],
    conditions: { StringEquals: { "aws:SourceAccount": accountId } },
  };
}
