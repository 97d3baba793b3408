import type * as aws from "@pulumi/aws";
import type { AlarmSpec } from "../monitoring/alarms.ts";
import type { LambdaFunctionAlarm } from "./lambda-function-args.ts";

export const LAMBDA_FUNCTION_ALARMS = ["errors", "throttles", "duration", "dead-letters"] as const;

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function alarmSpecs(
  name: string,
  lambda: aws.lambda.Function,
  deadLetters: aws.sqs.Queue,
  timeoutSeconds: number,
): readonly AlarmSpec<LambdaFunctionAlarm>[] {
  const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: lambda.name } };
  return [
    {
      ...ofFunction,
      id: "errors",
      description: `${name} fails: look at the newest errors in its log group.`,
      metric: "Errors",
      statistic: "Sum",
      comparison: "above",
      threshold: 5,
      periodSeconds: 300,
      periods: 1,
      noData: "notBreaching",
    },
    {
      ...ofFunction,
      id: "throttles",
      description: `${name} is refused invocations: look at its reserved concurrency, and at the account's.`,
      metric: "Throttles",
      statistic: "Sum",
      comparison: "above",
      threshold: 0,
      periodSeconds: 60,
      periods: 5,
      badPeriods: 3,
      noData: "notBreaching",
    },
    {
      ...ofFunction,
      id: "duration",
      description: `${name} comes near its timeout of ${timeoutSeconds} seconds: look at what it waits for.`,
      metric: "Duration",
      statistic: "p99",
      comparison: "above",
      // Milliseconds: 80% of the timeout.
      threshold: timeoutSeconds * 800,
      periodSeconds: 300,
      periods: 3,
      noData: "notBreaching",
    },
    {
      id: "dead-letters",
      description: `Events of ${name} failed for good: read them in its queue, mend what they need, send them again.`,
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetters.name },
      statistic: "Maximum",
      comparison: "above",
      threshold: 0,
      periodSeconds: 300,
      periods: 1,
      noData: "notBreaching",
    },
  ];
}
