import * as aws from "@pulumi/aws";
import type { Gateways } from "./gateways.ts";
import type { Nat } from "./nat.ts";
import { planned } from "./planned.ts";
import type { Subnets } from "./subnets.ts";
import type { VpcContext } from "./vpc-context.ts";
import type { RouteTableKey, RouteTablePlan } from "./vpc-plan.ts";
import type { ZoneSlot } from "./zones.ts";

export type RouteTables = ReadonlyMap<RouteTableKey, aws.ec2.RouteTable>;

/**
 * The route tables with their routes and subnets. Routes are resources of their own, never inline, so that others
 * can add routes (peerings, transit gateways) without the two fighting.
 */
export function createRouteTables(
  context: VpcContext,
  vpc: aws.ec2.Vpc,
  subnets: Subnets,
  gateways: Gateways,
  nat: ReadonlyMap<ZoneSlot, Nat>,
): RouteTables {
  return new Map(
    context.plan.routeTables.map((table) => {
      const role = `${table.key}-routes`;
      const created = new aws.ec2.RouteTable(
        context.child(role),
        { vpcId: vpc.id, tags: context.tags(role, { Tier: table.tier }) },
        context.options(),
      );
      createRoutes(context, created, table, gateways, nat);
      associate(context, created, table, subnets);
      return [table.key, created];
    }),
  );
}

function createRoutes(
  context: VpcContext,
  { id: routeTableId }: aws.ec2.RouteTable,
  table: RouteTablePlan,
  { internetGateway, egressOnlyInternetGateway }: Gateways,
  nat: ReadonlyMap<ZoneSlot, Nat>,
): void {
  const route = (role: string, args: Omit<aws.ec2.RouteArgs, "routeTableId">) =>
    new aws.ec2.Route(context.child(`${table.key}-${role}`), { routeTableId, ...args }, context.options());
  if (table.tier === "public" && internetGateway) {
    route("internet-route", { destinationCidrBlock: "0.0.0.0/0", gatewayId: internetGateway.id });
    if (context.args.ipv6) {
      route("internet-ipv6-route", { destinationIpv6CidrBlock: "::/0", gatewayId: internetGateway.id });
    }
  }
  if (table.nat) {
    const { gateway } = planned(nat, table.nat);
    route("nat-route", { destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id });
  }
  if (table.tier === "private" && egressOnlyInternetGateway) {
    route("egress-ipv6-route", {
      destinationIpv6CidrBlock: "::/0",
      egressOnlyGatewayId: egressOnlyInternetGateway.id,
    });
  }
}

function associate(
  context: VpcContext,
  routeTable: aws.ec2.RouteTable,
  table: RouteTablePlan,
  subnets: Subnets,
): void {
  for (const key of table.subnets) {
    const existing = context.args.adopt?.subnets?.[key];
    const association = existing?.routeTableId && `${existing.id}/${existing.routeTableId}`;
    new aws.ec2.RouteTableAssociation(
      context.child(`${key}-association`),
      { subnetId: planned(subnets, key).id, routeTableId: routeTable.id },
      // An adopted subnet stays on its table, and moves to ours when the adoption ends.
      context.adopted(association, ["routeTableId"]),
    );
  }
}
