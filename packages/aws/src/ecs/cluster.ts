import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";

/** What tasks need of a cluster. One that is given has the capacity providers FARGATE and FARGATE_SPOT. */
export interface ClusterRef {
  readonly clusterName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
}

/** What Container Insights measures: nothing, clusters and services, or each task too. */
export type ContainerInsights = "disabled" | "enabled" | "enhanced";

export interface Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  readonly nodes: {
    readonly cluster?: aws.ecs.Cluster;
    readonly capacity?: aws.ecs.ClusterCapacityProviders;
  };
}

/** Creates `cluster` and `capacity`, unless a cluster is given. */
export function createCluster(
  context: ComponentContext,
  given: ClusterRef | undefined,
  insights: ContainerInsights,
): Cluster {
  if (given !== undefined)
    return {
      clusterName: pulumi.output(given.clusterName),
      clusterArn: pulumi.output(given.clusterArn),
      nodes: {},
    };
  const cluster = new aws.ecs.Cluster(
    context.child("cluster"),
    { settings: [{ name: "containerInsights", value: insights }], tags: context.tags("cluster") },
    context.options(),
  );
  const capacity = new aws.ecs.ClusterCapacityProviders(
    context.child("capacity"),
    { clusterName: cluster.name, capacityProviders: ["FARGATE", "FARGATE_SPOT"] },
    context.options(),
  );
  return { clusterName: cluster.name, clusterArn: cluster.arn, nodes: { cluster, capacity } };
}
