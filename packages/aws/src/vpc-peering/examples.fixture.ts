// The examples of docs/vpc-peering.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as aws from "@pulumi/aws";
import { Vpc, VpcPeering } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

export function start(): VpcPeering {
  const zones = ["eu-central-1a"];
  // #region start
  const shop = new Vpc("peering-shop", {
    cidrBlock: "10.42.0.0/16",
    zones,
    peerCidrBlocks: ["10.43.0.0/16"],
    tags,
  });
  const tools = new Vpc("peering-tools", {
    cidrBlock: "10.43.0.0/16",
    zones,
    peerCidrBlocks: ["10.42.0.0/16"],
    tags,
  });
  const peering = new VpcPeering("shop-tools", {
    requester: shop.asPeer(),
    accepter: tools.asPeer(),
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return peering;
}

export function partner(): VpcPeering {
  const shop = { vpcId: "vpc-1", cidrBlock: "10.42.0.0/16", routeTableIds: { "private-a": "rtb-1" } };
  const partnerAccount = new aws.Provider("partner", { region: "eu-west-1" });
  // #region partner
  const peering = new VpcPeering("shop-partner", {
    requester: shop,
    accepter: {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      cidrBlock: "10.200.0.0/16",
      routeTableIds: { main: "rtb-0a1b2c3d4e5f60718" },
      region: "eu-west-1",
      account: { accountId: "210987654321", provider: partnerAccount },
    },
    dnsResolution: false,
    tags,
  });
  // #endregion
  return peering;
}
