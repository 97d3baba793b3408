import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkAlarms, createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import { alarmSpecs, INSTANCE_GROUP_ALARMS } from "./group-alarms.ts";
import {
  INSTANCE_GROUP_PRESETS,
  type InstanceGroupAlarm,
  type InstanceGroupArgs,
  type InstanceGroupSize,
} from "./instance-group-args.ts";
import { createRole, type InstanceRole } from "./instance-role.ts";
import { createLaunchTemplate, createSecurityGroup } from "./launch-template.ts";

/** What other components need of a group of instances. */
export interface InstanceGroupRef {
  readonly groupName: pulumi.Input<string>;
  /** What others let in. */
  readonly securityGroupId: pulumi.Input<string>;
}

/** The resources of an `InstanceGroup`. */
export interface InstanceGroupNodes extends InstanceRole {
  readonly group: aws.autoscaling.Group;
  readonly launchTemplate: aws.ec2.LaunchTemplate;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** Absent where the group cannot grow. */
  readonly cpuPolicy?: aws.autoscaling.Policy;
  readonly alarms: ReadonlyMap<InstanceGroupAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * EC2 instances that are replaced when they fall ill and renewed when they change, without SSH keys, public addresses or
 * the old metadata service.
 *
 * Creates, named `${name}-…`: `group`, `launch-template`, `security-group`, `role`, `session-manager`, `profile`, and the
 * alarms `cpu-alarm`, `status-alarm`, `in-service-alarm`; with `statements` also `policy`, and where `maxSize` is above
 * `minSize` also `cpu-policy`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class InstanceGroup extends pulumi.ComponentResource implements InstanceGroupRef {
  readonly groupName: pulumi.Output<string>;
  readonly groupArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly nodes: InstanceGroupNodes;

  constructor(name: string, args: InstanceGroupArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:InstanceGroup", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const role = createRole(context, args);
    const securityGroup = createSecurityGroup(context, args);
    const launchTemplate = createLaunchTemplate(context, args, size, role, securityGroup);
    const group = createGroup(context, args, size, launchTemplate, role);
    const cpuPolicy = scaleOnCpu(context, args, size, group);
    const alarms = createAlarms(context, alarmSpecs(name, group, size), args.alarms);

    this.nodes = { group, launchTemplate, securityGroup, ...role, ...(cpuPolicy && { cpuPolicy }), alarms };
    this.groupName = group.name;
    this.groupArn = group.arn;
    this.securityGroupId = securityGroup.id;
    this.roleArn = role.role.arn;
    this.registerOutputs({ ...this.ref, groupArn: this.groupArn, roleArn: this.roleArn });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly groupName: pulumi.Output<string>; readonly securityGroupId: pulumi.Output<string> } {
    const { groupName, securityGroupId } = this;
    return { groupName, securityGroupId };
  }

  /** How busy the instances are, and how many there are. */
  widgets(): readonly DashboardWidget[] {
    const dimensions = { AutoScalingGroupName: this.groupName };
    return [
      {
        title: "CPU percent",
        metrics: [{ namespace: "AWS/EC2", metric: "CPUUtilization", dimensions }],
        periodSeconds: 300,
      },
      {
        title: "Instances",
        metrics: ["GroupInServiceInstances", "GroupDesiredCapacity"].map((metric) => ({
          namespace: "AWS/AutoScaling",
          metric,
          dimensions,
        })),
      },
    ];
  }
}

function validate(name: string, args: InstanceGroupArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(INSTANCE_GROUP_PRESETS, args.preset);
  const size: InstanceGroupSize = {
    instanceType: args.instanceType ?? row.instanceType,
    minSize: args.minSize ?? row.minSize,
    // A minimum that was raised alone takes the maximum along.
    maxSize: args.maxSize ?? Math.max(row.maxSize, args.minSize ?? 0),
    detailedMonitoring: args.detailedMonitoring ?? row.detailedMonitoring,
  };
  checkWhole("minSize", size.minSize, 0, 1000);
  checkWhole("maxSize", size.maxSize, 1, 1000);
  if (size.maxSize < size.minSize)
    throw invalidArgument(
      `maxSize is ${size.maxSize}, below minSize ${size.minSize}; raise it, or lower minSize`,
    );
  if (!/^[a-z0-9-]+\.[a-z0-9-]+$/.test(size.instanceType))
    throw invalidArgument(`instanceType is "${size.instanceType}"; give one such as m7g.large`);
  if (typeof args.imageId === "string" && !/^ami-[0-9a-f]{8,17}$/.test(args.imageId))
    throw invalidArgument(`imageId is "${args.imageId}"; give the id of an AMI, such as a lookup's value`, {
      imageId: args.imageId,
    });
  const { rootDeviceName = "/dev/xvda" } = args;
  if (!/^\/dev\/[a-z0-9]+$/.test(rootDeviceName))
    throw invalidArgument(`rootDeviceName is "${rootDeviceName}"; give the image's, such as /dev/xvda`);
  openingTag("anywhere", args.reachAnywhere);
  checkOneOf("tier", args.tier, ["private", "isolated"]);
  checkOneOf("healthCheck", args.healthCheck, ["EC2", "ELB"]);
  checkWhole("cpuTargetPercent", args.cpuTargetPercent, 10, 90);
  checkWhole("rootVolumeGiB", args.rootVolumeGiB, 8, 16_384);
  checkWhole("warmupSeconds", args.warmupSeconds, 0, 7200);
  checkWhole("minHealthyPercent", args.minHealthyPercent, 0, 100);
  checkWhole("maxInstanceLifetimeDays", args.maxInstanceLifetimeDays, 1, 365);
  for (const { port, securityGroupIds } of args.allowFrom ?? []) {
    checkWhole("allowFrom.port", port, 1, 65_535);
    if (securityGroupIds.length === 0)
      throw invalidArgument(`allowFrom opens port ${port} to nobody; list security groups, or leave it out`, {
        port,
      });
  }
  checkAlarms(INSTANCE_GROUP_ALARMS, args.alarms);
  return { tags, size };
}

function createGroup(
  context: ComponentContext,
  args: InstanceGroupArgs,
  size: InstanceGroupSize,
  launchTemplate: aws.ec2.LaunchTemplate,
  { sessionManager, policy }: InstanceRole,
): aws.autoscaling.Group {
  const { network, targetGroupArns = [], maxInstanceLifetimeDays, warmupSeconds = 300 } = args;
  const { minHealthyPercent = 100 } = args;
  return new aws.autoscaling.Group(
    context.child("group"),
    {
      // The capacity in between is the scaling policy's, so that a deployment does not undo it.
      minSize: size.minSize,
      maxSize: size.maxSize,
      vpcZoneIdentifiers: args.tier === "isolated" ? network.isolatedSubnetIds : network.privateSubnetIds,
      // A number, not $Latest: a changed template then renews the instances.
      launchTemplate: {
        id: launchTemplate.id,
        version: launchTemplate.latestVersion.apply((version) => String(version)),
      },
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: minHealthyPercent,
          // Above 100: new instances start before old ones go. AWS takes at most 100 between the two.
          maxHealthyPercentage: Math.min(110, minHealthyPercent + 100),
          instanceWarmup: String(warmupSeconds),
          autoRollback: true,
        },
      },
      targetGroupArns: [...targetGroupArns],
      healthCheckType: args.healthCheck ?? (targetGroupArns.length > 0 ? "ELB" : "EC2"),
      healthCheckGracePeriod: warmupSeconds,
      defaultInstanceWarmup: warmupSeconds,
      // 0 takes a lifetime away again.
      maxInstanceLifetime: (maxInstanceLifetimeDays ?? 0) * 86_400,
      // Free: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
      enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances"],
      tags: Object.entries(context.tags("group")).map(([key, value]) => ({
        key,
        value,
        // The template tags them, as instances and not as the group.
        propagateAtLaunch: false,
      })),
    },
    // The first instances would start without their rights.
    context.options({ dependsOn: [sessionManager, ...(policy ? [policy] : [])] }),
  );
}

function scaleOnCpu(
  context: ComponentContext,
  { cpuTargetPercent = 60 }: InstanceGroupArgs,
  { minSize, maxSize }: InstanceGroupSize,
  group: aws.autoscaling.Group,
): aws.autoscaling.Policy | undefined {
  if (maxSize === minSize) return undefined;
  return new aws.autoscaling.Policy(
    context.child("cpu-policy"),
    {
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: cpuTargetPercent,
      },
    },
    context.options(),
  );
}
