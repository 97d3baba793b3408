import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import { egressRules } from "../egress-rules.ts";
import { openingTag } from "../opening.ts";
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
      egress: egressRules(network, vpc.reachAnywhere),
      tags: context.tags("security-group", openingTag("anywhere", vpc.reachAnywhere)),
    },
    context.options(),
  );
  return { securityGroup, vpcConfig: { subnetIds, securityGroupIds: [securityGroup.id] } };
}
