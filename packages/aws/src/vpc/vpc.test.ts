import type { Tags } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { type RecordedResource, type Recording, record, resolved } from "../../../../test/recording-mocks.ts";
import { Vpc } from "./vpc.ts";
import type { VpcArgs } from "./vpc-args.ts";

const tags: Tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const minimal: VpcArgs = { cidrBlock: "10.16.0.0/16", zones: ["eu-central-1a"], tags };
const full: VpcArgs = {
  ...minimal,
  zones: ["eu-central-1a", "eu-central-1b"],
  nat: "per-zone",
  ipv6: true,
  gatewayEndpointTiers: ["private", "isolated"],
  interfaceEndpoints: ["ecr.api", "ssm"],
  publicIngress: [{ port: 443, reason: "public load balancer" }],
  publicIpOnLaunch: { reason: "bastion hosts" },
  peerCidrBlocks: ["10.99.0.0/16"],
  flowLogs: { destination: "cloud-watch-logs", retentionDays: 365, aggregationSeconds: 60 },
};
const adopting: VpcArgs = {
  ...minimal,
  tiers: ["public", "private"],
  nat: "single",
  subnets: { "public-a": { cidrBlock: "10.16.1.0/24" }, "private-a": { cidrBlock: "10.16.128.0/24" } },
  adopt: {
    vpcId: "vpc-0a1",
    internetGatewayId: "igw-0b2",
    subnets: { "public-a": { id: "subnet-0c3", routeTableId: "rtb-0d4" }, "private-a": { id: "subnet-0e5" } },
    natGateways: { a: { id: "nat-0f6", allocationId: "eipalloc-0a7" } },
  },
};

const create = (args: VpcArgs) =>
  record(
    (options) => new Vpc("main", args, options),
    ({ type, name }) =>
      type === "aws:ec2/vpc:Vpc"
        ? {
            arn: "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:vpc/vpc-1",
            ipv6CidrBlock: "2600:1f14:a:bc00::/56",
          }
        : type === "aws:cloudwatch/logGroup:LogGroup"
          ? { arn: "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:flow" }
          : type === "aws:ec2/eip:Eip"
            ? { publicIp: `address-of-${name}` }
            : type === "aws:iam/role:Role"
              ? { arn: `arn-of-${name}` }
              : {},
  );
/** `main-` and the module are left out: every child has the one, and the conformance suite checks it. */
const shape = ({ children }: Recording<Vpc>) =>
  children.map(({ name, type }) => `${name.slice("main-".length)} ${type.split(":").at(-1)}`);
const inputsOf = ({ resources }: Recording<Vpc>, name: string): RecordedResource["inputs"] | undefined =>
  resources.find((resource) => resource.name === `main-${name}`)?.inputs;
const tagged = (name: string, more: Record<string, string> = {}) => ({
  ...tags,
  Name: `main-${name}`,
  ...more,
});

