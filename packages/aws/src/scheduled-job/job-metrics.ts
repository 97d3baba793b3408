import * as pulumi from "@pulumi/pulumi";
import type { AlarmSpec } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import type { ScheduledJobAlarm } from "./scheduled-job-args.ts";

interface WatchedJob {
  readonly name: string;
  readonly queueName: pulumi.Input<string>;
  /** Undefined for a task. */
  readonly functionArn: pulumi.Input<string> | undefined;
}

/** `orders` of `arn:aws:lambda:eu-central-1:123456789012:function:orders:live`. */
const functionName = (arn: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.output(arn).apply((text) => text.split(":")[6] ?? "");

export function jobAlarms({
  name,
  queueName,
  functionArn,
}: WatchedJob): readonly AlarmSpec<ScheduledJobAlarm>[] {
  const failures: AlarmSpec<ScheduledJobAlarm> = {
    id: "failures",
    description: `A run of ${name} failed, or could not be started: the message in its queue of failures says why. Delete it when that is dealt with.`,
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queueName },
    statistic: "Maximum",
    comparison: "above",
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    noData: "notBreaching",
  };
  if (functionArn === undefined) return [failures];
  return [
    failures,
    {
      id: "errors",
      description: `The function that ${name} calls failed: look at its newest logs.`,
      namespace: "AWS/Lambda",
      metric: "Errors",
      dimensions: { FunctionName: functionName(functionArn) },
      statistic: "Sum",
      comparison: "above",
      threshold: 0,
      periodSeconds: 300,
      periods: 1,
      noData: "notBreaching",
    },
  ];
}

export function jobWidgets({ queueName, functionArn }: WatchedJob): readonly DashboardWidget[] {
  const failed = {
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queueName },
    statistic: "Maximum",
    label: "Failed runs",
  };
  if (functionArn === undefined) return [{ title: "Failed runs", metrics: [failed], periodSeconds: 300 }];
  const lambda = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName(functionArn) } };
  return [
    {
      title: "Runs",
      periodSeconds: 300,
      metrics: [
        { ...lambda, metric: "Invocations", statistic: "Sum", label: "Calls" },
        { ...lambda, metric: "Errors", statistic: "Sum", label: "Errors" },
        failed,
      ],
    },
  ];
}
