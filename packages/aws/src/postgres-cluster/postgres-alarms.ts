import type * as pulumi from "@pulumi/pulumi";
import type { AlarmSpec } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { transactionIdsAlarm } from "../postgres/transaction-ids-alarm.ts";
import type { PostgresAlarm } from "./postgres-cluster-args.ts";
import type { PostgresPlan } from "./postgres-cluster-check.ts";

const MIB = 1024 * 1024;
const namespace = "AWS/RDS";

/**
 * The alarms of a cluster. Metrics: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export function postgresAlarms(
  name: string,
  plan: PostgresPlan,
  cluster: pulumi.Output<string>,
): readonly AlarmSpec<PostgresAlarm>[] {
  const all = { namespace, dimensions: { DBClusterIdentifier: cluster } };
  const always: readonly AlarmSpec<PostgresAlarm>[] = [
    {
      ...all,
      id: "cpu",
      metric: "CPUUtilization",
      statistic: "Maximum",
      comparison: "above",
      threshold: 80,
      periods: 15,
      description: `An instance of ${name} has been at its processor's limit for 15 minutes: look at the top queries in Performance Insights.`,
    },
    {
      ...all,
      id: "memory",
      metric: "FreeableMemory",
      statistic: "Minimum",
      comparison: "below",
      threshold: 256 * MIB,
      description: `An instance of ${name} is almost out of memory: look at its connections and at work_mem, or take a larger class.`,
    },
    {
      ...all,
      id: "connections",
      metric: "DatabaseConnections",
      statistic: "Maximum",
      comparison: "above",
      threshold: plan.connections,
      description: `${name} soon takes no more connections: look at who holds them, and at a proxy.`,
    },
    transactionIdsAlarm(name, all),
  ];
  const withReaders: readonly AlarmSpec<PostgresAlarm>[] = [
    {
      ...all,
      id: "replica-lag",
      metric: "AuroraReplicaLagMaximum",
      statistic: "Maximum",
      comparison: "above",
      threshold: 1000,
      description: `A reader of ${name} is more than a second behind: look at the load of readers and writer.`,
    },
  ];
  const ofClass: AlarmSpec<PostgresAlarm> = plan.isServerless
    ? {
        ...all,
        id: "capacity",
        metric: "ACUUtilization",
        statistic: "Maximum",
        comparison: "above",
        threshold: 90,
        periods: 15,
        description: `${name} is at the most capacity that it may take: raise serverless.maxUnits, or look at the top queries.`,
      }
    : {
        ...all,
        id: "local-storage",
        metric: "FreeLocalStorage",
        statistic: "Minimum",
        comparison: "below",
        threshold: 3 * 1024 * MIB,
        description: `An instance of ${name} has little local storage left for sorting and logs: look for large sorts, or take a larger class.`,
      };
  return [...always, ...(plan.readers > 0 ? withReaders : []), ofClass];
}

/** What is worth looking at first. */
export function postgresWidgets(
  name: string,
  plan: PostgresPlan,
  cluster: pulumi.Output<string>,
): readonly DashboardWidget[] {
  const graph = (title: string, ...metrics: readonly string[]): DashboardWidget => ({
    title: `${name}: ${title}`,
    metrics: metrics.map((metric) => ({
      namespace,
      metric,
      dimensions: { DBClusterIdentifier: cluster },
    })),
  });
  return [
    plan.isServerless
      ? graph("capacity (%)", "ACUUtilization", "CPUUtilization")
      : graph("processor (%)", "CPUUtilization"),
    graph("connections", "DatabaseConnections"),
    graph("latency (ms)", "CommitLatency", "ReadLatency", "WriteLatency"),
    ...(plan.readers > 0 ? [graph("readers behind (ms)", "AuroraReplicaLagMaximum")] : []),
  ];
}
