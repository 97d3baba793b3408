import * as aws from "@pulumi/aws";
import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { Vpc } from "../vpc/vpc.ts";
import { VpcPeering } from "./vpc-peering.ts";
import type { VpcPeeringArgs } from "./vpc-peering-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const shop = { vpcId: "vpc-1", cidrBlock: "10.1.0.0/16", routeTableIds: { "private-a": "rtb-1" } };
const tools = { vpcId: "vpc-2", cidrBlock: "10.2.0.0/16", routeTableIds: { main: "rtb-2" } };
const create = (args: Partial<VpcPeeringArgs>) =>
  record(
    (options) => new VpcPeering("peering", { requester: shop, accepter: tools, tags, ...args }, options),
  );

describe("VpcPeering", () => {
  test("connects two VPCs of an account, with routes and names at both ends", async () => {
    const { resources } = await create({});
    const id = "peering-connection-id";
    expect(resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "peering-accepter-dns",
        { vpcPeeringConnectionId: id, accepter: { allowRemoteVpcDnsResolution: true } },
      ],
      [
        "peering-accepter-main-route",
        { routeTableId: "rtb-2", destinationCidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: id },
      ],
      [
        "peering-connection",
        {
          vpcId: "vpc-1",
          peerVpcId: "vpc-2",
          autoAccept: true,
          tags: { ...tags, Name: "peering-connection" },
        },
      ],
      [
        "peering-requester-dns",
        { vpcPeeringConnectionId: id, requester: { allowRemoteVpcDnsResolution: true } },
      ],
      [
        "peering-requester-private-a-route",
        { routeTableId: "rtb-1", destinationCidrBlock: "10.2.0.0/16", vpcPeeringConnectionId: id },
      ],
    ]);
  });

  test("accepts, routes and resolves in the region and account of the other end", async () => {
    let urn: string | undefined;
    const { resources } = await record((options) => {
      const provider = new aws.Provider("partner", { region: "eu-west-1" });
      provider.urn.apply((value) => {
        urn = value;
      });
      const account = { accountId: "210987654321", provider };
      return new VpcPeering(
        "peering",
        { requester: shop, accepter: { ...tools, region: "eu-west-1", account }, tags },
        options,
      );
    });
    const inputs = (name: string) => resources.find((one) => one.name === name)?.inputs;
    expect(inputs("peering-connection")).toMatchObject({
      autoAccept: false,
      peerRegion: "eu-west-1",
      peerOwnerId: "210987654321",
    });
    expect(inputs("peering-accepter")).toMatchObject({
      vpcPeeringConnectionId: "peering-connection-id",
      autoAccept: true,
      region: "eu-west-1",
    });
    const there = resources.filter(({ provider }) => urn !== undefined && provider.startsWith(urn));
    expect(there.map(({ name }) => name)).toEqual([
      "peering-accepter",
      "peering-accepter-dns",
      "peering-accepter-main-route",
    ]);
    expect(inputs("peering-accepter-main-route")).toMatchObject({
      region: "eu-west-1",
      vpcPeeringConnectionId: "peering-accepter-id",
    });
  });

  test("takes a Vpc, with the tables of its private tier or of those that are named", async () => {
    const { component: peer } = await record(
      (options) =>
        new Vpc(
          "shop",
          { cidrBlock: "10.1.0.0/16", zones: ["eu-central-1a", "eu-central-1b"], tags },
          options,
        ),
      () => ({ arn: "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1" }),
    );
    const { cidrBlock, routeTableIds } = peer.asPeer();
    expect(cidrBlock).toBe("10.1.0.0/16");
    expect(
      await Promise.all(Object.entries(routeTableIds).map(async ([key, id]) => [key, await resolved(id)])),
    ).toEqual([
      ["private-a", "shop-private-a-routes-id"],
      ["private-b", "shop-private-b-routes-id"],
    ]);
    expect(Object.keys(peer.asPeer(["isolated"]).routeTableIds)).toEqual(["isolated"]);
  });

  test.each<[Partial<VpcPeeringArgs>, string]>([
    [
      { accepter: { ...tools, cidrBlock: "10.1.128.0/20" } },
      "10.1.0.0/16 and accepter 10.1.128.0/20, which overlap",
    ],
    [{ accepter: { ...tools, cidrBlock: "10.2.0.1/16" } }, "did you mean 10.2.0.0/16"],
    [{ requester: { ...shop, routeTableIds: {} } }, "requester.routeTableIds is empty"],
    [{ requester: { ...shop, routeTableIds: { A: "rtb-1" } } }, 'requester.routeTableIds has "A"'],
    [{ accepter: { ...tools, region: "Ireland" } }, 'accepter.region is "Ireland"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
