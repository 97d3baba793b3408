import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { FargateServiceSize, ScalingArgs } from "./fargate-service-args.ts";
import type { LoadBalancer } from "./load-balancer.ts";

export interface Autoscaling {
  readonly scaling: aws.appautoscaling.Target;
  /** By what they follow. */
  readonly scalingPolicies: ReadonlyMap<string, aws.appautoscaling.Policy>;
}

interface ScaledService {
  readonly clusterName: pulumi.Input<string>;
  readonly service: aws.ecs.Service;
  readonly loadBalancer: LoadBalancer | undefined;
  readonly size: FargateServiceSize;
}

/** Creates `scaling`, and `scale-cpu`, `scale-memory` and `scale-requests` as asked. */
export function createAutoscaling(
  context: ComponentContext,
  args: ScalingArgs = {},
  { clusterName, service, loadBalancer, size }: ScaledService,
): Autoscaling {
  const target = {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: pulumi.interpolate`service/${clusterName}/${service.name}`,
  };
  const scaling = new aws.appautoscaling.Target(
    context.child("scaling"),
    {
      ...target,
      minCapacity: size.minTasks,
      maxCapacity: size.maxTasks,
      tags: context.tags("scaling"),
    },
    context.options(),
  );
  const followed = [
    { id: "cpu", metric: "ECSServiceAverageCPUUtilization", value: args.cpuPercent ?? 60 },
    { id: "memory", metric: "ECSServiceAverageMemoryUtilization", value: args.memoryPercent ?? 75 },
    { id: "requests", metric: "ALBRequestCountPerTarget", value: args.requestsPerTask ?? false },
  ];
  const scalingPolicies = followed.flatMap(({ id, metric, value }) => {
    if (value === false) return [];
    const resourceLabel =
      id === "requests" && loadBalancer !== undefined
        ? {
            resourceLabel: pulumi.interpolate`${loadBalancer.loadBalancer.arnSuffix}/${loadBalancer.targetGroups.blue.arnSuffix}`,
          }
        : {};
    const policy = new aws.appautoscaling.Policy(
      context.child(`scale-${id}`),
      {
        ...target,
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: {
          targetValue: value,
          predefinedMetricSpecification: { predefinedMetricType: metric, ...resourceLabel },
          // Up at once, down slowly: a dip does not take away what the next wave needs.
          scaleOutCooldown: 60,
          scaleInCooldown: 300,
        },
      },
      context.options({ dependsOn: [scaling] }),
    );
    return [[id, policy] as const];
  });
  return { scaling, scalingPolicies: new Map(scalingPolicies) };
}
