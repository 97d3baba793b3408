import * as aws from "@pulumi/aws";
import type { Tier } from "./address-plan.ts";
import { gatewayEndpointTiers } from "./endpoint-args.ts";
import { type AclPlan, type AclRule, planNetworkAcl } from "./network-acl-plan.ts";
import { publicIngressOpenings } from "./openings.ts";
import { planned } from "./planned.ts";
import type { Subnets } from "./subnets.ts";
import type { VpcArgs } from "./vpc-args.ts";
import type { VpcContext } from "./vpc-context.ts";
import type { VpcPlan } from "./vpc-plan.ts";

export type NetworkAcls = ReadonlyMap<Tier, aws.ec2.NetworkAcl>;

/**
 * The rules of each tier; none when the ACLs are left open.
 *
 * @throws {INVALID_ARGUMENT} as `planNetworkAcl`.
 */
export function planNetworkAcls(args: VpcArgs, plan: VpcPlan): ReadonlyMap<Tier, AclPlan> {
  const endpointTiers: readonly Tier[] = gatewayEndpointTiers(args);
  const plans = plan.tiers.map((tier) => {
    const rules = planNetworkAcl(tier, {
      nat: plan.natGateways.length > 0,
      ipv6: args.ipv6 ?? false,
      publicIpOnLaunch: args.publicIpOnLaunch !== undefined,
      gatewayEndpoints: endpointTiers.includes(tier),
      publicIngress: args.publicIngress ?? [],
      peerCidrBlocks: args.peerCidrBlocks ?? [],
    });
    return [tier, rules] as const;
  });
  return args.openNetworkAcls ? new Map() : new Map(plans);
}

export function createNetworkAcls(
  context: VpcContext,
  vpc: aws.ec2.Vpc,
  subnets: Subnets,
  plans: ReadonlyMap<Tier, AclPlan>,
): NetworkAcls {
  // Moving subnets to other ACLs would change what adopted ones let through.
  if (context.args.adopt) return new Map();
  return new Map(
    [...plans].map(([tier, plan]) => {
      const role = `${tier}-acl`;
      const own = { Tier: tier, ...(tier === "public" ? publicIngressOpenings(context.args) : {}) };
      const acl = new aws.ec2.NetworkAcl(
        context.child(role),
        {
          vpcId: vpc.id,
          subnetIds: context.plan.subnets.flatMap((s) =>
            s.tier === tier ? [planned(subnets, s.key).id] : [],
          ),
          ingress: plan.ingress.map((rule) => toInput(context, vpc, rule)),
          egress: plan.egress.map((rule) => toInput(context, vpc, rule)),
          tags: context.tags(role, own),
        },
        context.options(),
      );
      return [tier, acl];
    }),
  );
}

function toInput(
  context: VpcContext,
  vpc: aws.ec2.Vpc,
  rule: AclRule,
): aws.types.input.ec2.NetworkAclIngress {
  return {
    ruleNo: rule.ruleNumber,
    action: "allow",
    protocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    ...peerInput(context, vpc, rule.peer),
    ...(rule.icmp && { icmpType: rule.icmp.type, icmpCode: rule.icmp.code }),
  };
}

function peerInput(context: VpcContext, vpc: aws.ec2.Vpc, peer: AclRule["peer"]) {
  if (peer === "vpc-ipv4") return { cidrBlock: context.plan.cidrBlock };
  if (peer === "vpc-ipv6") return { ipv6CidrBlock: vpc.ipv6CidrBlock };
  return "ipv4" in peer ? { cidrBlock: peer.ipv4 } : { ipv6CidrBlock: peer.ipv6 };
}
