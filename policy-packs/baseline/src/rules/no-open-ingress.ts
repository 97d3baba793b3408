import {
  defineRule,
  isPropertyMap,
  type PropertyMap,
  type PropertyRef,
  type Report,
  type ResourceView,
  select,
} from "@groundplane/policy";

export const noOpenIngress = defineRule({
  id: "no-open-ingress",
  title: "Nothing is open to the whole internet",
  severity: "critical",
  why: "Every address on the internet is scanned within minutes; what is open is found and tried.",
  remedy:
    "Name the networks or the security group that may connect; where the public must, add an exemption with the reason and an end date.",
  source:
    "Operating manual, section 9, Never; AWS FSBP EC2.18, EC2.19, EC2.21; CIS AWS Foundations v3.0.0 5.1, 5.2, 5.3",
  appliesTo: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    "aws:ec2/networkAclRule:NetworkAclRule",
  ],
  check(resource, report) {
    switch (resource.type) {
      case "aws:ec2/networkAcl:NetworkAcl":
      case "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl":
        return checkNetworkAcl(resource, report);
      case "aws:ec2/networkAclRule:NetworkAclRule":
        return checkNetworkAclRule(resource, report);
      case "aws:ec2/securityGroupRule:SecurityGroupRule":
        if (resource.props["type"] !== "ingress") return;
        return checkSources(resource.props, "", ["cidrBlocks[*]", "ipv6CidrBlocks[*]"], report);
      case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
        return checkSources(resource.props, "", ["cidrIpv4", "cidrIpv6"], report);
      default:
        return checkSources(
          resource.props,
          "ingress[*].",
          ["ingress[*].cidrBlocks[*]", "ingress[*].ipv6CidrBlocks[*]"],
          report,
        );
    }
  },
});

/** 0.0.0.0/0, ::/0, and every other way to write a block of all addresses. */
const isEverywhere = (cidr: unknown): cidr is string =>
  typeof cidr === "string" && cidr.trim().endsWith("/0");

function checkSources(props: PropertyMap, entry: string, paths: readonly string[], report: Report): void {
  // All paths before the first value: what is certainly open is reported before an unknown stops the rule.
  const refs = paths.flatMap((path) => select(props, path));
  for (const ref of [...refs].sort((a, b) => Number(Boolean(a.unreadable)) - Number(Boolean(b.unreadable)))) {
    if (!isEverywhere(ref.value)) continue;
    const rule = entry === "" ? "" : ref.path.slice(0, ref.path.indexOf(".") + 1);
    report(`${ref.path} opens ${portsOf(props, rule)} to ${ref.value}`);
  }
}

function portsOf(props: PropertyMap, rule: string): string {
  const [index = ""] = rule.match(/\d+/) ?? [];
  const at = (name: string): string | undefined => {
    const path = rule === "" ? name : `ingress[*].${name}`;
    const ref = select(props, path).find(
      ({ path: found }) => rule === "" || found.startsWith(`ingress[${index}]`),
    );
    return ref === undefined || ref.unreadable !== undefined ? undefined : String(ref.value ?? "");
  };
  const protocol = at("protocol") || at("ipProtocol") || "";
  if (protocol === "-1" || protocol === "all") return "every port";
  const from = at("fromPort");
  const to = at("toPort");
  if (!from || from === "undefined") return protocol === "" ? "it" : protocol;
  return `${protocol} ${from === to || !to ? `port ${from}` : `ports ${from} to ${to}`}`;
}

// A network ACL is stateless and lets answers in by wide rules: only what it guards remotely is asked for, as in
// EC2.21, "Network ACLs should not allow ingress from 0.0.0.0/0 to port 22 or port 3389".
const ADMIN_PORTS = [22, 3389] as const;

interface AclEntry {
  readonly number: number;
  readonly allows: boolean;
  /** Its block, IPv4 or IPv6: one of the two is set. */
  readonly cidrs: readonly PropertyRef[];
  readonly covers: (port: number) => boolean;
}

function checkNetworkAcl({ props }: ResourceView, report: Report): void {
  const refs = select(props, "ingress[*]");
  const entries = refs
    .filter(({ unreadable }) => unreadable === undefined)
    .map(({ value }) => value)
    .filter(isPropertyMap)
    .map((entry) => aclEntry(entry, entry["ruleNo"], entry["action"]))
    .sort((a, b) => a.number - b.number);
  for (const port of ADMIN_PORTS) {
    for (const family of ["IPv4", "IPv6"] as const) {
      // The first entry that fits decides, as in AWS.
      const decisive = entries.find(
        (entry) => entry.covers(port) && openBlocks(entry).some((cidr) => isFamily(cidr, family)),
      );
      if (decisive?.allows)
        report(`ingress rule ${decisive.number} opens port ${port} to all ${family} addresses`);
    }
  }
  // What is open for certain is reported; now an unknown that might be open too stops the rule.
  const opening = entries.filter((entry) => entry.allows && ADMIN_PORTS.some(entry.covers));
  for (const ref of [...refs, ...opening.flatMap(({ cidrs }) => cidrs)]) void ref.value;
}

const isFamily = (cidr: string, family: "IPv4" | "IPv6"): boolean =>
  cidr.includes(":") === (family === "IPv6");

const openBlocks = (entry: AclEntry): readonly string[] =>
  entry.cidrs
    .filter(({ unreadable }) => unreadable === undefined)
    .map(({ value }) => value)
    .filter(isEverywhere);

function checkNetworkAclRule({ props }: ResourceView, report: Report): void {
  if (props["egress"] === true) return;
  const entry = aclEntry(props, props["ruleNumber"], props["ruleAction"]);
  // Its neighbours are not to be seen from here. A range from 1024 up is where answers come in, and holds 3389.
  const answers = Number(props["fromPort"] ?? 0) >= 1024 && Number(props["toPort"] ?? 0) >= 65535;
  const ports = ADMIN_PORTS.filter((port) => entry.covers(port));
  if (!entry.allows || answers || ports.length === 0) return;
  for (const { value } of entry.cidrs) {
    if (isEverywhere(value)) report(`rule ${entry.number} opens port ${ports.join(" and ")} to ${value}`);
  }
}

function aclEntry(entry: PropertyMap, number: unknown, action: unknown): AclEntry {
  const protocol = String(entry["protocol"] ?? "-1").toLowerCase();
  const everyPort = protocol === "-1" || protocol === "all";
  const carriesPorts = everyPort || ["6", "tcp", "17", "udp"].includes(protocol);
  const from = Number(entry["fromPort"] ?? 0);
  const to = Number(entry["toPort"] ?? 65535);
  return {
    number: Number(number),
    allows: String(action).toLowerCase() === "allow",
    cidrs: [...select(entry, "cidrBlock"), ...select(entry, "ipv6CidrBlock")],
    covers: (port) => carriesPorts && (everyPort || (from <= port && port <= to)),
  };
}
