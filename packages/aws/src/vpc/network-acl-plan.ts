import { invalidArgument } from "@groundplane/contracts";
import { formatIpv4Block, parseIpv4Block } from "../cidr.ts";
import type { Opening } from "../opening.ts";
import type { Tier } from "./address-plan.ts";

/** A port that the public tier's network ACL lets in from outside. */
export interface PublicIngress extends Opening {
  /** @minimum 1 @maximum 65535 */
  readonly port: number;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /**
   * Where from, as IPv4 blocks.
   *
   * @format CIDR
   * @default ["0.0.0.0/0"], and ::/0 with `ipv6`
   */
  readonly cidrBlocks?: readonly string[];
}

/** What the rules of a tier follow from. */
export interface NetworkAclOptions {
  /** True when private subnets have NAT. */
  readonly nat: boolean;
  readonly ipv6: boolean;
  /** True when hosts in public subnets get public addresses. */
  readonly publicIpOnLaunch: boolean;
  /** True when the tier's route tables lead to gateway endpoints. */
  readonly gatewayEndpoints: boolean;
  readonly publicIngress: readonly PublicIngress[];
  /** Networks treated as the VPC itself. */
  readonly peerCidrBlocks: readonly string[];
}

/** One rule; everything that no rule allows is denied. */
export interface AclRule {
  readonly ruleNumber: number;
  /** IANA number, the form that the EC2 API records; -1 is every protocol. */
  readonly protocol: "-1" | "1" | "6" | "17" | "58";
  /** A block, or the VPC's own of either family. */
  readonly peer: "vpc-ipv4" | "vpc-ipv6" | { readonly ipv4: string } | { readonly ipv6: string };
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmp?: { readonly type: number; readonly code: number };
}

