import type { Properties } from "@groundplane/provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SandboxFixture } from "../../provider/sandbox.fixture.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const IGW = "aws:ec2/internetGateway:InternetGateway";
const NAT = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

let fixture: SandboxFixture;
let count = 0;
const make = (type: string, inputs: Properties) => {
  count += 1;
  return fixture.create(type, `r${count}`, inputs);
};
const refuse = (type: string, inputs: Properties, code: string) =>
  expect(() => make(type, inputs)).toThrow(code);
const drop = (type: string, made: ReturnType<typeof make>) => fixture.delete(type, "any", made);

beforeEach(() => {
  fixture = new SandboxFixture();
});
afterEach(() => fixture.dispose());

describe("a subnet", () => {
  test("lies inside its VPC's blocks, is /16 to /28, and overlaps no sibling", () => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    const other = make(VPC, { cidrBlock: "10.0.0.0/16" });
    make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    make(SUBNET, { vpcId: other.id, cidrBlock: "10.0.0.0/24" });
    refuse(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.128/25" }, "InvalidSubnet.Conflict");
    refuse(SUBNET, { vpcId: vpc.id, cidrBlock: "10.1.0.0/24" }, "InvalidSubnet.Range");
    refuse(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.2.0/29" }, "InvalidSubnet.Range");
    refuse(VPC, { cidrBlock: "10.0.0.0/8" }, "InvalidVpc.Range");
    make("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", {
      vpcId: vpc.id,
      cidrBlock: "10.1.0.0/16",
    });
    make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.1.0.0/24" });
  });

  test("needs a VPC that exists, a zone of the region, and IPv6 from the VPC's own block", () => {
    refuse(SUBNET, { vpcId: "vpc-5a4db0c5000000000", cidrBlock: "10.0.0.0/24" }, "InvalidVpcID.NotFound");
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16", assignGeneratedIpv6CidrBlock: true });
    expect(vpc.outputs["ipv6CidrBlock"]).toBe("2001:db8:5a4d::/56");
    const inputs = { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" };
    refuse(SUBNET, { ...inputs, availabilityZone: "us-east-1a" }, "availabilityZone is invalid");
    refuse(SUBNET, { ...inputs, ipv6CidrBlock: "2001:db8:ffff::/64" }, "InvalidSubnet.Range");
    const subnet = make(SUBNET, {
      ...inputs,
      ipv6CidrBlock: "2001:db8:5a4d:1::/64",
      availabilityZone: "eu-west-1b",
    });
    expect(subnet.outputs).toMatchObject({ availabilityZoneId: "euw1-az2", ownerId: "000000000000" });
  });

  test("fails at check when its block is no CIDR block", () => {
    expect(fixture.problems(SUBNET, { vpcId: "x", cidrBlock: "10.0.0.1/24" })[0]?.property).toBe("cidrBlock");
  });
});

describe("a VPC", () => {
  test("comes with a security group, an ACL and a route table, which the program may adopt and which go with it", () => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    expect(fixture.store.list()).toHaveLength(4);
    const group = make("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: vpc.id });
    expect(group.id).toBe(vpc.outputs["defaultSecurityGroupId"]);
    drop("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", group);
    expect(fixture.store.get(group.id)).toHaveLength(1);
    drop(VPC, vpc);
    expect(fixture.store.list()).toEqual([]);
  });

  test.each([
    [SUBNET, { cidrBlock: "10.0.0.0/24" }],
    [IGW, {}],
    [GROUP, { name: "g" }],
    [TABLE, {}],
  ])("fails to delete when there is still a %s in it", (type, more) => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    const inner = make(type, { vpcId: vpc.id, ...more });
    expect(() => drop(VPC, vpc)).toThrow("DependencyViolation");
    drop(type, inner);
    drop(VPC, vpc);
  });
});

describe("gateways and routes", () => {
  test("a VPC has one internet gateway, and a public NAT gateway needs it and a free address", () => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    const subnet = make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    const address = make(EIP, { domain: "vpc" });
    refuse(NAT, { subnetId: subnet.id, allocationId: address.id }, "Gateway.NotAttached");
    const gateway = make(IGW, { vpcId: vpc.id });
    refuse(IGW, { vpcId: vpc.id }, "Resource.AlreadyAssociated");
    const nat = make(NAT, { subnetId: subnet.id, allocationId: address.id });
    expect(nat.outputs["publicIp"]).toBe(address.outputs["publicIp"]);
    refuse(NAT, { subnetId: subnet.id, allocationId: address.id }, "Resource.AlreadyAssociated");
    expect(() => drop(EIP, address)).toThrow("InvalidIPAddress.InUse");
    expect(() => drop(IGW, gateway)).toThrow("mapped public address");
    expect(() => drop(SUBNET, subnet)).toThrow("DependencyViolation");
    expect(fixture.problems(NAT, { subnetId: subnet.id })[0]?.property).toBe("allocationId");
  });

  test("a table has one route to a destination, a subnet one table, and both are of one network", () => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    const other = make(VPC, { cidrBlock: "10.1.0.0/16" });
    const gateway = make(IGW, { vpcId: vpc.id });
    const table = make(TABLE, { vpcId: vpc.id });
    const foreign = make(TABLE, { vpcId: other.id });
    const out = { destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
    make(ROUTE, { routeTableId: table.id, ...out });
    refuse(ROUTE, { routeTableId: table.id, ...out }, "RouteAlreadyExists");
    refuse(ROUTE, { routeTableId: foreign.id, ...out }, "belong to different networks");
    const subnet = make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    const association = make(ASSOCIATION, { routeTableId: table.id, subnetId: subnet.id });
    refuse(ASSOCIATION, { routeTableId: table.id, subnetId: subnet.id }, "Resource.AlreadyAssociated");
    expect(() => drop(TABLE, table)).toThrow("DependencyViolation");
    drop(ASSOCIATION, association);
    drop(TABLE, table);
    expect(fixture.store.list({ type: ROUTE })).toEqual([]);
    expect(
      fixture.problems(ROUTE, { routeTableId: "x", destinationCidrBlock: "0.0.0.0/0" })[0]?.property,
    ).toBe("gatewayId");
  });
});

