import { GroundplaneError } from "@groundplane/contracts";
import {
  formatIpv4Block,
  type Ipv4Block,
  ipv4Contains,
  ipv4Overlaps,
  ipv4Subblock,
  parseIpv4Block,
} from "../cidr.ts";
import { ZONE_SLOTS, type ZonePlan, type ZoneSlot } from "./zones.ts";

/**
 * What a subnet can reach. `public`: routes to the internet gateway. `private`: no way in from the internet, a
 * way out when there is NAT or IPv6. `isolated`: the VPC only.
 */
export type Tier = "public" | "private" | "isolated";

export const TIERS: readonly Tier[] = ["public", "private", "isolated"];

/** Names a subnet's place in the plan: its tier and the slot of its zone. */
export type SubnetKey = `${Tier}-${ZoneSlot}`;

/** Addresses of one subnet that are given instead of planned. */
export interface SubnetAddresses {
  /**
   * IPv4 block inside the VPC's.
   *
   * @format CIDR, /16 to /28
   */
  readonly cidrBlock: string;
  /**
   * Which /64 of the VPC's IPv6 /56 block.
   *
   * @minimum 0
   * @maximum 255
   * @default the place of the slot
   */
  readonly ipv6Index?: number;
}

export interface SubnetPlan {
  readonly key: SubnetKey;
  readonly tier: Tier;
  readonly zone: string;
  readonly slot: ZoneSlot;
  /** @format CIDR */
  readonly cidrBlock: string;
  /** Which /64 of the VPC's IPv6 block. */
  readonly ipv6Index: number;
}

/**
 * Where each tier lies, as an `index`th part of `2 ** bits` equal parts of the VPC's block. Half for workloads,
 * a quarter for data, an eighth for load balancers and NAT; the last eighth is never planned, and stays free for
 * transit-gateway attachments and the like.
 */
const TIER_SLOTS = {
  private: { bits: 1, index: 0, ipv6: 0x10 },
  isolated: { bits: 2, index: 2, ipv6: 0x20 },
  public: { bits: 3, index: 6, ipv6: 0x00 },
} as const satisfies Record<Tier, { bits: number; index: number; ipv6: number }>;

// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html and subnet-sizing.html
const AWS_LARGEST_PREFIX = 16;
const AWS_SMALLEST_PREFIX = 28;
const SMALLEST_VPC_PREFIX = 24;
/** A VPC has at most 256 blocks of /64 in its /56. */
const IPV6_BLOCKS = 256;

/**
 * The block of a VPC.
 *
 * @throws {INVALID_CIDR} not a block of /16 to /24.
 */
export function parseVpcBlock(cidrBlock: string): Ipv4Block {
  const block = parseIpv4Block(cidrBlock);
  if (block.prefix < AWS_LARGEST_PREFIX || block.prefix > SMALLEST_VPC_PREFIX) {
    throw new GroundplaneError(
      "INVALID_CIDR",
      `"${cidrBlock}" cannot be the block of a VPC: choose a prefix of /${AWS_LARGEST_PREFIX} (the largest that AWS allows) to /${SMALLEST_VPC_PREFIX}`,
      { facts: { value: cidrBlock } },
    );
  }
  return block;
}

/**
 * How many zones have a place in a VPC of this prefix, as a power of two. Decided by the prefix alone, which
 * cannot change. Small blocks have fewer, so that a public subnet stays at /27, the least that a load balancer
 * takes (a /24 has only /28 to give).
 */
function zoneBits(vpcPrefix: number): number {
  if (vpcPrefix <= 21) return 3;
  return vpcPrefix === 22 ? 2 : 1;
}

/**
 * The subnets of every tier in every zone. A subnet's addresses depend on the VPC's block, its own tier and its
 * own zone's slot, and on nothing else: adding or removing tiers and zones moves no other subnet.
 *
 * @throws {ADDRESS_SPACE_EXHAUSTED} a zone's slot does not exist in a VPC this small, or its place is taken by
 * addresses given for another subnet.
 * @throws {INVALID_CIDR} given addresses are malformed, too large or small, outside the VPC, or overlap.
 */
export function planSubnets(
  vpc: Ipv4Block,
  tiers: readonly Tier[],
  zones: readonly ZonePlan[],
  given: Readonly<Partial<Record<SubnetKey, SubnetAddresses>>>,
): readonly SubnetPlan[] {
  const subnets = tiers.flatMap((tier) => zones.map((zone) => planSubnet(vpc, tier, zone, given)));
  for (const [index, subnet] of subnets.entries()) {
    for (const other of subnets.slice(0, index)) refuseOverlap(subnet, other, given);
  }
  return subnets;
}