describe("a VPC with the defaults", () => {
  test("has three tiers, and nothing that is charged by the hour", async () => {
    expect(shape(await create(minimal))).toEqual([
      "default-security-group DefaultSecurityGroup",
      "dynamodb-endpoint VpcEndpoint",
      "flow-logs FlowLog",
      "flow-logs-group LogGroup",
      "flow-logs-policy RolePolicy",
      "flow-logs-role Role",
      "internet-gateway InternetGateway",
      "isolated-a Subnet",
      "isolated-a-association RouteTableAssociation",
      "isolated-acl NetworkAcl",
      "isolated-routes RouteTable",
      "private-a Subnet",
      "private-a-association RouteTableAssociation",
      "private-a-routes RouteTable",
      "private-acl NetworkAcl",
      "public-a Subnet",
      "public-a-association RouteTableAssociation",
      "public-acl NetworkAcl",
      "public-internet-route Route",
      "public-routes RouteTable",
      "s3-endpoint VpcEndpoint",
      "vpc Vpc",
    ]);
  });

  test("gives each resource exactly these inputs", async () => {
    const recording = await create(minimal);
    const vpcId = "main-vpc-id";
    expect(inputsOf(recording, "vpc")).toEqual({
      cidrBlock: "10.16.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: false,
      tags: tagged("vpc"),
    });
    for (const [key, cidrBlock] of [
      ["public-a", "10.16.192.0/22"],
      ["private-a", "10.16.0.0/20"],
      ["isolated-a", "10.16.128.0/21"],
    ] as const) {
      expect(inputsOf(recording, key)).toEqual({
        vpcId,
        availabilityZone: "eu-central-1a",
        cidrBlock,
        mapPublicIpOnLaunch: false,
        tags: tagged(key, { Tier: key.split("-")[0] ?? "" }),
      });
      const table = key === "private-a" ? key : key.split("-")[0];
      expect(inputsOf(recording, `${key}-association`)).toEqual({
        subnetId: `main-${key}-id`,
        routeTableId: `main-${table}-routes-id`,
      });
    }
    expect(inputsOf(recording, "internet-gateway")).toEqual({ vpcId, tags: tagged("internet-gateway") });
    expect(inputsOf(recording, "public-internet-route")).toEqual({
      routeTableId: "main-public-routes-id",
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: "main-internet-gateway-id",
    });
    expect(inputsOf(recording, "s3-endpoint")).toEqual({
      vpcId,
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.eu-central-1.s3",
      routeTableIds: ["main-private-a-routes-id"],
      tags: tagged("s3-endpoint"),
    });
    expect(inputsOf(recording, "default-security-group")).toEqual({
      vpcId,
      ingress: [],
      egress: [],
      tags: tagged("default-security-group"),
    });
  });

  test("writes flow logs with a role that only they can take, and only for their log group", async () => {
    const recording = await create(minimal);
    expect(inputsOf(recording, "flow-logs")).toEqual({
      vpcId: "main-vpc-id",
      trafficType: "ALL",
      maxAggregationInterval: 600,
      logDestinationType: "cloud-watch-logs",
      logDestination: "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:flow",
      iamRoleArn: "arn-of-main-flow-logs-role",
      tags: tagged("flow-logs"),
    });
    expect(inputsOf(recording, "flow-logs-group")).toEqual({
      retentionInDays: 90,
      tags: tagged("flow-logs-group"),
    });
    expect(JSON.parse(String(inputsOf(recording, "flow-logs-role")?.["assumeRolePolicy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:vpc-flow-log/*" },
          },
        },
      ],
    });
    expect(JSON.parse(String(inputsOf(recording, "flow-logs-policy")?.["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:flow:*",
        },
      ],
    });
  });

  test("closes its network ACLs to everything but the VPC, and S3 and DynamoDB for private subnets", async () => {
    const recording = await create(minimal);
    const vpcRule = {
      ruleNo: 100,
      action: "allow",
      protocol: "-1",
      fromPort: 0,
      toPort: 0,
      cidrBlock: "10.16.0.0/16",
    };
    for (const tier of ["public", "isolated"]) {
      expect(inputsOf(recording, `${tier}-acl`)).toEqual({
        vpcId: "main-vpc-id",
        subnetIds: [`main-${tier}-a-id`],
        ingress: [vpcRule],
        egress: [vpcRule],
        tags: tagged(`${tier}-acl`, { Tier: tier }),
      });
    }
    const tcp = { action: "allow", protocol: "6", cidrBlock: "0.0.0.0/0" };
    expect(inputsOf(recording, "private-acl")).toMatchObject({
      ingress: [
        vpcRule,
        { ...tcp, ruleNo: 300, fromPort: 1024, toPort: 3388 },
        { ...tcp, ruleNo: 301, fromPort: 3390, toPort: 65535 },
      ],
      egress: [vpcRule, { ...tcp, ruleNo: 300, fromPort: 443, toPort: 443 }],
    });
  });
});

