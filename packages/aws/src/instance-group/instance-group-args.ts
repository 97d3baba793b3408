import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

export type InstanceGroupAlarm = "cpu" | "status" | "in-service";

export interface InstanceGroupSize {
  readonly instanceType: string;
  readonly minSize: number;
  readonly maxSize: number;
  /** Metrics each minute instead of each five. */
  readonly detailedMonitoring: boolean;
}

/** What the presets set. Types of Graviton: the image must be for arm64. */
export const INSTANCE_GROUP_PRESETS: PresetTable<InstanceGroupSize> = {
  dev: { instanceType: "t4g.small", minSize: 1, maxSize: 1, detailedMonitoring: false },
  staging: { instanceType: "t4g.medium", minSize: 1, maxSize: 2, detailedMonitoring: false },
  prod: { instanceType: "m7g.large", minSize: 2, maxSize: 6, detailedMonitoring: true },
};

/** Who may connect to the instances, and where. */
export interface InstanceIngress {
  /** @minimum 1 @maximum 65535 */
  readonly port: number;
  /** Such as a load balancer's. @format ids of security groups */
  readonly securityGroupIds: readonly pulumi.Input<string>[];
}

export interface InstanceGroupArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  readonly network: VpcRef;
  /** @default "private" */
  readonly tier?: "private" | "isolated";
  /**
   * Of the instances; the review shows when it changes. To follow an SSM parameter, give
   * `aws.ssm.getParameterOutput({ name }).value`.
   *
   * @format id of an AMI
   */
  readonly imageId: pulumi.Input<string>;
  /** @default - of the preset: `t4g.small`, `t4g.medium` or `m7g.large` */
  readonly instanceType?: string;
  /** @minimum 0 @maximum 1000 @default - of the preset: 1, 1 or 2 */
  readonly minSize?: number;
  /** @minimum 1 @maximum 1000 @default - of the preset: 1, 2 or 6 */
  readonly maxSize?: number;
  /** Instances are added and taken away to keep the average here. @minimum 10 @maximum 90 @default 60 */
  readonly cpuTargetPercent?: number;
  /** A script or cloud-init. Everybody who sees the instance sees it: name a secret by its ARN. @default - none */
  readonly userData?: pulumi.Input<string>;
  /** @minimum 8 @maximum 16384 @default 20 */
  readonly rootVolumeGiB?: number;
  /** As the image names its root device. @default "/dev/xvda" */
  readonly rootDeviceName?: string;
  /** Of the disks; it lets `autoscaling` use it. @format ARN of a KMS key @default - encrypted with `aws/ebs` */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** The rights of the instances' role. @default [], besides those of Session Manager */
  readonly statements?: readonly PolicyStatement[];
  /** @default [], nothing comes in */
  readonly allowFrom?: readonly InstanceIngress[];
  /**
   * Lets them leave the VPC where the subnets have a way out; so also to S3 and DynamoDB through gateway endpoints.
   *
   * @default - they reach what has an address in the VPC
   */
  readonly reachAnywhere?: Opening;
  /** Target groups of load balancers that the instances join. @format ARNs @default [] */
  readonly targetGroupArns?: readonly pulumi.Input<string>[];
  /** What says that an instance is ill. @default - `ELB` with target groups, else `EC2` */
  readonly healthCheck?: "EC2" | "ELB";
  /** How long a new instance has to get ready. @minimum 0 @maximum 7200 @default 300 */
  readonly warmupSeconds?: number;
  /** How much of the group stays in service while it is renewed. @minimum 0 @maximum 100 @default 100 */
  readonly minHealthyPercent?: number;
  /** Each instance is renewed by then, so that it has the newest patches. @minimum 1 @maximum 365 @default - never */
  readonly maxInstanceLifetimeDays?: number;
  /** @default - of the preset: only in prod */
  readonly detailedMonitoring?: boolean;
  readonly alarms?: AlarmsArgs<InstanceGroupAlarm>;
  /** At least Environment, Project, Owner and ManagedBy; instances and disks carry them too. */
  readonly tags: Tags;
}
