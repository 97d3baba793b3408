import type { Properties } from "@groundplane/provider";
import { contains, overlaps, parseCidr } from "../../cidr.ts";
import { mintId } from "../../marks.ts";
import type { RuleContext, TypeRule } from "../../provider/cloud.ts";
import { keep, text } from "../../provider/inputs.ts";
import { refusal } from "../../provider/refusal.ts";
import { zonesOf } from "../zones.ts";
import { cidrProblems, requireSize, SUBNET, VPC, vpcBlocks, vpcOf } from "./address-space.ts";

const NOTHING: Properties = {};

/** AWS's own IPv6 ranges are real; these lie in the documentation prefix (RFC 3849), /56 a VPC. */
function generatedIpv6(context: RuleContext): string {
  const taken = new Set(context.view.list(VPC).map(({ outputs }) => outputs["ipv6CidrBlock"]));
  for (let at = 0; ; at++) {
    const block = `2001:db8:5a4d:${(at * 256).toString(16)}::/56`.replace(":0::", "::");
    if (!taken.has(block)) return block;
  }
}

const vpc: TypeRule = {
  check: (inputs) => [
    ...cidrProblems(inputs, "cidrBlock", "ipv6CidrBlock"),
    ...(inputs["cidrBlock"] === undefined && inputs["ipv4IpamPoolId"] === undefined
      ? [{ property: "cidrBlock", reason: "a VPC needs cidrBlock or ipv4IpamPoolId" }]
      : []),
  ],
  validate: ({ inputs }) => {
    const block = text(inputs, "cidrBlock");
    const cidr = parseCidr(block ?? "");
    if (block !== undefined && cidr !== undefined) requireSize("InvalidVpc.Range", block, cidr);
  },
  outputs: (context) => {
    const { inputs, previous } = context;
    const ipv6 = inputs["assignGeneratedIpv6CidrBlock"] === true;
    return {
      ...(inputs["cidrBlock"] === undefined
        ? { cidrBlock: `10.0.0.0/${String(inputs["ipv4NetmaskLength"] ?? 16)}` }
        : NOTHING),
      defaultNetworkAclId: keep(previous, "defaultNetworkAclId", () => mintId("acl")),
      defaultRouteTableId: keep(previous, "defaultRouteTableId", () => mintId("rtb")),
      mainRouteTableId: keep(previous, "mainRouteTableId", () => mintId("rtb")),
      defaultSecurityGroupId: keep(previous, "defaultSecurityGroupId", () => mintId("sg")),
      dhcpOptionsId: keep(previous, "dhcpOptionsId", () => mintId("dopt")),
      ipv6CidrBlock: ipv6 ? keep(previous, "ipv6CidrBlock", () => generatedIpv6(context)) : "",
      ipv6AssociationId: ipv6 ? keep(previous, "ipv6AssociationId", () => mintId("vpc-cidr-assoc")) : "",
      ipv6CidrBlockNetworkBorderGroup: ipv6 ? context.settings.region : "",
    };
  },
  // A VPC comes with them (VPC user guide, "Default VPC components" and "Main route table").
  companions: ({ id }, outputs) => {
    const made = (type: string, name: string, more: Properties) => {
      const companion = text(outputs, name);
      return companion === undefined ? [] : [{ type, id: companion, outputs: { vpcId: id, ...more } }];
    };
    const name = { name: "default" };
    const everything = { protocol: "-1", fromPort: 0, toPort: 0 };
    return [
      ...made("aws:ec2/securityGroup:SecurityGroup", "defaultSecurityGroupId", {
        ...name,
        description: "default VPC security group",
        ingress: [{ ...everything, self: true }],
        egress: [{ ...everything, self: false, cidrBlocks: ["0.0.0.0/0"] }],
      }),
      ...made("aws:ec2/networkAcl:NetworkAcl", "defaultNetworkAclId", {}),
      ...made("aws:ec2/routeTable:RouteTable", "defaultRouteTableId", { routes: [] }),
    ];
  },
  deletion: ({ type }) =>
    /:(Default\w+|FlowLog|MainRouteTableAssociation|VpcDhcpOptionsAssociation|VpcIpv4CidrBlockAssociation|VpcIpv6CidrBlockAssociation)$/.test(
      type,
    )
      ? "goes"
      : "blocks",
};

const secondaryBlock: TypeRule = {
  id: () => mintId("vpc-cidr-assoc"),
  check: (inputs) => cidrProblems(inputs, "cidrBlock"),
  validate: ({ id, inputs, view }) => {
    const [block, vpcId] = [text(inputs, "cidrBlock"), text(inputs, "vpcId")];
    const cidr = parseCidr(block ?? "");
    if (block === undefined || cidr === undefined || vpcId === undefined) return;
    requireSize("InvalidVpc.Range", block, cidr);
    const own = view.find("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", id);
    if (own === undefined && vpcBlocks(view, vpcId).some((other) => overlaps(other, cidr)))
      throw refusal("InvalidVpc.Range", `The CIDR '${block}' overlaps with a block of ${vpcId}.`);
  },
  remove: ({ previous = NOTHING, view }) => {
    const cidr = parseCidr(text(previous, "cidrBlock") ?? "");
    const used = view.list(SUBNET).find(({ outputs }) => {
      const subnet = parseCidr(text(outputs, "cidrBlock") ?? "");
      return (
        outputs["vpcId"] === previous["vpcId"] &&
        cidr !== undefined &&
        subnet !== undefined &&
        contains(cidr, subnet)
      );
    });
    if (used !== undefined) throw refusal("InvalidCidrBlock.InUse", `The block is in use by ${used.id}.`);
  },
};

