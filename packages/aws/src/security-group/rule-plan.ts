import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import { parseIpv4Block, parseIpv6Block } from "../cidr.ts";
import { type Opening, openingTag } from "../opening.ts";
import type { EgressRule, IngressRule, TrafficPeer, TrafficRule } from "./security-group-args.ts";

/** The other end, as AWS takes it; `self` is only known with the group. */
export type RuleEnd =
  | "self"
  | { readonly cidrIpv4: pulumi.Input<string> }
  | { readonly cidrIpv6: string }
  | { readonly prefixListId: pulumi.Input<string> }
  | { readonly referencedSecurityGroupId: pulumi.Input<string> };

/** One rule of AWS. */
export interface RulePlan {
  readonly direction: "in" | "out";
  /** `in-tcp-443-vpc`: follows from what the rule lets through, and from nothing else. */
  readonly role: string;
  readonly description: string;
  readonly ports: { readonly ipProtocol: string; readonly fromPort?: number; readonly toPort?: number };
  readonly end: RuleEnd;
  /** Tags that record the reason. */
  readonly opening: Readonly<Record<string, string>>;
}

/**
 * The rules of a security group. Pure; the order decides nothing.
 *
 * @throws {INVALID_CIDR} a block is malformed.
 * @throws {INVALID_ARGUMENT} a rule is not valid, opens the internet without `anywhere`, or is there twice.
 */
export function planRules(
  ingress: readonly IngressRule[],
  egress: readonly EgressRule[],
  vpcBlock: pulumi.Input<string>,
): readonly RulePlan[] {
  const plans = [
    ...ingress.flatMap((rule) => planRule("in", rule, rule.from, vpcBlock)),
    ...egress.flatMap((rule) => planRule("out", rule, rule.to, vpcBlock)),
  ];
  refuseTwice(plans.map(({ role }) => role));
  return plans;
}

/** @throws {INVALID_ARGUMENT} two rules let the same through. */
export function refuseTwice(roles: readonly string[]): void {
  const twice = roles.find((role, at) => roles.indexOf(role) !== at);
  if (twice === undefined) return;
  throw invalidArgument(
    `The rule ${twice} is there twice; leave one out, or give one of the two peers another name`,
    { rule: twice },
  );
}

function planRule(
  direction: RulePlan["direction"],
  rule: TrafficRule,
  peer: TrafficPeer,
  vpcBlock: pulumi.Input<string>,
): readonly RulePlan[] {
  // EC2 API reference, IpRange: what a description may hold.
  if (!/^[\w .\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(rule.description))
    throw invalidArgument(
      `"${rule.description}" describes no rule: give 1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *`,
      { description: rule.description },
    );
  const ports = portsOf(rule);
  const span = ports.fromPort === ports.toPort ? [ports.fromPort] : [ports.fromPort, ports.toPort];
  const what = [direction, rule.protocol ?? "tcp", ...span].filter((part) => part !== undefined).join("-");
  return endsOf(peer, vpcBlock).map(({ key, end, opening = {} }) => ({
    direction,
    role: `${what}-${key}`,
    description: rule.description,
    ports,
    end,
    opening,
  }));
}

function portsOf({ protocol = "tcp", port, ports }: TrafficRule): RulePlan["ports"] {
  checkOneOf("protocol", protocol, ["tcp", "udp", "all"]);
  if (protocol === "all") {
    if (port === undefined && ports === undefined) return { ipProtocol: "-1" };
    throw invalidArgument("protocol all is every port; leave port and ports out, or choose tcp or udp");
  }
  if ((port === undefined) === (ports === undefined))
    throw invalidArgument(`A rule for ${protocol} takes either port or ports`, { protocol });
  const { from, to } = ports ?? { from: port ?? 0, to: port ?? 0 };
  checkWhole(ports === undefined ? "port" : "ports.from", from, 1, 65535);
  checkWhole("ports.to", to, from, 65535);
  return { ipProtocol: protocol, fromPort: from, toPort: to };
}

interface NamedEnd {
  readonly key: string;
  readonly end: RuleEnd;
  readonly opening?: Readonly<Record<string, string>>;
}

function endsOf(peer: TrafficPeer, vpcBlock: pulumi.Input<string>): readonly NamedEnd[] {
  if (peer === "self") return [{ key: "self", end: "self" }];
  if (peer === "vpc") return [{ key: "vpc", end: { cidrIpv4: vpcBlock } }];
  if (typeof peer === "string")
    throw invalidArgument(`"${String(peer)}" is no peer; give self, vpc, a security group or a block`);
  if ("anywhere" in peer) return anywhere(peer.anywhere);
  if ("cidrBlock" in peer) return [block(peer.cidrBlock, peer)];
  const key = checkPeerName(peer.name);
  if ("prefixListId" in peer) return [{ key, end: { prefixListId: peer.prefixListId } }];
  return [{ key, end: { referencedSecurityGroupId: peer.securityGroupId } }];
}

function anywhere(reason: Opening): readonly NamedEnd[] {
  const opening = openingTag("anywhere", reason);
  return [
    { key: "anywhere-ipv4", end: { cidrIpv4: "0.0.0.0/0" }, opening },
    { key: "anywhere-ipv6", end: { cidrIpv6: "::/0" }, opening },
  ];
}

/** No network of one's own is larger: 10.0.0.0/8 (RFC 1918), and what registries give out (RFC 6177 and theirs). */
const WIDEST = { ipv4: 8, ipv6: 16 };

function block(text: string, reason: Opening): NamedEnd {
  const ipv6 = text.includes(":");
  const { prefix } = ipv6 ? parseIpv6Block(text) : parseIpv4Block(text);
  if (prefix < WIDEST[ipv6 ? "ipv6" : "ipv4"])
    throw invalidArgument(
      `${text} is as good as the whole internet; name the networks, or use { anywhere: { reason } }`,
      { cidrBlock: text },
    );
  // "x" stands for "::", so that no two blocks share a key.
  const key = `cidr-${text.replace("::", "-x-").replaceAll(/[^0-9a-fx]+/g, "-")}`.replaceAll(/-+/g, "-");
  return {
    key,
    end: ipv6 ? { cidrIpv6: text } : { cidrIpv4: text },
    opening: openingTag("network", reason),
  };
}

const RESERVED = ["self", "vpc", "anywhere-ipv4", "anywhere-ipv6"];

function checkPeerName(name: string): string {
  if (/^[a-z](-?[a-z0-9])*$/.test(name) && name.length <= 63 && !RESERVED.includes(name)) return name;
  throw invalidArgument(
    `"${name}" cannot name a peer: use 1 to 63 lower-case letters, digits and single dashes, a letter first, and none of ${RESERVED.join(", ")}`,
    { name },
  );
}
