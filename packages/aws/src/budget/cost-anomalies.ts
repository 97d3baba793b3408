import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { BudgetArgs } from "./budget-args.ts";

/** Absent where they are not asked for, or given. */
export interface CostAnomalies {
  readonly monitor?: aws.costexplorer.AnomalyMonitor;
  /** By what they tell: AWS tells a topic at once, and addresses once a day. */
  readonly subscriptions: ReadonlyMap<"topic" | "email", aws.costexplorer.AnomalySubscription>;
}

export function watchAnomalies(context: ComponentContext, args: BudgetArgs): CostAnomalies {
  const { anomalies = {}, emails = [], topic } = args;
  if (anomalies === "none") return { subscriptions: new Map() };
  const monitor = anomalies.monitorArn === undefined ? createMonitor(context, args) : undefined;
  const monitorArn = pulumi.output(anomalies.monitorArn ?? monitor?.arn ?? "");
  const subscribe = (
    kind: "topic" | "email",
    subscribers: aws.types.input.costexplorer.AnomalySubscriptionSubscriber[],
  ): readonly (readonly ["topic" | "email", aws.costexplorer.AnomalySubscription])[] => {
    if (subscribers.length === 0) return [];
    const role = `anomaly-${kind}-subscription`;
    const subscription = new aws.costexplorer.AnomalySubscription(
      context.child(role),
      {
        frequency: kind === "topic" ? "IMMEDIATE" : "DAILY",
        monitorArnLists: [monitorArn],
        subscribers,
        thresholdExpression: {
          dimension: {
            key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            matchOptions: ["GREATER_THAN_OR_EQUAL"],
            values: [String(anomalies.minimumUsd ?? 100)],
          },
        },
        tags: context.tags(role),
      },
      context.options(),
    );
    return [[kind, subscription]];
  };
  return {
    ...(monitor && { monitor }),
    subscriptions: new Map([
      ...subscribe("topic", topic === undefined ? [] : [{ type: "SNS", address: topic.topicArn }]),
      ...subscribe(
        "email",
        emails.map((address) => ({ type: "EMAIL", address })),
      ),
    ]),
  };
}

function createMonitor(context: ComponentContext, { costTag }: BudgetArgs): aws.costexplorer.AnomalyMonitor {
  return new aws.costexplorer.AnomalyMonitor(
    context.child("anomaly-monitor"),
    {
      ...(costTag === undefined
        ? { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" }
        : { monitorType: "CUSTOM", monitorSpecification: specification(costTag) }),
      tags: context.tags("anomaly-monitor"),
    },
    context.options(),
  );
}

/** In the form that AWS answers with, nulls and all, so that reading it shows no change. */
function specification({ key, value }: NonNullable<BudgetArgs["costTag"]>): string {
  return JSON.stringify({
    ...{ And: null, CostCategories: null, Dimensions: null, Not: null, Or: null },
    Tags: { Key: `user:${key}`, MatchOptions: null, Values: [value] },
  });
}