export interface AclPlan {
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

const ANY_IPV4 = { ipv4: "0.0.0.0/0" } as const;
const ANY_IPV6 = { ipv6: "::/0" } as const;
/** CIS AWS Foundations Benchmark, "no network ACL allows ingress from 0.0.0.0/0 to server administration ports". */
const ADMIN_PORTS = [22, 3389];
/**
 * Where answers arrive: NAT gateways, Network Load Balancers and Lambda use 1024 to 65535. Without 3389, so that
 * the CIS control holds; see the README for what that costs.
 */
const ANSWER_PORTS = [
  [1024, 3388],
  [3390, 65535],
] as const;
const PROTOCOL_NUMBER = { tcp: "6", udp: "17" } as const;
/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, each way and each IP family. */
const MAX_RULES = 20;

/**
 * The rules of one tier's network ACL. They are stateless: each way is allowed on its own, answers too.
 *
 * @throws {INVALID_ARGUMENT} a port, protocol or block is not valid, an administration port is opened to
 * everyone, or there would be more rules than AWS allows.
 */
export function planNetworkAcl(tier: Tier, options: NetworkAclOptions): AclPlan {
  const inside = insideRules(options);
  const outside = outsideRules(tier, options);
  const plan = {
    ingress: [...inside, ...outside.ingress],
    egress: [...inside, ...outside.egress],
  };
  const largest = Math.max(
    ...[plan.ingress, plan.egress].map((rules) => rules.filter((rule) => !isIpv6(rule)).length),
  );
  if (largest > MAX_RULES) {
    throw invalidArgument(
      `The network ACL of the ${tier} tier would have ${largest} rules one way, and AWS allows ${MAX_RULES}; summarise the blocks in publicIngress and peerCidrBlocks`,
    );
  }
  return plan;
}

function insideRules({ ipv6, peerCidrBlocks }: NetworkAclOptions): readonly AclRule[] {
  const peers = peerCidrBlocks.map((block) => ({ ipv4: formatIpv4Block(parseIpv4Block(block)) }));
  return [
    everything(100, "vpc-ipv4"),
    ...(ipv6 ? [everything(101, "vpc-ipv6")] : []),
    ...peers.map((peer, index) => everything(110 + index, peer)),
  ];
}

function outsideRules(tier: Tier, options: NetworkAclOptions): AclPlan {
  if (tier === "public") return publicRules(options);
  const internet = tier === "private" && options.nat;
  const internet6 = tier === "private" && options.ipv6;
  const answers4 = [
    ...(internet ? answers(300, ANY_IPV4) : options.gatewayEndpoints ? tcpAnswers(300, ANY_IPV4) : []),
  ];
  return {
    ingress: [...answers4, ...(internet6 ? answers(400, ANY_IPV6) : [])],
    egress: [
      // Gateway endpoints answer from public addresses, which network ACLs cannot name by prefix list.
      ...(internet
        ? [everything(300, ANY_IPV4)]
        : options.gatewayEndpoints
          ? [ports(300, "6", ANY_IPV4, 443, 443)]
          : []),
      ...(internet6 ? [everything(400, ANY_IPV6)] : []),
    ],
  };
}

function publicRules({ nat, ipv6, publicIpOnLaunch, publicIngress }: NetworkAclOptions): AclPlan {
  const opened = publicIngress
    .flatMap((opening, index) => openedRules(opening, index, ipv6))
    .map((rule, index) => ({ ...rule, ruleNumber: 200 + index }));
  if (!nat && !publicIpOnLaunch && opened.length === 0) return { ingress: [], egress: [] };
  const callsOut = nat || publicIpOnLaunch;
  return {
    ingress: [
      ...opened,
      ...(callsOut ? answers(300, ANY_IPV4) : [pathMtu(304, ANY_IPV4)]),
      ...(ipv6 ? (publicIpOnLaunch ? answers(400, ANY_IPV6) : [pathMtu(404, ANY_IPV6)]) : []),
    ],
    egress: [everything(300, ANY_IPV4), ...(ipv6 ? [everything(400, ANY_IPV6)] : [])],
  };
}

/** Numbered by the caller. */
function openedRules(opening: PublicIngress, index: number, ipv6: boolean): readonly AclRule[] {
  const { port, protocol = "tcp", cidrBlocks } = opening;
  const at = `publicIngress[${index}]`;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw invalidArgument(`${at}.port is ${port}; a port is 1 to 65535`);
  }
  if (protocol !== "tcp" && protocol !== "udp")
    throw invalidArgument(`${at}.protocol is "${String(protocol)}"; choose tcp or udp`);
  const blocks = (cidrBlocks ?? [ANY_IPV4.ipv4]).map((block) => formatIpv4Block(parseIpv4Block(block)));
  if (ADMIN_PORTS.includes(port) && blocks.some((block) => block.endsWith("/0"))) {
    throw invalidArgument(
      `${at} opens port ${port} to everyone; name the blocks that need it in cidrBlocks, or use Session Manager, which needs no open port`,
    );
  }
  const peers = [
    ...blocks.map((ipv4) => ({ ipv4 })),
    ...(ipv6 && cidrBlocks === undefined ? [ANY_IPV6] : []),
  ];
  return peers.map((peer) => ports(0, PROTOCOL_NUMBER[protocol], peer, port, port));
}

function answers(ruleNumber: number, peer: AclRule["peer"]): readonly AclRule[] {
  const udp = ANSWER_PORTS.map(([from, to], n) => ports(ruleNumber + 2 + n, "17", peer, from, to));
  return [...tcpAnswers(ruleNumber, peer), ...udp, pathMtu(ruleNumber + 4, peer)];
}

function tcpAnswers(ruleNumber: number, peer: AclRule["peer"]): readonly AclRule[] {
  return ANSWER_PORTS.map(([from, to], n) => ports(ruleNumber + n, "6", peer, from, to));
}

/** Without it connections hang where a link's MTU is smaller: RFC 1191 (type 3, code 4) and RFC 8201 (type 2). */
function pathMtu(ruleNumber: number, peer: AclRule["peer"]): AclRule {
  const v6 = isIpv6({ peer });
  const icmp = v6 ? { type: 2, code: 0 } : { type: 3, code: 4 };
  return { ...ports(ruleNumber, v6 ? "58" : "1", peer, 0, 0), icmp };
}

function everything(ruleNumber: number, peer: AclRule["peer"]): AclRule {
  return ports(ruleNumber, "-1", peer, 0, 0);
}

function ports(
  ruleNumber: number,
  protocol: AclRule["protocol"],
  peer: AclRule["peer"],
  fromPort: number,
  toPort: number,
): AclRule {
  return { ruleNumber, protocol, peer, fromPort, toPort };
}

function isIpv6({ peer }: Pick<AclRule, "peer">): boolean {
  return peer === "vpc-ipv6" || (typeof peer === "object" && "ipv6" in peer);
}