describe("a VPC with everything", () => {
  test("has exactly these resources", async () => {
    expect(shape(await create(full))).toEqual([
      "default-security-group DefaultSecurityGroup",
      "dynamodb-endpoint VpcEndpoint",
      "ecr-api-endpoint VpcEndpoint",
      "egress-only-gateway EgressOnlyInternetGateway",
      "endpoints SecurityGroup",
      "endpoints-https SecurityGroupIngressRule",
      "flow-logs FlowLog",
      "flow-logs-group LogGroup",
      "flow-logs-policy RolePolicy",
      "flow-logs-role Role",
      "internet-gateway InternetGateway",
      "isolated-a Subnet",
      "isolated-a-association RouteTableAssociation",
      "isolated-acl NetworkAcl",
      "isolated-b Subnet",
      "isolated-b-association RouteTableAssociation",
      "isolated-routes RouteTable",
      "nat-a NatGateway",
      "nat-a-address Eip",
      "nat-b NatGateway",
      "nat-b-address Eip",
      "private-a Subnet",
      "private-a-association RouteTableAssociation",
      "private-a-egress-ipv6-route Route",
      "private-a-nat-route Route",
      "private-a-routes RouteTable",
      "private-acl NetworkAcl",
      "private-b Subnet",
      "private-b-association RouteTableAssociation",
      "private-b-egress-ipv6-route Route",
      "private-b-nat-route Route",
      "private-b-routes RouteTable",
      "public-a Subnet",
      "public-a-association RouteTableAssociation",
      "public-acl NetworkAcl",
      "public-b Subnet",
      "public-b-association RouteTableAssociation",
      "public-internet-ipv6-route Route",
      "public-internet-route Route",
      "public-routes RouteTable",
      "s3-endpoint VpcEndpoint",
      "ssm-endpoint VpcEndpoint",
      "vpc Vpc",
    ]);
  });

  test("takes each subnet's /64 from the VPC's block, and shows why public addresses are given", async () => {
    const recording = await create(full);
    expect(inputsOf(recording, "public-b")).toEqual({
      vpcId: "main-vpc-id",
      availabilityZone: "eu-central-1b",
      cidrBlock: "10.16.196.0/22",
      mapPublicIpOnLaunch: true,
      ipv6CidrBlock: "2600:1f14:a:bc01::/64",
      assignIpv6AddressOnCreation: true,
      tags: tagged("public-b", { Tier: "public", "Opening:public-ip-on-launch": "bastion hosts" }),
    });
    expect(inputsOf(recording, "isolated-a")).toMatchObject({
      ipv6CidrBlock: "2600:1f14:a:bc20::/64",
      assignIpv6AddressOnCreation: true,
      mapPublicIpOnLaunch: false,
    });
  });

  test("sends each zone's private subnet out through its own gateway", async () => {
    const recording = await create(full);
    expect(inputsOf(recording, "nat-b")).toEqual({
      allocationId: "main-nat-b-address-id",
      subnetId: "main-public-b-id",
      connectivityType: "public",
      tags: tagged("nat-b"),
    });
    expect(inputsOf(recording, "nat-b-address")).toEqual({ domain: "vpc", tags: tagged("nat-b-address") });
    expect(inputsOf(recording, "private-b-nat-route")).toEqual({
      routeTableId: "main-private-b-routes-id",
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "main-nat-b-id",
    });
    expect(inputsOf(recording, "private-b-egress-ipv6-route")).toEqual({
      routeTableId: "main-private-b-routes-id",
      destinationIpv6CidrBlock: "::/0",
      egressOnlyGatewayId: "main-egress-only-gateway-id",
    });
  });

  test("puts interface endpoints into private subnets, open to the VPC alone", async () => {
    const recording = await create(full);
    expect(inputsOf(recording, "ecr-api-endpoint")).toEqual({
      vpcId: "main-vpc-id",
      vpcEndpointType: "Interface",
      serviceName: "com.amazonaws.eu-central-1.ecr.api",
      subnetIds: ["main-private-a-id", "main-private-b-id"],
      securityGroupIds: ["main-endpoints-id"],
      privateDnsEnabled: true,
      tags: tagged("ecr-api-endpoint"),
    });
    expect(inputsOf(recording, "endpoints-https")).toEqual({
      securityGroupId: "main-endpoints-id",
      description: "HTTPS from the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "10.16.0.0/16",
      tags: tagged("endpoints-https"),
    });
    expect(inputsOf(recording, "s3-endpoint")?.["routeTableIds"]).toEqual([
      "main-private-a-routes-id",
      "main-private-b-routes-id",
      "main-isolated-routes-id",
    ]);
  });

  test("shows on the public network ACL why a port is open", async () => {
    const acl = inputsOf(await create(full), "public-acl");
    expect(acl?.["tags"]).toEqual(
      tagged("public-acl", { Tier: "public", "Opening:tcp/443": "public load balancer" }),
    );
    expect(acl?.["ingress"]).toContainEqual({
      ruleNo: 200,
      action: "allow",
      protocol: "6",
      fromPort: 443,
      toPort: 443,
      cidrBlock: "0.0.0.0/0",
    });
    expect(acl?.["ingress"]).toContainEqual({
      ruleNo: 404,
      action: "allow",
      protocol: "58",
      fromPort: 0,
      toPort: 0,
      icmpType: 2,
      icmpCode: 0,
      ipv6CidrBlock: "::/0",
    });
  });

  test("has outputs in the order of the zones", async () => {
    const { component } = await create({ ...full, zones: ["eu-central-1b", "eu-central-1a"] });
    expect(await resolved(component.ref)).toEqual({
      vpcId: "main-vpc-id",
      cidrBlock: "10.16.0.0/16",
      publicSubnetIds: ["main-public-b-id", "main-public-a-id"],
      privateSubnetIds: ["main-private-b-id", "main-private-a-id"],
      isolatedSubnetIds: ["main-isolated-b-id", "main-isolated-a-id"],
    });
    expect(await resolved([...component.publicRouteTableIds])).toEqual(["main-public-routes-id"]);
    expect(await resolved([...component.privateRouteTableIds])).toEqual([
      "main-private-b-routes-id",
      "main-private-a-routes-id",
    ]);
    expect(await resolved([...component.natGatewayIds])).toEqual(["main-nat-b-id", "main-nat-a-id"]);
    expect(await resolved([...component.natPublicIps])).toEqual([
      "address-of-main-nat-b-address",
      "address-of-main-nat-a-address",
    ]);
    expect(await resolved(component.endpointIds)).toEqual({
      s3: "main-s3-endpoint-id",
      dynamodb: "main-dynamodb-endpoint-id",
      "ecr.api": "main-ecr-api-endpoint-id",
      ssm: "main-ssm-endpoint-id",
    });
  });
});

