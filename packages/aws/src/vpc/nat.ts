import * as aws from "@pulumi/aws";
import type { Gateways } from "./gateways.ts";
import { planned } from "./planned.ts";
import type { Subnets } from "./subnets.ts";
import type { VpcContext } from "./vpc-context.ts";
import type { NatPlan } from "./vpc-plan.ts";
import type { ZoneSlot } from "./zones.ts";

export interface Nat {
  readonly address: aws.ec2.Eip;
  readonly gateway: aws.ec2.NatGateway;
}

/** The NAT gateways by the slot of their zone, each with its public address. */
export function createNat(
  context: VpcContext,
  subnets: Subnets,
  gateways: Gateways,
): ReadonlyMap<ZoneSlot, Nat> {
  return new Map(
    context.plan.natGateways.map((nat) => [nat.slot, createGateway(context, subnets, gateways, nat)]),
  );
}

function createGateway(context: VpcContext, subnets: Subnets, gateways: Gateways, nat: NatPlan): Nat {
  const role = `nat-${nat.slot}`;
  const existing = context.args.adopt?.natGateways?.[nat.slot];
  // Neither works before the internet gateway is attached, nor can it be detached before they are gone.
  const dependsOn = gateways.internetGateway ? [gateways.internetGateway] : [];
  const address = new aws.ec2.Eip(
    context.child(`${role}-address`),
    { domain: "vpc", tags: context.tags(`${role}-address`) },
    context.adopted(existing?.allocationId, ["tags"], { dependsOn }),
  );
  const gateway = new aws.ec2.NatGateway(
    context.child(role),
    {
      allocationId: address.id,
      subnetId: planned(subnets, nat.subnet).id,
      connectivityType: "public",
      tags: context.tags(role),
    },
    context.adopted(existing?.id, ["tags"], { dependsOn }),
  );
  return { address, gateway };
}
