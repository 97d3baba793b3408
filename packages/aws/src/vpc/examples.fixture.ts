// The examples of the README and the class doc, compiled and run by `readme.test.ts`; regions are compared verbatim.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Vpc, type VpcRef } from "../index.ts";

export function start(): Vpc {
  // #region start
  const network = new Vpc("main", {
    cidrBlock: "10.16.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    nat: "single",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return network;
}

export function production(): Vpc {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region production
  const network = new Vpc("main", {
    cidrBlock: "10.32.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    nat: "per-zone",
    ipv6: true,
    interfaceEndpoints: ["ecr.api", "ecr.dkr", "ssm"],
    publicIngress: [{ port: 443, reason: "public load balancer" }],
    peerCidrBlocks: ["10.99.0.0/16"],
    flowLogs: { destination: "cloud-watch-logs", retentionDays: 365 },
    tags,
  });
  // #endregion
  return network;
}

export function adopt(): Vpc {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region adopt
  const network = new Vpc("legacy", {
    cidrBlock: "172.20.0.0/16",
    zones: ["eu-west-1a", "eu-west-1b"],
    tiers: ["public", "private"],
    nat: "single",
    subnets: {
      "public-a": { cidrBlock: "172.20.1.0/24" },
      "public-b": { cidrBlock: "172.20.2.0/24" },
      "private-a": { cidrBlock: "172.20.11.0/24" },
      "private-b": { cidrBlock: "172.20.12.0/24" },
    },
    adopt: {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      internetGatewayId: "igw-0a1b2c3d4e5f60718",
      subnets: {
        "public-a": { id: "subnet-0a1b2c3d4e5f60711", routeTableId: "rtb-0a1b2c3d4e5f60711" },
        "public-b": { id: "subnet-0a1b2c3d4e5f60712", routeTableId: "rtb-0a1b2c3d4e5f60711" },
        "private-a": { id: "subnet-0a1b2c3d4e5f60713", routeTableId: "rtb-0a1b2c3d4e5f60712" },
        "private-b": { id: "subnet-0a1b2c3d4e5f60714" },
      },
      natGateways: { a: { id: "nat-0a1b2c3d4e5f60718", allocationId: "eipalloc-0a1b2c3d4e5f60718" } },
    },
    tags,
  });
  // #endregion
  return network;
}

export function use(): aws.rds.SubnetGroup {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = new Vpc("main", {
    cidrBlock: "10.16.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    tags,
  });
  // #region use
  const databases = new aws.rds.SubnetGroup("databases", { subnetIds: network.isolatedSubnetIds, tags });
  const web = new aws.ec2.SecurityGroup("web", { vpcId: network.vpcId, tags });
  // #endregion
  return web && databases;
}

export function reference(): VpcRef {
  // #region reference
  const upstream = new pulumi.StackReference("acme/network/prod");
  const network: VpcRef = {
    vpcId: upstream.requireOutput("vpcId"),
    cidrBlock: "10.32.0.0/16",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
    isolatedSubnetIds: [],
  };
  // #endregion
  return network;
}

export function transform(): Vpc {
  const args = {
    cidrBlock: "10.16.0.0/16",
    zones: ["eu-central-1a"],
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  };
  // #region transform
  const network = new Vpc("main", args, {
    transforms: [
      ({ type, props, opts }) =>
        type === "aws:ec2/vpc:Vpc"
          ? { props: { ...props, instanceTenancy: "dedicated" }, opts: { ...opts, protect: true } }
          : undefined,
    ],
  });
  // #endregion
  return network;
}
