import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";

/** What a component needs of a peer that it lets in. Components with a security group and literals satisfy it. */
export interface SecurityGroupRef {
  /** @format `sg-…` */
  readonly securityGroupId: pulumi.Input<string>;
}

/**
 * Who may connect, each under a name of your own: it names the rule, so that taking one away leaves the others as
 * they are.
 */
export type Peers = Readonly<Record<string, SecurityGroupRef>>;

// The default quota of rules of a security group: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
const MAX_PEERS = 60;

/**
 * Checks the names of peers.
 *
 * @throws {INVALID_ARGUMENT} one cannot name a rule, or there are more than 60.
 */
export function checkPeers(peers: Peers = {}): void {
  const names = Object.keys(peers);
  for (const peer of names) {
    if (/^[a-z](-?[a-z0-9])*$/.test(peer) && peer.length <= 32) continue;
    throw invalidArgument(
      `allowFrom has "${peer}"; name each peer with 1 to 32 lower-case letters, digits and single dashes, a letter first`,
      { peer },
    );
  }
  if (names.length > MAX_PEERS)
    throw invalidArgument(
      `allowFrom has ${names.length} peers, and a security group takes ${MAX_PEERS} rules; let peers share a security group`,
      { peers: names.length },
    );
}

/** How the peers of a security group are let in. */
export interface PeerAccess {
  /** Of the security group; its rules are `${role}-from-…`. */
  readonly role: string;
  /** Changing it replaces the group, so it says what does not change. */
  readonly description: string;
  readonly vpcId: pulumi.Input<string>;
  readonly port: number;
  readonly peers: Peers;
}

/** A security group that lets its peers in on one port, and out to nowhere. */
export function createPeerSecurityGroup(
  context: ComponentContext,
  { role, description, vpcId, port, peers }: PeerAccess,
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    context.child(role),
    { vpcId, description, tags: context.tags(role) },
    context.options(),
  );
  for (const [peer, { securityGroupId }] of Object.entries(peers))
    allowPeer(context, { role: `${role}-from-${peer}`, group, port, from: securityGroupId, peer });
  return group;
}

/** One rule: the members of another security group may connect. */
export function allowPeer(
  context: ComponentContext,
  rule: {
    readonly role: string;
    readonly group: aws.ec2.SecurityGroup;
    readonly port: number;
    readonly from: pulumi.Input<string>;
    readonly peer: string;
  },
): void {
  new aws.vpc.SecurityGroupIngressRule(
    context.child(rule.role),
    {
      securityGroupId: rule.group.id,
      description: `From ${rule.peer}`,
      ipProtocol: "tcp",
      fromPort: rule.port,
      toPort: rule.port,
      referencedSecurityGroupId: rule.from,
      tags: context.tags(rule.role),
    },
    context.options(),
  );
}
