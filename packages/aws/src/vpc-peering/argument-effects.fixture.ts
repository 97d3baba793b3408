import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { VpcPeering } from "./vpc-peering.ts";
import type { VpcPeeringArgs } from "./vpc-peering-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const shop = { vpcId: "vpc-1", cidrBlock: "10.1.0.0/16", routeTableIds: { a: "rtb-1" } };
const tools = { vpcId: "vpc-2", cidrBlock: "10.2.0.0/16", routeTableIds: { a: "rtb-2" } };

/** The table of docs/vpc-peering.md. */
export const argumentEffects: ArgumentEffects<VpcPeeringArgs> = {
  base: { requester: shop, accepter: tools, tags },
  create: (args, options) => new VpcPeering("unit", args, options),
  full: { requester: shop, accepter: { ...tools, region: "eu-west-1" }, tags },
  untaggable: ["aws:ec2/route:Route", "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions"],
  changes: {
    requester: [
      {
        to: { ...shop, routeTableIds: { a: "rtb-1", b: "rtb-3" } },
        effect: { creates: ["requester-b-route"] },
      },
      { to: { ...shop, vpcId: "vpc-9" }, effect: { replaces: ["connection"] } },
      { to: { ...shop, cidrBlock: "10.2.8.0/24" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    accepter: [
      { to: { ...tools, cidrBlock: "10.3.0.0/16" }, effect: { replaces: ["requester-a-route"] } },
      {
        to: { ...tools, region: "eu-west-1" },
        effect: {
          creates: ["accepter"],
          replaces: ["accepter-a-route", "accepter-dns", "connection", "requester-dns"],
          updates: ["requester-a-route"],
        },
      },
    ],
    dnsResolution: { to: false, effect: { deletes: ["accepter-dns", "requester-dns"] } },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["connection"] } },
  },
};
