import { defineRule, openingsOf, select } from "@groundplane/policy";

const EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

const PATHS: Readonly<Record<string, readonly string[]>> = {
  [EGRESS_RULE]: ["cidrIpv4", "cidrIpv6"],
  [GROUP_RULE]: ["cidrBlocks[*]", "ipv6CidrBlocks[*]"],
  [GROUP]: ["egress[*].cidrBlocks[*]", "egress[*].ipv6CidrBlocks[*]"],
};

const toDatabase = {
  securityGroupId: "sg-1",
  description: "the database",
  ipProtocol: "tcp",
  fromPort: 5432,
  toPort: 5432,
};

export const securityGroupEgress = defineRule({
  id: "security-group-egress",
  title: "Outbound traffic goes where it must",
  severity: "medium",
  enforcement: "advisory",
  why: "Who breaks into a machine needs a way out: for tools, for orders, for your data.",
  remedy:
    "Name the security group, the prefix list or the network; where it must be the internet, give the rule a tag Opening:… with the reason.",
  source: "Operating manual, section 4, Never Do 8",
  appliesTo: Object.keys(PATHS),
  reads: Object.entries(PATHS).flatMap(([type, paths]) => paths.map((property) => ({ type, property }))),
  examples: {
    passing: [{ type: EGRESS_RULE, inputs: { ...toDatabase, referencedSecurityGroupId: "sg-2" } }],
    failing: [{ type: EGRESS_RULE, inputs: { ...toDatabase, cidrIpv4: "0.0.0.0/0" } }],
  },
  check({ type, props }, report) {
    if (type === GROUP_RULE && props["type"] !== "egress") return;
    for (const ref of (PATHS[type] ?? []).flatMap((path) => select(props, path))) {
      const { value } = ref;
      if (typeof value !== "string" || !value.trim().endsWith("/0") || openingsOf(props).length > 0) continue;
      report(`${ref.path} lets traffic out to ${value}`);
    }
  },
});