describe("other shapes", () => {
  test("dual stack gives no public addresses by itself", async () => {
    const recording = await create({ ...minimal, ipv6: true });
    expect(inputsOf(recording, "vpc")).toMatchObject({ assignGeneratedIpv6CidrBlock: true });
    const assigned = ["public-a", "private-a", "isolated-a"].map(
      (key) => inputsOf(recording, key)?.["assignIpv6AddressOnCreation"],
    );
    expect(assigned).toEqual([false, true, true]);
    expect(inputsOf(recording, "public-a")).toMatchObject({ mapPublicIpOnLaunch: false });
  });

  test("adding a zone and a tier changes nothing about the subnets that exist", async () => {
    const before = await create({ ...full, tiers: ["public", "private"], gatewayEndpointTiers: ["private"] });
    const after = await create({ ...full, zones: [...full.zones, "eu-central-1c"] });
    const subnets = before.resources.filter((resource) => resource.type === "aws:ec2/subnet:Subnet");
    expect(subnets).toHaveLength(4);
    for (const subnet of subnets) expect(after.resources).toContainEqual(subnet);
  });

  test("isolated alone has no gateway, no route, and its endpoints in isolated subnets", async () => {
    const recording = await create({
      ...minimal,
      tiers: ["isolated"],
      interfaceEndpoints: ["ssm"],
      flowLogs: { destination: "none", reason: "scratch" },
    });
    expect(shape(recording)).toEqual([
      "default-security-group DefaultSecurityGroup",
      "endpoints SecurityGroup",
      "endpoints-https SecurityGroupIngressRule",
      "isolated-a Subnet",
      "isolated-a-association RouteTableAssociation",
      "isolated-acl NetworkAcl",
      "isolated-routes RouteTable",
      "ssm-endpoint VpcEndpoint",
      "vpc Vpc",
    ]);
    expect(inputsOf(recording, "ssm-endpoint")?.["subnetIds"]).toEqual(["main-isolated-a-id"]);
    expect(inputsOf(recording, "vpc")?.["tags"]).toEqual(
      tagged("vpc", { "Opening:no-flow-logs": "scratch" }),
    );
  });

  test("flow logs to a bucket need no log group and no role", async () => {
    const recording = await create({
      ...minimal,
      flowLogs: { destination: "s3", bucketArn: "arn:aws:s3:::logs", traffic: "REJECT" },
    });
    expect(inputsOf(recording, "flow-logs")).toEqual({
      vpcId: "main-vpc-id",
      trafficType: "REJECT",
      maxAggregationInterval: 600,
      logDestinationType: "s3",
      logDestination: "arn:aws:s3:::logs",
      tags: tagged("flow-logs"),
    });
    expect(shape(recording).filter((child) => child.startsWith("flow-logs"))).toEqual(["flow-logs FlowLog"]);
  });

  test("what is left open is said on the VPC", async () => {
    const recording = await create({
      ...minimal,
      openNetworkAcls: { reason: "appliance subnets" },
      openDefaultSecurityGroup: { reason: "legacy hosts" },
    });
    expect(shape(recording).filter((child) => /Acl|DefaultSecurityGroup/.test(child))).toEqual([]);
    expect(inputsOf(recording, "vpc")?.["tags"]).toEqual(
      tagged("vpc", {
        "Opening:network-acls": "appliance subnets",
        "Opening:default-security-group": "legacy hosts",
      }),
    );
  });
});

