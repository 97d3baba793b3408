import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import type { LambdaFunctionArgs } from "./lambda-function-args.ts";

export interface FunctionNetwork {
  readonly securityGroup?: aws.ec2.SecurityGroup;
  readonly vpcConfig?: aws.types.input.lambda.FunctionVpcConfig;
}

export function createNetwork(context: ComponentContext, { vpc }: LambdaFunctionArgs): FunctionNetwork {
  if (vpc === undefined) return {};
  const { network, tier = "private", securityGroupIds } = vpc;
  const subnetIds = tier === "private" ? network.privateSubnetIds : network.isolatedSubnetIds;
  if (securityGroupIds !== undefined)
    return { vpcConfig: { subnetIds, securityGroupIds: [...securityGroupIds] } };
  const securityGroup = new aws.ec2.SecurityGroup(
    context.child("security-group"),
    {
      description: `Function ${context.name}`,
      vpcId: network.vpcId,
      ingress: [],
      // Where it may go is for the security groups, network ACLs and routes of where it goes.
      egress: [
        { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] },
      ],
      tags: context.tags("security-group"),
    },
    context.options(),
  );
  return { securityGroup, vpcConfig: { subnetIds, securityGroupIds: [securityGroup.id] } };
}
