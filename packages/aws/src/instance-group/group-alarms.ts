import type * as aws from "@pulumi/aws";
import type { AlarmSpec } from "../monitoring/alarms.ts";
import type { InstanceGroupAlarm, InstanceGroupSize } from "./instance-group-args.ts";

export const INSTANCE_GROUP_ALARMS = ["cpu", "status", "in-service"] as const;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html */
export function alarmSpecs(
  name: string,
  group: aws.autoscaling.Group,
  { minSize }: InstanceGroupSize,
): readonly AlarmSpec<InstanceGroupAlarm>[] {
  const dimensions = { AutoScalingGroupName: group.name };
  return [
    {
      id: "cpu",
      description: `Instances of ${name} are at their limit, and the group adds no more: look at its maximum size.`,
      namespace: "AWS/EC2",
      metric: "CPUUtilization",
      dimensions,
      comparison: "above",
      threshold: 90,
      periodSeconds: 300,
      periods: 3,
    },
    {
      id: "status",
      description: `An instance of ${name} fails its status checks: the group should replace it; look at its activity.`,
      namespace: "AWS/EC2",
      metric: "StatusCheckFailed",
      dimensions,
      statistic: "Maximum",
      comparison: "above",
      threshold: 0,
      periodSeconds: 300,
      periods: 2,
    },
    {
      id: "in-service",
      description: `${name} has fewer instances in service than it should: look at the group's activity.`,
      namespace: "AWS/AutoScaling",
      metric: "GroupInServiceInstances",
      dimensions,
      statistic: "Minimum",
      comparison: "below",
      threshold: minSize,
      periods: 10,
    },
  ];
}
