import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnScope } from "../arn.ts";
import { DEFAULT_FLOW_LOGS } from "./flow-log-args.ts";
import type { VpcContext } from "./vpc-context.ts";

export interface FlowLogs {
  readonly flowLog?: aws.ec2.FlowLog;
  readonly logGroup?: aws.cloudwatch.LogGroup;
  readonly role?: aws.iam.Role;
}

export function createFlowLogs(context: VpcContext, vpc: aws.ec2.Vpc): FlowLogs {
  const args = context.args.flowLogs ?? DEFAULT_FLOW_LOGS;
  if (args.destination === "none") return {};
  const delivery = {
    vpcId: vpc.id,
    trafficType: args.traffic ?? "ALL",
    maxAggregationInterval: args.aggregationSeconds ?? 600,
    logDestinationType: args.destination,
    tags: context.tags("flow-logs"),
  };
  if (args.destination === "s3") {
    const options = context.options();
    return {
      flowLog: new aws.ec2.FlowLog(
        context.child("flow-logs"),
        { ...delivery, logDestination: args.bucketArn },
        options,
      ),
    };
  }
  const logGroup = new aws.cloudwatch.LogGroup(
    context.child("flow-logs-group"),
    {
      retentionInDays: args.retentionDays ?? 90,
      ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
      tags: context.tags("flow-logs-group"),
    },
    context.options(),
  );
  const role = createRole(context, vpc);
  const policy = allowWriting(context, role, logGroup);
  const flowLog = new aws.ec2.FlowLog(
    context.child("flow-logs"),
    { ...delivery, logDestination: logGroup.arn, iamRoleArn: role.arn },
    // Without its permissions the flow log is created, and then says that it cannot deliver.
    context.options({ dependsOn: [policy] }),
  );
  return { flowLog, logGroup, role };
}

/** Only flow logs of this account and region may take the role (the confused deputy of the IAM user guide). */
function createRole(context: VpcContext, vpc: aws.ec2.Vpc): aws.iam.Role {
  const assumeRolePolicy = vpc.arn.apply((arn) => {
    const { partition, region, accountId } = arnScope(arn);
    return JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${region}:${accountId}:vpc-flow-log/*` },
          },
        },
      ],
    });
  });
  return new aws.iam.Role(
    context.child("flow-logs-role"),
    {
      description: "Lets VPC flow logs write to their log group",
      assumeRolePolicy,
      tags: context.tags("flow-logs-role"),
    },
    context.options(),
  );
}

function allowWriting(
  context: VpcContext,
  role: aws.iam.Role,
  logGroup: aws.cloudwatch.LogGroup,
): aws.iam.RolePolicy {
  const policy = pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${logGroup.arn}:*`,
      },
    ],
  });
  return new aws.iam.RolePolicy(
    context.child("flow-logs-policy"),
    { role: role.id, policy },
    context.options(),
  );
}