describe("adopting a VPC", () => {
  test("imports what is named, and creates the rest", async () => {
    const { resources, children } = await create(adopting);
    const imported = resources.flatMap(({ name, importId }) => (importId ? [[name, importId]] : []));
    expect(imported).toEqual([
      ["main-internet-gateway", "igw-0b2"],
      ["main-nat-a", "nat-0f6"],
      ["main-nat-a-address", "eipalloc-0a7"],
      ["main-private-a", "subnet-0e5"],
      ["main-public-a", "subnet-0c3"],
      ["main-public-a-association", "subnet-0c3/rtb-0d4"],
      ["main-vpc", "vpc-0a1"],
    ]);
    const kept = children.flatMap(({ name, options }) => {
      const ignored: unknown = Reflect.get(options, "ignoreChanges");
      return ignored === undefined ? [] : [[name, ignored]];
    });
    expect(Object.fromEntries(kept)).toEqual({
      "main-vpc": ["tags", "enableDnsSupport", "enableDnsHostnames", "assignGeneratedIpv6CidrBlock"],
      "main-internet-gateway": ["tags"],
      "main-nat-a": ["tags"],
      "main-nat-a-address": ["tags"],
      "main-public-a": ["tags", "mapPublicIpOnLaunch", "ipv6CidrBlock", "assignIpv6AddressOnCreation"],
      "main-private-a": ["tags", "mapPublicIpOnLaunch", "ipv6CidrBlock", "assignIpv6AddressOnCreation"],
      "main-public-a-association": ["routeTableId"],
    });
  });

  test("renumbers nothing, and leaves network ACLs and the default security group for later", async () => {
    const recording = await create(adopting);
    expect(inputsOf(recording, "public-a")?.["cidrBlock"]).toBe("10.16.1.0/24");
    expect(inputsOf(recording, "private-a")?.["cidrBlock"]).toBe("10.16.128.0/24");
    expect(shape(recording).filter((child) => /Acl|DefaultSecurityGroup/.test(child))).toEqual([]);
  });

  test("afterwards has the same children, brought into line", async () => {
    const { adopt: _, ...later } = adopting;
    const during = shape(await create(adopting));
    const after = await create(later);
    expect(shape(after)).toEqual(expect.arrayContaining(during));
    expect(after.resources.some((resource) => resource.importId)).toBe(false);
  });

  test.each<[string, Partial<VpcArgs>, string]>([
    [
      "a subnet has no addresses",
      { subnets: { "public-a": { cidrBlock: "10.16.1.0/24" } } },
      "private-a without its addresses",
    ],
    [
      "a subnet is not planned",
      {
        subnets: { "isolated-a": { cidrBlock: "10.16.2.0/24" } },
        adopt: { vpcId: "vpc-0a1", subnets: { "isolated-a": { id: "subnet-1" } } },
      },
      "subnets has isolated-a",
    ],
    ["an id is of another kind", { adopt: { vpcId: "subnet-0a1" } }, 'adopt.vpcId is "subnet-0a1"'],
    [
      "a gateway is not planned",
      { nat: "none" },
      "adopt.natGateways has a, where the plan has no NAT gateway",
    ],
  ])("fails when %s", async (_, more, message) => {
    await expect(create({ ...adopting, ...more })).rejects.toThrow(message);
  });
});

