import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { type PolicyStatement, policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import type { LambdaFunctionArgs } from "./lambda-function-args.ts";

export interface FunctionRole {
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
}

export function createRole(
  context: ComponentContext,
  args: LambdaFunctionArgs,
  logGroup: aws.cloudwatch.LogGroup,
  deadLetters: aws.sqs.Queue,
): FunctionRole {
  const role = new aws.iam.Role(
    context.child("role"),
    {
      description: `What the function ${context.name} may do`,
      assumeRolePolicy: policyDocument([serviceTrust("lambda.amazonaws.com")]),
      tags: context.tags("role"),
    },
    context.options(),
  );
  const policy = new aws.iam.RolePolicy(
    context.child("policy"),
    { role: role.name, policy: policyDocument(statements(args, logGroup, deadLetters)) },
    context.options(),
  );
  return { role, policy };
}

function statements(
  args: LambdaFunctionArgs,
  logGroup: aws.cloudwatch.LogGroup,
  deadLetters: aws.sqs.Queue,
): readonly PolicyStatement[] {
  const all: PolicyStatement[] = [
    {
      sid: "Logs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${logGroup.arn}:*`],
    },
    { sid: "DeadLetters", actions: ["sqs:SendMessage"], resources: [deadLetters.arn] },
  ];
  if (args.kmsKeyArn !== undefined)
    all.push({ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] });
  if (args.tracing ?? true)
    // X-Ray knows no resources for these: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    all.push({
      sid: "Traces",
      actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      resources: ["*"],
    });
  if (args.vpc !== undefined)
    // As AWS's own AWSLambdaVPCAccessExecutionRole: the interfaces do not exist when the rights are given.
    all.push({
      sid: "NetworkInterfaces",
      actions: [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ],
      resources: ["*"],
    });
  return [...all, ...(args.statements ?? [])];
}
