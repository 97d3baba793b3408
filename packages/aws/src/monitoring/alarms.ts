import { checkOneOf, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { type Opening, openingTag } from "../opening.ts";

/** What alarms need of an alert topic. An `AlertTopic`, the outputs of another stack and a literal satisfy it. */
export interface AlertTopicRef {
  /** @format ARN of an SNS topic that CloudWatch may publish to */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * The alarms of a component. Each has a name of its own in `Id`; the component's page lists them with their defaults.
 *
 * @typeParam Id - names of the component's alarms
 */
export interface AlarmsArgs<Id extends string> {
  /** Who is told. @default - nobody: the alarms are there, and show in the console and on dashboards */
  readonly topic?: AlertTopicRef;
  /** In the unit of the alarm's metric. @default - of the component's page */
  readonly thresholds?: Readonly<Partial<Record<Id, number>>>;
  /** Alarms that are not made, with the reason. */
  readonly off?: Readonly<Partial<Record<Id, Opening>>>;
}

/** One alarm that a component offers. */
export interface AlarmSpec<Id extends string = string> {
  /** Kebab-case; names the child `${name}-${id}-alarm`. */
  readonly id: Id;
  /** For who is woken: what is wrong, and where to look first. */
  readonly description: string;
  /** `AWS/RDS` */
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile: `p99`. @default "Average" */
  readonly statistic?: string;
  readonly comparison: "above" | "at-least" | "below" | "at-most";
  readonly threshold: number;
  /** @default 60 */
  readonly periodSeconds?: number;
  /** How many periods are looked at. @default 5 */
  readonly periods?: number;
  /** How many of them must be bad. @default - all */
  readonly badPeriods?: number;
  /** What no data means. A metric that is only sent with traffic says nothing by its absence. @default "missing" */
  readonly noData?: "missing" | "ignore" | "breaching" | "notBreaching";
  /** Where the metric is; a topic of its own region is told. @default - the provider's */
  readonly region?: string;
}

const OPERATORS: Readonly<Record<AlarmSpec["comparison"], string>> = {
  above: "GreaterThanThreshold",
  "at-least": "GreaterThanOrEqualToThreshold",
  below: "LessThanThreshold",
  "at-most": "LessThanOrEqualToThreshold",
};
const PERCENTILE = /^p\d{1,2}(\.\d{1,2})?$/;

/**
 * Checks what was asked of a component's alarms, before its first child is made.
 *
 * @throws {INVALID_ARGUMENT} there is no such alarm, a threshold is no number, or a reason is empty.
 */
export function checkAlarms<Id extends string>(ids: readonly Id[], args: AlarmsArgs<Id> = {}): void {
  const known: readonly string[] = ids;
  for (const [id, threshold] of Object.entries(args.thresholds ?? {})) {
    checkOneOf("alarms.thresholds", id, known);
    if (typeof threshold !== "number" || !Number.isFinite(threshold))
      throw invalidArgument(`alarms.thresholds.${id} is ${String(threshold)}; give a number`, { alarm: id });
  }
  for (const id of Object.keys(args.off ?? {})) checkOneOf("alarms.off", id, known);
  for (const id of ids) openingTag(`no-${id}-alarm`, args.off?.[id]);
}

/** Makes the alarms that are not switched off, by id. Reaching a threshold and leaving it are both told. */
export function createAlarms<Id extends string>(
  context: ComponentContext,
  specs: readonly AlarmSpec<Id>[],
  args: AlarmsArgs<Id> = {},
): ReadonlyMap<Id, aws.cloudwatch.MetricAlarm> {
  const actions = args.topic === undefined ? [] : [args.topic.topicArn];
  return new Map(
    specs
      .filter(({ id }) => args.off?.[id] === undefined)
      .map((spec) => {
        const { id, statistic = "Average", periods = 5 } = spec;
        const role = `${id}-alarm`;
        const alarm = new aws.cloudwatch.MetricAlarm(
          context.child(role),
          {
            alarmDescription: spec.description,
            namespace: spec.namespace,
            metricName: spec.metric,
            dimensions: { ...spec.dimensions },
            ...(PERCENTILE.test(statistic) ? { extendedStatistic: statistic } : { statistic }),
            comparisonOperator: OPERATORS[spec.comparison],
            threshold: args.thresholds?.[id] ?? spec.threshold,
            period: spec.periodSeconds ?? 60,
            evaluationPeriods: periods,
            datapointsToAlarm: spec.badPeriods ?? periods,
            treatMissingData: spec.noData ?? "missing",
            alarmActions: actions,
            okActions: actions,
            ...(spec.region !== undefined && { region: spec.region }),
            tags: context.tags(role),
          },
          context.options(),
        );
        return [id, alarm] as const;
      }),
  );
}
