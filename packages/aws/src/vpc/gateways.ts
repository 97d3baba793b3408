import * as aws from "@pulumi/aws";
import type { VpcContext } from "./vpc-context.ts";

export interface Gateways {
  readonly internetGateway?: aws.ec2.InternetGateway;
  readonly egressOnlyInternetGateway?: aws.ec2.EgressOnlyInternetGateway;
}

/** The ways out: an internet gateway for a public tier, an egress-only one for a private tier with IPv6. */
export function createGateways(context: VpcContext, vpc: aws.ec2.Vpc): Gateways {
  const { args, plan } = context;
  return {
    ...(plan.tiers.includes("public") && {
      internetGateway: new aws.ec2.InternetGateway(
        context.child("internet-gateway"),
        { vpcId: vpc.id, tags: context.tags("internet-gateway") },
        context.adopted(args.adopt?.internetGatewayId, ["tags"]),
      ),
    }),
    ...(args.ipv6 &&
      plan.tiers.includes("private") && {
        egressOnlyInternetGateway: new aws.ec2.EgressOnlyInternetGateway(
          context.child("egress-only-gateway"),
          { vpcId: vpc.id, tags: context.tags("egress-only-gateway") },
          context.adopted(args.adopt?.egressOnlyInternetGatewayId, ["tags"]),
        ),
      }),
  };
}
