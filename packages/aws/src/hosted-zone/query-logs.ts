import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import type { HostedZoneSize } from "./hosted-zone-args.ts";
import { ZONE_REGION } from "./zone-signing.ts";

export interface QueryLogs {
  readonly logGroup?: aws.cloudwatch.LogGroup;
  readonly logPolicy?: aws.cloudwatch.LogResourcePolicy;
  readonly queryLog?: aws.route53.QueryLog;
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html */
export function logQueries(
  context: ComponentContext,
  retention: HostedZoneSize["queryLogs"],
  { accountId, partition }: CallerAccount,
  zone: aws.route53.Zone,
): QueryLogs {
  if (retention === "none") return {};
  const logGroup = new aws.cloudwatch.LogGroup(
    context.child("query-logs"),
    { retentionInDays: retention, region: ZONE_REGION, tags: context.tags("query-logs") },
    context.options(),
  );
  const logPolicy = new aws.cloudwatch.LogResourcePolicy(
    context.child("query-logs-policy"),
    {
      policyName: context.child("query-logs"),
      policyDocument: policyDocument([
        {
          sid: "Route53Writes",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:*`],
          principals: { Service: "route53.amazonaws.com" },
          conditions: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:route53:::hostedzone/*` },
          },
        },
      ]),
      region: ZONE_REGION,
    },
    context.options(),
  );
  const queryLog = new aws.route53.QueryLog(
    context.child("query-log"),
    { zoneId: zone.zoneId, cloudwatchLogGroupArn: logGroup.arn },
    context.options({ dependsOn: [logPolicy] }),
  );
  return { logGroup, logPolicy, queryLog };
}
