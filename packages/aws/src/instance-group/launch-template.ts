import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { egressRules } from "../egress-rules.ts";
import { openingTag } from "../opening.ts";
import type { InstanceGroupArgs, InstanceGroupSize } from "./instance-group-args.ts";
import type { InstanceRole } from "./instance-role.ts";

export function createSecurityGroup(
  context: ComponentContext,
  { network, allowFrom = [], reachAnywhere }: InstanceGroupArgs,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(
    context.child("security-group"),
    {
      description: `Instances of ${context.name}`,
      vpcId: network.vpcId,
      ingress: allowFrom.map(({ port, securityGroupIds }) => ({
        protocol: "tcp",
        fromPort: port,
        toPort: port,
        securityGroups: [...securityGroupIds],
      })),
      egress: egressRules(network, reachAnywhere),
      tags: context.tags("security-group", openingTag("anywhere", reachAnywhere)),
    },
    context.options(),
  );
}

export function createLaunchTemplate(
  context: ComponentContext,
  args: InstanceGroupArgs,
  size: InstanceGroupSize,
  { instanceProfile }: InstanceRole,
  securityGroup: aws.ec2.SecurityGroup,
): aws.ec2.LaunchTemplate {
  const { userData } = args;
  const launched = context.tags("instance");
  return new aws.ec2.LaunchTemplate(
    context.child("launch-template"),
    {
      imageId: args.imageId,
      instanceType: size.instanceType,
      iamInstanceProfile: { arn: instanceProfile.arn },
      // IMDSv2, and no further than the instance itself: AWS FSBP EC2.8, EC2.170; CIS AWS Foundations v3.0.0 5.6.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: "false",
          deleteOnTermination: "true",
          securityGroups: [securityGroup.id],
        },
      ],
      blockDeviceMappings: [
        {
          deviceName: args.rootDeviceName ?? "/dev/xvda",
          ebs: {
            encrypted: "true",
            volumeType: "gp3",
            volumeSize: args.rootVolumeGiB ?? 20,
            deleteOnTermination: "true",
            ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
          },
        },
      ],
      monitoring: { enabled: size.detailedMonitoring },
      ...(userData !== undefined && {
        userData: pulumi.output(userData).apply((text) => Buffer.from(text).toString("base64")),
      }),
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: launched,
      })),
      tags: context.tags("launch-template"),
    },
    context.options(),
  );
}