describe("security groups, endpoints and flow logs", () => {
  test("a group's name is unique in its VPC, and its rules go with it", () => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    const group = make(GROUP, { vpcId: vpc.id, name: "web" });
    refuse(GROUP, { vpcId: vpc.id, name: "web" }, "InvalidGroup.Duplicate");
    const type = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const rule = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    make(type, { ...rule, securityGroupId: group.id, cidrIpv4: "10.0.0.0/8" });
    refuse(
      type,
      { ...rule, securityGroupId: group.id, cidrIpv4: "10.0.0.0/8" },
      "InvalidPermission.Duplicate",
    );
    const client = make(GROUP, { vpcId: vpc.id, name: "client" });
    const peer = make(type, { ...rule, securityGroupId: client.id, referencedSecurityGroupId: group.id });
    expect(() => drop(GROUP, group)).toThrow("DependencyViolation");
    drop(type, peer);
    drop(GROUP, group);
    expect(fixture.store.list({ type })).toEqual([]);
  });

  test("an endpoint needs DNS in its VPC for private DNS, and one subnet a zone", () => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    const a = make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", availabilityZone: "eu-west-1a" });
    const b = make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", availabilityZone: "eu-west-1a" });
    const inputs = {
      vpcId: vpc.id,
      serviceName: "com.amazonaws.eu-west-1.ssm",
      vpcEndpointType: "Interface",
    };
    refuse(ENDPOINT, { ...inputs, privateDnsEnabled: true, subnetIds: [a.id] }, "enableDnsHostnames");
    refuse(ENDPOINT, { ...inputs, subnetIds: [a.id, b.id] }, "DuplicateSubnetsInSameZone");
    const endpoint = make(ENDPOINT, { ...inputs, subnetIds: [a.id] });
    expect(JSON.stringify(endpoint.outputs["dnsEntries"])).toContain(".sandbox.invalid");
  });

  test("a flow log to CloudWatch needs a role, and what it writes to must exist", () => {
    const vpc = make(VPC, { cidrBlock: "10.0.0.0/16" });
    const group = make("aws:cloudwatch/logGroup:LogGroup", { name: "flow" });
    const type = "aws:ec2/flowLog:FlowLog";
    const inputs = { vpcId: vpc.id, trafficType: "ALL", logDestination: group.outputs["arn"] ?? "" };
    expect(fixture.problems(type, inputs)[0]?.property).toBe("iamRoleArn");
    refuse(type, { ...inputs, iamRoleArn: "arn:aws:iam::000000000000:role/none" }, "NoSuchEntity");
    const role = make("aws:iam/role:Role", { assumeRolePolicy: '{"Statement":[]}' });
    make(type, { ...inputs, iamRoleArn: role.outputs["arn"] ?? "" });
  });
});
