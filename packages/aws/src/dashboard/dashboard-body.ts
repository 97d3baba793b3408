import * as pulumi from "@pulumi/pulumi";
import type { DashboardMetric, DashboardWidget } from "../monitoring/dashboard-widget.ts";
import type { DashboardItem, PlacedItem } from "./dashboard-layout.ts";

/**
 * The JSON of a dashboard.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(
  placed: readonly PlacedItem[],
  hours: number,
  region: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    start: `-PT${hours}H`,
    widgets: placed.map(({ item, ...place }) => ({ ...place, ...bodyOf(item, region) })),
  });
}

function bodyOf(item: DashboardItem, region: pulumi.Input<string>) {
  if (item.kind === "text")
    return { type: "text", properties: { markdown: item.markdown, background: "transparent" } };
  if (item.kind === "alarms")
    return { type: "alarm", properties: { title: "Alarms", alarms: item.alarms.map(({ arn }) => arn) } };
  return { type: "metric", properties: graph(item.widget, region) };
}

function graph(
  { title, metrics, periodSeconds = 60, min = 0 }: DashboardWidget,
  region: pulumi.Input<string>,
) {
  return {
    title,
    region,
    view: "timeSeries",
    stacked: false,
    period: periodSeconds,
    yAxis: { left: { min } },
    metrics: metrics.map(line),
  };
}

function line({ namespace, metric, dimensions, statistic = "Average", label = metric }: DashboardMetric) {
  return [namespace, metric, ...Object.entries(dimensions).flat(), { stat: statistic, label }];
}
