import type * as pulumi from "@pulumi/pulumi";
import type { AlarmSpec } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { transactionIdsAlarm } from "../postgres/transaction-ids-alarm.ts";
import type { PostgresInstanceAlarm } from "./postgres-instance-args.ts";
import type { PostgresInstancePlan } from "./postgres-instance-plan.ts";

const MIB = 1024 * 1024;
const namespace = "AWS/RDS";

/** Metrics: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
export function instanceAlarms(
  name: string,
  { connections, freeMemoryMiB, storage }: PostgresInstancePlan,
  instance: pulumi.Output<string>,
): readonly AlarmSpec<PostgresInstanceAlarm>[] {
  const all = { namespace, dimensions: { DBInstanceIdentifier: instance } };
  return [
    {
      ...all,
      id: "cpu",
      metric: "CPUUtilization",
      comparison: "above",
      threshold: 80,
      periods: 15,
      description: `${name} has been at its processor's limit for 15 minutes: look at the top queries in Performance Insights.`,
    },
    {
      ...all,
      id: "memory",
      metric: "FreeableMemory",
      statistic: "Minimum",
      comparison: "below",
      threshold: freeMemoryMiB * MIB,
      description: `${name} is almost out of memory: look at its connections and at work_mem, or take a larger class.`,
    },
    {
      ...all,
      id: "connections",
      metric: "DatabaseConnections",
      statistic: "Maximum",
      comparison: "above",
      threshold: connections,
      description: `${name} soon takes no more connections: look at who holds them.`,
    },
    {
      ...all,
      id: "storage",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      comparison: "below",
      // Below a tenth RDS makes it grow, at most once in six hours: half of that is growth that does not follow.
      threshold: (storage.gib * 1024 * MIB) / 20,
      description: `${name} is almost out of storage: look at storage.maxGib, and at what fills it.`,
    },
    transactionIdsAlarm(name, all),
  ];
}

/** What is worth looking at first. */
export function instanceWidgets(name: string, instance: pulumi.Output<string>): readonly DashboardWidget[] {
  const graph = (title: string, ...metrics: readonly string[]): DashboardWidget => ({
    title: `${name}: ${title}`,
    metrics: metrics.map((metric) => ({
      namespace,
      metric,
      dimensions: { DBInstanceIdentifier: instance },
    })),
  });
  return [
    graph("processor (%)", "CPUUtilization"),
    graph("connections", "DatabaseConnections"),
    graph("latency (s)", "ReadLatency", "WriteLatency"),
    graph("free storage (bytes)", "FreeStorageSpace"),
  ];
}
