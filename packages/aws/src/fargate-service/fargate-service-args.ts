import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterRef, ContainerInsights } from "../ecs/cluster.ts";
import type { ContainerArgs, ContainerSize } from "../ecs/container-args.ts";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { Peers } from "../network/peer-access.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";
import type { DeploymentArgs } from "./deployment.ts";
import type { LoadBalancerArgs } from "./load-balancer-args.ts";

export type FargateServiceAlarm = "errors" | "unavailable" | "latency" | "cpu" | "memory" | "tasks";

export interface FargateServiceSize extends ContainerSize {
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly containerInsights: ContainerInsights;
  /** Of the load balancer: AWS refuses to delete it. */
  readonly deletionProtection: boolean;
  /** Pulumi's `protect` of the log group. */
  readonly protect: boolean;
}

/** What the presets set. */
export const FARGATE_SERVICE_PRESETS: PresetTable<FargateServiceSize> = {
  dev: {
    ...{ cpuUnits: 256, memoryMiB: 512, minTasks: 1, maxTasks: 2, logRetentionDays: 30 },
    ...{ containerInsights: "disabled", deletionProtection: false, protect: false },
  },
  staging: {
    ...{ cpuUnits: 512, memoryMiB: 1024, minTasks: 2, maxTasks: 4, logRetentionDays: 90 },
    ...{ containerInsights: "enabled", deletionProtection: false, protect: false },
  },
  // A task in each of three zones: with one zone gone, two thirds remain.
  prod: {
    ...{ cpuUnits: 1024, memoryMiB: 2048, minTasks: 3, maxTasks: 12, logRetentionDays: 365 },
    ...{ containerInsights: "enabled", deletionProtection: true, protect: true },
  },
};

/** When tasks are added and taken away. A change of an average moves the number of tasks in proportion. */
export interface ScalingArgs {
  /** @minimum 10 @maximum 95 @default 60 */
  readonly cpuPercent?: number | false;
  /** @minimum 10 @maximum 95 @default 75 */
  readonly memoryPercent?: number | false;
  /** Requests a minute and task. Needs a load balancer and rolling deployments. @minimum 1 @default false */
  readonly requestsPerTask?: number | false;
}

export interface FargateServiceArgs extends ContainerArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Tasks run in its private subnets. */
  readonly vpc: VpcRef;
  /** Where the program listens. Needed with a load balancer. @minimum 1 @maximum 65535 @default - nowhere */
  readonly port?: number;
  /** What clients connect to, or `"none"` for a service that only works, or is called by its tasks' addresses. */
  readonly loadBalancer: LoadBalancerArgs | "none";
  /** Who may connect to `port`, besides the load balancer; none is named `lb`. @default - nobody */
  readonly allowFrom?: Peers;
  /** Changing it replaces the service. @default - one of its own */
  readonly cluster?: ClusterRef;
  /** Of its own cluster. @default - of the preset: "disabled" in dev, else "enabled" */
  readonly containerInsights?: ContainerInsights;
  /** @minimum 1 @default - of the preset: 1, 2 or 3 */
  readonly minTasks?: number;
  /** @maximum 5000 @default - of the preset: 2, 4 or 12 */
  readonly maxTasks?: number;
  readonly scaling?: ScalingArgs;
  /** Runs all but `onDemandTasks` on Spot, which AWS stops with two minutes of notice. @default - none on Spot */
  readonly spot?: Opening & {
    /** @minimum 0 @default 1 */
    readonly onDemandTasks?: number;
  };
  /** @default - rolling */
  readonly deployment?: DeploymentArgs;
  /** CloudWatch alarms, by name, that roll a deployment back besides its own. */
  readonly rollbackAlarmNames?: readonly pulumi.Input<string>[];
  /** Runs in the container, and says by its exit code whether it is well: `["CMD", "/app", "check"]`. @default - only the load balancer asks */
  readonly healthCommand?: readonly string[];
  readonly alarms?: AlarmsArgs<FargateServiceAlarm>;
  /** Of the log group. @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