describe("arguments are checked before anything exists", () => {
  const { Owner: _, ...ownerless } = tags;
  test.each<[string, () => VpcArgs, string, string]>([
    // The type asks for Owner; a JavaScript caller or a config file does not.
    [
      "a required tag is missing",
      () => JSON.parse(JSON.stringify({ ...minimal, tags: ownerless })),
      "INVALID_TAGS",
      "Owner",
    ],
    [
      "a tag is the component's own",
      () => ({ ...minimal, tags: { ...tags, Tier: "web" } }),
      "INVALID_TAGS",
      "Tier is set by the component",
    ],
    ["the block is malformed", () => ({ ...minimal, cidrBlock: "10.0.0.0" }), "INVALID_CIDR", '"10.0.0.0"'],
    [
      "s3 is an interface endpoint",
      () => ({ ...minimal, interfaceEndpoints: ["s3"] }),
      "INVALID_ARGUMENT",
      "where it is free",
    ],
    [
      "an endpoint is listed twice",
      () => ({ ...minimal, interfaceEndpoints: ["ssm", "ssm"] }),
      "INVALID_ARGUMENT",
      "listed twice",
    ],
    [
      "a reason is empty",
      () => ({ ...minimal, publicIpOnLaunch: { reason: " " } }),
      "INVALID_ARGUMENT",
      "no reason for public-ip-on-launch",
    ],
    [
      "a port has no public tier",
      () => ({ ...minimal, tiers: ["private"], publicIngress: [{ port: 443, reason: "web" }] }),
      "INVALID_ARGUMENT",
      "add it to tiers",
    ],
    [
      "a port is opened twice",
      () => ({
        ...minimal,
        publicIngress: [
          { port: 443, reason: "a" },
          { port: 443, reason: "b" },
        ],
      }),
      "INVALID_ARGUMENT",
      "opens tcp/443 twice",
    ],
    [
      "SSH is opened to everyone",
      () => ({ ...minimal, publicIngress: [{ port: 22, reason: "ssh" }] }),
      "INVALID_ARGUMENT",
      "Session Manager",
    ],
  ])("fails when %s", async (_, args, code, message) => {
    const attempt = create(args());
    await expect(attempt).rejects.toThrow(expect.objectContaining({ code }));
    await expect(attempt).rejects.toThrow(message);
  });

  test("fails when the name could not name its children", async () => {
    const attempt = record((options) => new Vpc("Main_VPC", minimal, options));
    await expect(attempt).rejects.toThrow(expect.objectContaining({ code: "INVALID_NAME" }));
  });
});
