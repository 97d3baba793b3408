import type { Tags } from "@groundplane/contracts";
import type { Opening } from "../opening.ts";
import type { SubnetAddresses, SubnetKey, Tier } from "./address-plan.ts";
import type { VpcAdoption } from "./adoption.ts";
import type { GatewayService } from "./endpoint-args.ts";
import type { FlowLogArgs } from "./flow-log-args.ts";
import type { PublicIngress } from "./network-acl-plan.ts";
import type { NatMode } from "./vpc-plan.ts";
import type { ZoneArgs } from "./zones.ts";

export interface VpcArgs {
  /**
   * The VPC's IPv4 block. It cannot change: another block is another VPC.
   *
   * @format CIDR, /16 to /24
   */
  readonly cidrBlock: string;
  /**
   * Zones by name, all of one region. Names, not a count: AWS adds zones, and a count would then move subnets.
   * A zone's addresses follow from its own letter, so the order decides only two things: the order of the ids in
   * the outputs, and where a single NAT gateway lives (the first).
   *
   * @format `eu-central-1a`; one to eight
   */
  readonly zones: readonly (string | ZoneArgs)[];
  /** `Environment`, `Project`, `Owner`, `ManagedBy` and at most 34 more; every child that takes tags carries them. */
  readonly tags: Tags;
  /** @default ["public", "private", "isolated"] */
  readonly tiers?: readonly Tier[];
  /**
   * How private subnets reach the internet over IPv4. `single` is one gateway in the first zone: cheaper, and
   * when that zone fails the others lose their way out. `per-zone` has no such dependency and no cross-zone
   * charges.
   *
   * @default "none": private subnets reach the VPC, its endpoints and nothing else; nothing is charged
   */
  readonly nat?: NatMode;
  /**
   * Dual stack: a /56 from Amazon, a /64 for each subnet, and a way out for private subnets through an
   * egress-only internet gateway, which is free.
   *
   * @default false
   */
  readonly ipv6?: boolean;
  /**
   * Addresses of single subnets, in place of the planned ones. For layouts that exist already.
   *
   * @default - every subnet has the addresses of its slot
   */
  readonly subnets?: Readonly<Partial<Record<SubnetKey, SubnetAddresses>>>;
  /**
   * Gateway endpoints, which are free.
   *
   * @default ["s3", "dynamodb"]
   */
  readonly gatewayEndpoints?: readonly GatewayService[];
  /**
   * Tiers whose route tables lead to the gateway endpoints. Adding `isolated` gives it a way to every bucket and
   * table of the region, and opens its network ACL for that.
   *
   * @default ["private"]
   */
  readonly gatewayEndpointTiers?: readonly ("private" | "isolated")[];
  /**
   * Interface endpoints by the service's short name (`ecr.api`, `ssm`), one address in every zone of the private
   * tier, or of the isolated one where there is no private tier.
   *
   * @default [], because each is charged by the hour and zone
   */
  readonly interfaceEndpoints?: readonly string[];
  /** @default { destination: "cloud-watch-logs" }, kept 90 days */
  readonly flowLogs?: FlowLogArgs;
  /**
   * Ports of the public tier that its network ACL opens to the outside; at most ten. A load balancer's security
   * group decides on top of it.
   *
   * @default [], nothing comes in
   */
  readonly publicIngress?: readonly PublicIngress[];
  /**
   * Gives hosts that start in public subnets a public address, IPv6 too with `ipv6`.
   *
   * @default - no public address, unless a host asks for it itself
   */
  readonly publicIpOnLaunch?: Opening;
  /**
   * Networks behind a peering, transit gateway or VPN that the network ACLs treat as the VPC itself; at most ten.
   *
   * @format CIDR, IPv4
   * @default []
   */
  readonly peerCidrBlocks?: readonly string[];
  /**
   * Leaves all subnets on the VPC's default network ACL, which allows everything.
   *
   * @default - a network ACL for each tier
   */
  readonly openNetworkAcls?: Opening;
  /**
   * Leaves the default security group as it is.
   *
   * @default - it is emptied of rules, so that nothing can talk by accident
   */
  readonly openDefaultSecurityGroup?: Opening;
  /**
   * Takes over what exists. While it is set, nothing that is adopted changes; remove it afterwards, and the
   * review shows what the component brings into line.
   *
   * @default - everything is created
   */
  readonly adopt?: VpcAdoption;
}
