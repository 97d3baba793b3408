import { mintId } from "../../marks.ts";
import type { RuleContext, TypeRule } from "../../provider/cloud.ts";
import { text, texts } from "../../provider/inputs.ts";
import { refusal } from "../../provider/refusal.ts";
import { cidrProblems, requireSameVpc, VPC } from "./address-space.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const ACL = "aws:ec2/networkAcl:NetworkAcl";
const RULE = /:SecurityGroup(Rule|IngressRule|EgressRule)$/;

const group: TypeRule = {
  check: ({ name }) =>
    typeof name === "string" && name.startsWith("sg-")
      ? [{ property: "name", reason: `"${name}": a security group's name must not begin with sg-` }]
      : [],
  unique: [
    {
      of: ["name", "vpcId"],
      code: "InvalidGroup.Duplicate",
      message: (inputs) =>
        `The security group '${String(inputs["name"])}' already exists for VPC '${String(inputs["vpcId"])}'`,
    },
  ],
  validate: ({ inputs, view }) =>
    requireSameVpc(view, "security group", text(inputs, "vpcId"), texts(inputs, "securityGroups")),
  deletion: ({ type, path }) => (RULE.test(type) && path === "securityGroupId" ? "goes" : "blocks"),
  replaces: {
    description: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group",
  },
  updates: {
    ingress: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group",
    egress: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group",
  },
};

/** The default group or ACL of the VPC, which the program takes over. */
function companionOf({ inputs, view }: Omit<RuleContext, "id">, output: string): string {
  return text(view.find(VPC, text(inputs, "vpcId") ?? "")?.outputs ?? {}, output) ?? "";
}

const defaultGroup: TypeRule = {
  adopts: true,
  id: (context) => companionOf(context, "defaultSecurityGroupId"),
  outputs: () => ({ name: "default", description: "default VPC security group" }),
};

const groupRule: TypeRule = {
  id: () => mintId("sgrule"),
  check: (inputs) => {
    const sources = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "self", "sourceSecurityGroupId"];
    return sources.some((name) => inputs[name] !== undefined)
      ? []
      : [{ property: "cidrBlocks", reason: `a rule needs one of ${sources.join(", ")}` }];
  },
};

const vpcGroupRule: TypeRule = {
  check: (inputs) => {
    const peers = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
    const given = peers.filter((name) => inputs[name] !== undefined);
    return [
      ...cidrProblems(inputs, "cidrIpv4", "cidrIpv6"),
      ...(given.length === 1
        ? []
        : [{ property: "cidrIpv4", reason: `a rule has exactly one of ${peers.join(", ")}` }]),
    ];
  },
  outputs: ({ id }) => ({ securityGroupRuleId: id }),
  unique: [
    {
      of: [
        ...["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId"],
        "referencedSecurityGroupId",
      ],
      code: "InvalidPermission.Duplicate",
      message: () => "the specified rule already exists",
    },
  ],
};

const acl: TypeRule = {
  deletion: ({ type }) => (/:NetworkAcl(Rule|Association)$/.test(type) ? "goes" : "blocks"),
  validate: ({ inputs, view }) =>
    requireSameVpc(view, "network ACL", text(inputs, "vpcId"), texts(inputs, "subnetIds")),
  updates: {
    ingress: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_acl",
    egress: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_acl",
  },
};

const defaultAcl: TypeRule = {
  adopts: true,
  id: ({ inputs }) => text(inputs, "defaultNetworkAclId") ?? "",
  outputs: ({ inputs, view }) => ({
    vpcId: view.find(ACL, text(inputs, "defaultNetworkAclId") ?? "")?.outputs["vpcId"] ?? "",
  }),
};

const aclRule: TypeRule = {
  id: () => mintId("nacl"),
  check: (inputs) => cidrProblems(inputs, "cidrBlock", "ipv6CidrBlock"),
  validate: ({ id, type, inputs, view }) => {
    const same = ["networkAclId", "ruleNumber", "egress"];
    const taken = view
      .list(type)
      .some(
        (one) =>
          one.id !== id && same.every((name) => (one.outputs[name] ?? false) === (inputs[name] ?? false)),
      );
    if (taken)
      throw refusal(
        "NetworkAclEntryAlreadyExists",
        `The network acl entry identified by ${String(inputs["ruleNumber"])} already exists.`,
      );
  },
};

export const securityRules: Readonly<Record<string, TypeRule>> = {
  [GROUP]: group,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultGroup,
  "aws:ec2/securityGroupRule:SecurityGroupRule": groupRule,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": vpcGroupRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": vpcGroupRule,
  [ACL]: acl,
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": defaultAcl,
  "aws:ec2/networkAclRule:NetworkAclRule": aclRule,
};
