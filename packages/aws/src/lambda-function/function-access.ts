import * as aws from "@pulumi/aws";
import { callerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import type { FunctionRole } from "./function-role.ts";
import type { LambdaFunctionArgs } from "./lambda-function-args.ts";

export function createAlias(
  context: ComponentContext,
  { aliasName = "live", version, traffic }: LambdaFunctionArgs,
  lambda: aws.lambda.Function,
): aws.lambda.Alias {
  return new aws.lambda.Alias(
    context.child("alias"),
    {
      name: aliasName,
      functionName: lambda.name,
      functionVersion: version ?? lambda.version,
      ...(traffic !== undefined && {
        routingConfig: { additionalVersionWeights: { [traffic.version]: traffic.weight } },
      }),
    },
    context.options(),
  );
}

/** What becomes of an event that fails: a destination says why it did, which a dead-letter queue alone does not. */
export function createEvents(
  context: ComponentContext,
  args: LambdaFunctionArgs,
  lambda: aws.lambda.Function,
  alias: aws.lambda.Alias,
  deadLetters: aws.sqs.Queue,
  { policy }: FunctionRole,
): aws.lambda.FunctionEventInvokeConfig {
  return new aws.lambda.FunctionEventInvokeConfig(
    context.child("events"),
    {
      functionName: lambda.name,
      qualifier: alias.name,
      maximumRetryAttempts: args.retries ?? 2,
      maximumEventAgeInSeconds: args.maximumEventAgeSeconds ?? 21_600,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
    },
    context.options({ dependsOn: [policy] }),
  );
}

export function createUrl(
  context: ComponentContext,
  { iamUrl = false }: LambdaFunctionArgs,
  lambda: aws.lambda.Function,
  alias: aws.lambda.Alias,
): aws.lambda.FunctionUrl | undefined {
  if (!iamUrl) return undefined;
  return new aws.lambda.FunctionUrl(
    context.child("url"),
    { functionName: lambda.name, qualifier: alias.name, authorizationType: "AWS_IAM" },
    context.options(),
  );
}

export function allowInvokers(
  context: ComponentContext,
  { invokers = {} }: LambdaFunctionArgs,
  lambda: aws.lambda.Function,
  alias: aws.lambda.Alias,
): ReadonlyMap<string, aws.lambda.Permission> {
  if (Object.keys(invokers).length === 0) return new Map();
  const account = callerAccount(context);
  return new Map(
    Object.entries(invokers).map(([key, { service, sourceArn }]) => [
      key,
      new aws.lambda.Permission(
        context.child(`invoke-${key}`),
        {
          action: "lambda:InvokeFunction",
          function: lambda.name,
          qualifier: alias.name,
          principal: service,
          sourceArn,
          // A bucket's ARN names no account, and its name may be another's tomorrow.
          ...(service === "s3.amazonaws.com" && { sourceAccount: account.accountId }),
        },
        context.options(),
      ),
    ]),
  );
}
