import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { SecurityGroupRef } from "../network/peer-access.ts";
import type { Opening } from "../opening.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

/** A security group with what it is called in rules: a `SecurityGroup`, or `{ name, securityGroupId }`. */
export interface SecurityGroupPeer extends SecurityGroupRef {
  /** Names the rule's child, since an id is only known afterwards. Lower-case letters, digits and dashes. */
  readonly name: string;
}

/**
 * The other end of a rule: the group itself, its VPC's block, another group, a block of addresses, a prefix list
 * (`name` as for a group), or the whole internet over IPv4 and IPv6.
 */
export type TrafficPeer =
  | "self"
  | "vpc"
  | SecurityGroupPeer
  | { readonly cidrBlock: string; readonly reason: string }
  | { readonly prefixListId: pulumi.Input<string>; readonly name: string }
  | { readonly anywhere: Opening };

/** What a rule lets through. */
export interface TrafficRule {
  /** `all` is every protocol and port, and takes no `port`. @default "tcp" */
  readonly protocol?: "tcp" | "udp" | "all";
  /** @minimum 1 @maximum 65535 */
  readonly port?: number;
  /** In place of `port`. */
  readonly ports?: { readonly from: number; readonly to: number };
  /** What it is for: 1 to 255 letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`. */
  readonly description: string;
}

export interface IngressRule extends TrafficRule {
  readonly from: TrafficPeer;
}

export interface EgressRule extends TrafficRule {
  readonly to: TrafficPeer;
}

export interface SecurityGroupArgs {
  /** Where it is. Another VPC is another group. */
  readonly vpc: Pick<VpcRef, "vpcId" | "cidrBlock">;
  /** In any order: each rule's child is named after what it lets through. @default [], nothing comes in */
  readonly ingress?: readonly IngressRule[];
  /** @default [], nothing goes out but answers */
  readonly egress?: readonly EgressRule[];
  /** Cannot change: AWS makes another group for it. @default "Traffic of " and the name */
  readonly description?: string;
  /**
   * Takes over a group that exists; its own rules stay, and are not managed. Give its `description` as it is, since
   * otherwise the group is replaced when the adoption ends.
   *
   * @default - it is created
   */
  readonly adopt?: { readonly securityGroupId: string };
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