function planSubnet(
  vpc: Ipv4Block,
  tier: Tier,
  zone: ZonePlan,
  given: Readonly<Partial<Record<SubnetKey, SubnetAddresses>>>,
): SubnetPlan {
  const key: SubnetKey = `${tier}-${zone.slot}`;
  const own = given[key];
  const slotIndex = ZONE_SLOTS.indexOf(zone.slot);
  const ipv6Index = own?.ipv6Index ?? TIER_SLOTS[tier].ipv6 + slotIndex;
  if (!Number.isInteger(ipv6Index) || ipv6Index < 0 || ipv6Index >= IPV6_BLOCKS) {
    throw invalidCidr(
      `subnets["${key}"].ipv6Index is ${ipv6Index}; a VPC's /56 has the numbers 0 to 255`,
      key,
    );
  }
  const cidrBlock = own ? checkGiven(vpc, key, own.cidrBlock) : slotBlock(vpc, tier, zone, slotIndex);
  return { key, tier, zone: zone.name, slot: zone.slot, cidrBlock, ipv6Index };
}

function slotBlock(vpc: Ipv4Block, tier: Tier, zone: ZonePlan, slotIndex: number): string {
  const bits = zoneBits(vpc.prefix);
  if (slotIndex >= 2 ** bits) {
    const last = ZONE_SLOTS[2 ** bits - 1];
    throw new GroundplaneError(
      "ADDRESS_SPACE_EXHAUSTED",
      `A VPC of /${vpc.prefix} has zone slots a to ${last}, and zone ${zone.name} takes ${zone.slot}. ` +
        `Give the zone a free slot ({ name: "${zone.name}", slot: … }), its subnets a block each (subnets: { "${tier}-${zone.slot}": { cidrBlock } }), or the VPC a larger block`,
      { facts: { vpcPrefix: vpc.prefix, zone: zone.name, slot: zone.slot } },
    );
  }
  const tierSlot = TIER_SLOTS[tier];
  const tierBlock = ipv4Subblock(vpc, vpc.prefix + tierSlot.bits, tierSlot.index);
  return formatIpv4Block(ipv4Subblock(tierBlock, tierBlock.prefix + bits, slotIndex));
}

function checkGiven(vpc: Ipv4Block, key: SubnetKey, cidrBlock: string): string {
  const block = parseIpv4Block(cidrBlock);
  if (block.prefix < AWS_LARGEST_PREFIX || block.prefix > AWS_SMALLEST_PREFIX) {
    throw invalidCidr(`subnets["${key}"] is ${cidrBlock}; AWS takes subnets of /16 to /28`, key);
  }
  if (!ipv4Contains(vpc, block)) {
    throw invalidCidr(
      `subnets["${key}"] is ${cidrBlock}, outside the VPC's ${formatIpv4Block(vpc)}; choose a block inside it`,
      key,
    );
  }
  return cidrBlock;
}

function refuseOverlap(
  subnet: SubnetPlan,
  other: SubnetPlan,
  given: Readonly<Partial<Record<SubnetKey, SubnetAddresses>>>,
): void {
  const remedy = `Give one of them other addresses: subnets: { "${subnet.key}": { cidrBlock, ipv6Index } }`;
  if (subnet.ipv6Index === other.ipv6Index) {
    throw invalidCidr(
      `${subnet.key} and ${other.key} share the IPv6 /64 number ${subnet.ipv6Index}. ${remedy}`,
      subnet.key,
    );
  }
  if (!ipv4Overlaps(parseIpv4Block(subnet.cidrBlock), parseIpv4Block(other.cidrBlock))) return;
  const bothGiven = given[subnet.key] !== undefined && given[other.key] !== undefined;
  throw new GroundplaneError(
    bothGiven ? "INVALID_CIDR" : "ADDRESS_SPACE_EXHAUSTED",
    `${subnet.key} (${subnet.cidrBlock}) overlaps ${other.key} (${other.cidrBlock}). ${remedy}`,
    { facts: { subnets: [subnet.key, other.key] } },
  );
}

function invalidCidr(message: string, subnet: SubnetKey): GroundplaneError {
  return new GroundplaneError("INVALID_CIDR", message, { facts: { subnet } });
}
