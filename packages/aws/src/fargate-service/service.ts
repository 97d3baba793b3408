import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { Cluster } from "../ecs/cluster.ts";
import { CONTAINER_NAME } from "../ecs/container-definition.ts";
import type { Task } from "../ecs/task.ts";
import { openingTag } from "../opening.ts";
import type { ServicePlan } from "./check-service.ts";
import { deploymentConfiguration, deploymentMinutes } from "./deployment.ts";
import type { FargateServiceArgs } from "./fargate-service-args.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { TrafficRole } from "./traffic-role.ts";

interface ServiceSetting {
  readonly cluster: Cluster;
  readonly task: Task;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly loadBalancer: LoadBalancer | undefined;
  readonly trafficRole: TrafficRole | undefined;
  /** Alarms that roll a deployment back. */
  readonly alarmNames: readonly pulumi.Input<string>[];
}

/** Creates `service`. */
export function createService(
  context: ComponentContext,
  args: FargateServiceArgs,
  { size, deployment, loadBalancer: balancerArgs }: ServicePlan,
  { cluster, task, securityGroup, loadBalancer, trafficRole, alarmNames }: ServiceSetting,
): aws.ecs.Service {
  const timeout = `${deploymentMinutes(deployment)}m`;
  return new aws.ecs.Service(
    context.child("service"),
    {
      cluster: cluster.clusterArn,
      taskDefinition: task.taskDefinition.arn,
      desiredCount: size.minTasks,
      // A strategy, never launchType: going from one to the other would replace the service.
      capacityProviderStrategies: capacity(args.spot),
      // Without it the provider replaces the service when the strategy changes.
      forceNewDeployment: true,
      networkConfiguration: {
        subnets: args.vpc.privateSubnetIds,
        securityGroups: [securityGroup.id],
        assignPublicIp: false,
      },
      deploymentConfiguration: deploymentConfiguration(deployment),
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      ...(alarmNames.length > 0 && {
        alarms: { alarmNames: [...alarmNames], enable: true, rollback: true },
      }),
      ...(loadBalancer !== undefined &&
        args.port !== undefined && {
          healthCheckGracePeriodSeconds: balancerArgs?.startSeconds ?? 60,
          loadBalancers: [
            {
              containerName: CONTAINER_NAME,
              containerPort: args.port,
              targetGroupArn: loadBalancer.targetGroups.blue.arn,
              ...(trafficRole !== undefined && {
                advancedConfiguration: {
                  alternateTargetGroupArn: loadBalancer.targetGroups.green.arn,
                  productionListenerRule: loadBalancer.rule.arn,
                  roleArn: trafficRole.role.arn,
                },
              }),
            },
          ],
        }),
      // A deployment that fails, or is rolled back, fails the update.
      waitForSteadyState: true,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags: context.tags("service", openingTag("spot", args.spot)),
    },
    context.options({
      // Autoscaling decides from then on.
      ignoreChanges: ["desiredCount"],
      customTimeouts: { create: timeout, update: timeout },
      dependsOn: [
        ...task.policies,
        ...(cluster.nodes.capacity === undefined ? [] : [cluster.nodes.capacity]),
        ...(loadBalancer === undefined ? [] : [loadBalancer.rule]),
        ...(trafficRole === undefined ? [] : [trafficRole.policy]),
      ],
    }),
  );
}

function capacity(
  spot: FargateServiceArgs["spot"],
): NonNullable<pulumi.Unwrap<aws.ecs.ServiceArgs["capacityProviderStrategies"]>> {
  if (spot === undefined) return [{ capacityProvider: "FARGATE", weight: 1 }];
  return [
    { capacityProvider: "FARGATE", base: spot.onDemandTasks ?? 1, weight: 0 },
    { capacityProvider: "FARGATE_SPOT", weight: 1 },
  ];
}
