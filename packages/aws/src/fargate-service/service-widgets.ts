import type * as pulumi from "@pulumi/pulumi";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";

interface WatchedService {
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  /** Of the load balancer; undefined without one. */
  readonly arnSuffix: pulumi.Input<string> | undefined;
}

/** Load of the tasks; with a load balancer also requests, errors and how long an answer takes. */
export function serviceWidgets({
  clusterName,
  serviceName,
  arnSuffix,
}: WatchedService): readonly DashboardWidget[] {
  const ecs = {
    namespace: "AWS/ECS",
    dimensions: { ClusterName: clusterName, ServiceName: serviceName },
  };
  const load: DashboardWidget = {
    title: "CPU and memory (%)",
    metrics: [
      { ...ecs, metric: "CPUUtilization", label: "CPU" },
      { ...ecs, metric: "MemoryUtilization", label: "Memory" },
    ],
  };
  if (arnSuffix === undefined) return [load];
  const lb = { namespace: "AWS/ApplicationELB", dimensions: { LoadBalancer: arnSuffix } };
  return [
    {
      title: "Requests and errors",
      metrics: [
        { ...lb, metric: "RequestCount", statistic: "Sum", label: "Requests" },
        { ...lb, metric: "HTTPCode_Target_5XX_Count", statistic: "Sum", label: "Errors of tasks" },
        { ...lb, metric: "HTTPCode_ELB_5XX_Count", statistic: "Sum", label: "No task answered" },
      ],
    },
    {
      title: "Response time (s)",
      metrics: [
        { ...lb, metric: "TargetResponseTime", statistic: "p50", label: "p50" },
        { ...lb, metric: "TargetResponseTime", statistic: "p99", label: "p99" },
      ],
    },
    load,
  ];
}
