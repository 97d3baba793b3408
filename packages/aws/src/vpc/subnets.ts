import * as aws from "@pulumi/aws";
import { ipv6Slash64 } from "../cidr.ts";
import type { SubnetKey, SubnetPlan } from "./address-plan.ts";
import { publicSubnetOpenings } from "./openings.ts";
import type { VpcContext } from "./vpc-context.ts";

export type Subnets = ReadonlyMap<SubnetKey, aws.ec2.Subnet>;

export function createSubnets(context: VpcContext, vpc: aws.ec2.Vpc): Subnets {
  return new Map(context.plan.subnets.map((subnet) => [subnet.key, createSubnet(context, vpc, subnet)]));
}

function createSubnet(context: VpcContext, vpc: aws.ec2.Vpc, subnet: SubnetPlan): aws.ec2.Subnet {
  const { ipv6, publicIpOnLaunch, adopt } = context.args;
  const isPublic = subnet.tier === "public";
  const publicIp = isPublic && publicIpOnLaunch !== undefined;
  const tags = { Tier: subnet.tier, ...(isPublic && publicSubnetOpenings(context.args)) };
  return new aws.ec2.Subnet(
    context.child(subnet.key),
    {
      vpcId: vpc.id,
      availabilityZone: subnet.zone,
      cidrBlock: subnet.cidrBlock,
      mapPublicIpOnLaunch: publicIp,
      ...(ipv6 && {
        ipv6CidrBlock: vpc.ipv6CidrBlock.apply((block) => ipv6Slash64(block, subnet.ipv6Index)),
        // An IPv6 address is a public one where the route leads to an internet gateway.
        assignIpv6AddressOnCreation: !isPublic || publicIp,
      }),
      tags: context.tags(subnet.key, tags),
    },
    context.adopted(adopt?.subnets?.[subnet.key]?.id, [
      "tags",
      "mapPublicIpOnLaunch",
      "ipv6CidrBlock",
      "assignIpv6AddressOnCreation",
    ]),
  );
}