const subnet: TypeRule = {
  check: (inputs) => [
    ...cidrProblems(inputs, "cidrBlock", "ipv6CidrBlock"),
    ...(inputs["availabilityZone"] !== undefined && inputs["availabilityZoneId"] !== undefined
      ? [{ property: "availabilityZoneId", reason: "give availabilityZone or availabilityZoneId, not both" }]
      : []),
  ],
  validate: (context) => {
    const { inputs, settings } = context;
    const zones = zonesOf(settings.region);
    const zone = text(inputs, "availabilityZone");
    if (zone !== undefined && !zones.some(({ name }) => name === zone))
      throw refusal(
        "InvalidParameterValue",
        `Value (${zone}) for parameter availabilityZone is invalid. Subnets can be created in: ${zones.map(({ name }) => name).join(", ")}.`,
      );
    const block = text(inputs, "cidrBlock");
    if (
      block === undefined &&
      text(inputs, "ipv6CidrBlock") === undefined &&
      inputs["ipv4IpamPoolId"] === undefined
    )
      throw refusal("MissingParameter", "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided.");
    requireInside(context);
    requireFree(context, "cidrBlock");
    requireFree(context, "ipv6CidrBlock");
  },
  outputs: ({ inputs, settings, previous }) => {
    const zones = zonesOf(settings.region);
    const zone =
      zones.find(
        ({ name, id }) => name === inputs["availabilityZone"] || id === inputs["availabilityZoneId"],
      ) ?? zones[0];
    return {
      availabilityZone: keep(previous, "availabilityZone", () => zone?.name ?? ""),
      availabilityZoneId: keep(previous, "availabilityZoneId", () => zone?.id ?? ""),
      cidrBlock: "",
      ipv6CidrBlock: "",
      ipv6CidrBlockAssociationId:
        inputs["ipv6CidrBlock"] === undefined
          ? ""
          : keep(previous, "ipv6CidrBlockAssociationId", () => mintId("subnet-cidr-assoc")),
      privateDnsHostnameTypeOnLaunch: "ip-name",
    };
  },
  deletion: ({ type }) =>
    /:(RouteTableAssociation|NetworkAclAssociation|FlowLog)$/.test(type)
      ? "goes"
      : /:(NetworkAcl|DefaultNetworkAcl|SubnetGroup)$/.test(type)
        ? "stays"
        : "blocks",
};

function requireInside({ inputs, view }: RuleContext): void {
  const vpcId = text(inputs, "vpcId");
  const network = vpcOf(view, vpcId);
  if (vpcId === undefined || network === undefined) return;
  const block = text(inputs, "cidrBlock");
  const cidr = parseCidr(block ?? "");
  if (block !== undefined && cidr !== undefined) {
    requireSize("InvalidSubnet.Range", block, cidr);
    if (!vpcBlocks(view, vpcId).some((outer) => contains(outer, cidr)))
      throw refusal(
        "InvalidSubnet.Range",
        `The CIDR '${block}' is invalid: it lies outside ${vpcId}'s ${String(network["cidrBlock"])}.`,
      );
  }
  const block6 = text(inputs, "ipv6CidrBlock");
  const cidr6 = parseCidr(block6 ?? "");
  const outer6 = parseCidr(text(network, "ipv6CidrBlock") ?? "");
  if (block6 !== undefined && cidr6 !== undefined && (outer6 === undefined || !contains(outer6, cidr6)))
    throw refusal(
      "InvalidSubnet.Range",
      `The IPv6 CIDR '${block6}' is invalid: ${vpcId} has ${String(network["ipv6CidrBlock"]) || "no IPv6 block"}.`,
    );
}

function requireFree({ id, inputs, view }: RuleContext, property: string): void {
  const block = text(inputs, property);
  const cidr = parseCidr(block ?? "");
  if (cidr === undefined) return;
  for (const other of view.list(SUBNET)) {
    if (other.id === id || other.outputs["vpcId"] !== inputs["vpcId"]) continue;
    const taken = parseCidr(text(other.outputs, property) ?? "");
    if (taken !== undefined && overlaps(taken, cidr))
      throw refusal(
        "InvalidSubnet.Conflict",
        `The CIDR '${block}' conflicts with another subnet (${other.id}: ${text(other.outputs, property)}).`,
      );
  }
}

export const vpcRules: Readonly<Record<string, TypeRule>> = {
  [VPC]: vpc,
  [SUBNET]: subnet,
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": secondaryBlock,
};
