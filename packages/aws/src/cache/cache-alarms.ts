import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { AlarmSpec } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import type { CacheAlarm } from "./cache-args.ts";
import type { CachePlan } from "./cache-plan.ts";

const namespace = "AWS/ElastiCache";

/** The ids of the nodes, which ElastiCache makes of the replication group's: `orders-cache-1a2b3c4-001` … */
export function nodeIds(
  { replicas }: CachePlan,
  replicationGroup: pulumi.Output<string>,
): readonly pulumi.Output<string>[] {
  return Array.from(
    { length: replicas + 1 },
    (_, at) => pulumi.interpolate`${replicationGroup}-${String(at + 1).padStart(3, "0")}`,
  );
}

/**
 * The alarms of a node. Metrics: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html, and
 * which to watch: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 */
export function cacheAlarms(
  { name }: ComponentContext,
  { replicas }: CachePlan,
  node: pulumi.Output<string>,
): readonly AlarmSpec<CacheAlarm>[] {
  const all = { namespace, dimensions: { CacheClusterId: node } };
  const always: readonly AlarmSpec<CacheAlarm>[] = [
    {
      ...all,
      id: "cpu",
      // The engine's own thread, which is one: the host's processors may be idle while it is at its limit.
      metric: "EngineCPUUtilization",
      comparison: "above",
      threshold: 90,
      periods: 10,
      description: `The node ${name} is at its processor's limit: look at the log of slow commands, then at nodeType.`,
    },
    {
      ...all,
      id: "memory",
      metric: "DatabaseMemoryUsagePercentage",
      comparison: "above",
      threshold: 80,
      description: `The node ${name} is almost full: look at keys without an expiry, then at nodeType.`,
    },
    {
      ...all,
      id: "evictions",
      metric: "Evictions",
      statistic: "Sum",
      comparison: "above",
      threshold: 1000,
      periodSeconds: 300,
      periods: 3,
      noData: "notBreaching",
      description: `The node ${name} throws keys away to have room: look at nodeType and at what is cached.`,
    },
  ];
  if (replicas === 0) return always;
  return [
    ...always,
    {
      ...all,
      id: "replica-lag",
      metric: "ReplicationLag",
      comparison: "above",
      threshold: 5,
      // The primary has none.
      noData: "notBreaching",
      description: `The replica ${name} is behind its primary: look at the rate of writes and at the network of the node type.`,
    },
  ];
}

/** What is worth looking at first. */
export function cacheWidgets(
  name: string,
  nodes: readonly pulumi.Output<string>[],
): readonly DashboardWidget[] {
  const graph = (title: string, metric: string, statistic?: string): DashboardWidget => ({
    title: `${name}: ${title}`,
    metrics: nodes.map((node, at) => ({
      namespace,
      metric,
      dimensions: { CacheClusterId: node },
      label: `node ${at + 1}`,
      ...(statistic !== undefined && { statistic }),
    })),
  });
  return [
    graph("processor (%)", "EngineCPUUtilization"),
    graph("memory (%)", "DatabaseMemoryUsagePercentage"),
    graph("hit rate (%)", "CacheHitRate"),
    graph("evictions", "Evictions", "Sum"),
    graph("connections", "CurrConnections"),
  ];
}
