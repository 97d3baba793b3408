import type * as pulumi from "@pulumi/pulumi";
import type { AlarmSpec } from "../monitoring/alarms.ts";
import type { FargateServiceAlarm } from "./fargate-service-args.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** What the alarms of requests look at; they roll a deployment back. */
export function requestAlarms(
  name: string,
  { loadBalancer }: LoadBalancer,
): readonly AlarmSpec<FargateServiceAlarm>[] {
  // Not by target group: which of the two serves changes with each deployment.
  const common = {
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer: loadBalancer.arnSuffix },
    noData: "notBreaching",
  } as const;
  return [
    {
      ...common,
      id: "errors",
      description: `${name} answers with errors of its own (5xx): look at its newest logs and the last deployment.`,
      metric: "HTTPCode_Target_5XX_Count",
      ...{ statistic: "Sum", comparison: "above", threshold: 10, periods: 2 },
    },
    {
      ...common,
      id: "unavailable",
      description: `The load balancer of ${name} found no task that answers (5xx of its own): look at the service's events and the health of its targets.`,
      metric: "HTTPCode_ELB_5XX_Count",
      ...{ statistic: "Sum", comparison: "above", threshold: 10, periods: 2 },
    },
    {
      ...common,
      id: "latency",
      description: `One in a hundred requests to ${name} takes longer than the threshold (seconds): look at its CPU and at what it calls.`,
      metric: "TargetResponseTime",
      ...{ statistic: "p99", comparison: "above", threshold: 2, periods: 5 },
    },
  ];
}

/** What the alarms of tasks look at. */
export function taskAlarms(
  name: string,
  dimensions: { readonly ClusterName: pulumi.Input<string>; readonly ServiceName: pulumi.Input<string> },
  { minTasks, insights }: { readonly minTasks: number; readonly insights: boolean },
): readonly AlarmSpec<FargateServiceAlarm>[] {
  const usage = {
    namespace: "AWS/ECS",
    dimensions,
    comparison: "above",
    threshold: 90,
    periods: 15,
  } as const;
  return [
    {
      ...usage,
      id: "cpu",
      description: `The tasks of ${name} have no CPU left: scaling is at maxTasks, or cannot keep up.`,
      metric: "CPUUtilization",
    },
    {
      ...usage,
      id: "memory",
      description: `The tasks of ${name} have no memory left and will be killed: give more memoryMiB, or look for a leak.`,
      metric: "MemoryUtilization",
    },
    ...(insights
      ? [
          {
            id: "tasks",
            description: `Fewer tasks of ${name} run than minTasks: look at the service's events for why they stop.`,
            namespace: "ECS/ContainerInsights",
            metric: "RunningTaskCount",
            dimensions,
            statistic: "Minimum",
            comparison: "below",
            threshold: minTasks,
            periods: 10,
            noData: "breaching",
          } as const,
        ]
      : []),
  ];
}
