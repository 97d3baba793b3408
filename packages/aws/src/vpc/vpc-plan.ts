import { invalidArgument } from "@groundplane/contracts";
import {
  parseVpcBlock,
  planSubnets,
  type SubnetAddresses,
  type SubnetKey,
  type SubnetPlan,
  TIERS,
  type Tier,
} from "./address-plan.ts";
import { planZones, regionOf, type ZoneArgs, type ZonePlan, type ZoneSlot } from "./zones.ts";

/** How private subnets reach the internet over IPv4. */
export type NatMode = "none" | "single" | "per-zone";

/** What decides the shape of a VPC. */
export interface VpcPlanOptions {
  readonly cidrBlock: string;
  readonly zones: readonly (string | ZoneArgs)[];
  readonly tiers?: readonly Tier[];
  readonly nat?: NatMode;
  readonly subnets?: Readonly<Partial<Record<SubnetKey, SubnetAddresses>>>;
}

export type RouteTableKey = "public" | `private-${ZoneSlot}` | "isolated";

export interface RouteTablePlan {
  readonly key: RouteTableKey;
  readonly tier: Tier;
  /** The subnets that use it, in the order of the zones. */
  readonly subnets: readonly SubnetKey[];
  /** The NAT gateway that its default route points at; absent when there is none. */
  readonly nat?: ZoneSlot;
}

export interface NatPlan {
  readonly slot: ZoneSlot;
  /** The public subnet that it lives in. */
  readonly subnet: SubnetKey;
}

/** Everything that a VPC will consist of, as plain data. */
export interface VpcPlan {
  readonly cidrBlock: string;
  readonly region: string;
  /** In the order given. */
  readonly zones: readonly ZonePlan[];
  /** In the order public, private, isolated. */
  readonly tiers: readonly Tier[];
  /** Tier by tier, in the order of the zones. */
  readonly subnets: readonly SubnetPlan[];
  readonly routeTables: readonly RouteTablePlan[];
  readonly natGateways: readonly NatPlan[];
}

/**
 * Plans a VPC: its subnets with their addresses, its route tables, and where NAT gateways go. Pure: equal options
 * give an equal plan.
 *
 * @throws {INVALID_CIDR} the block is malformed or not /16 to /24, or given subnets are not valid.
 * @throws {ADDRESS_SPACE_EXHAUSTED} a subnet has no place in the block.
 * @throws {INVALID_ARGUMENT} zones or tiers are not valid, NAT lacks a tier, or addresses are given for a subnet
 * that does not exist.
 */
export function planVpc(options: VpcPlanOptions): VpcPlan {
  const block = parseVpcBlock(options.cidrBlock);
  const zones = planZones(options.zones);
  const tiers = planTiers(options.tiers ?? TIERS);
  const given = options.subnets ?? {};
  const subnets = planSubnets(block, tiers, zones, given);
  refuseUnknownSubnets(given, subnets);
  const natGateways = planNat(options.nat ?? "none", tiers, zones);
  return {
    cidrBlock: options.cidrBlock,
    region: regionOf(zones),
    zones,
    tiers,
    subnets,
    routeTables: tiers.flatMap((tier) => planRouteTables(tier, zones, natGateways)),
    natGateways,
  };
}

function planTiers(tiers: readonly Tier[]): readonly Tier[] {
  const unknown = tiers.filter((tier) => !TIERS.includes(tier));
  if (tiers.length === 0 || unknown.length > 0 || new Set(tiers).size !== tiers.length) {
    throw invalidArgument(
      `tiers is [${tiers.join(", ")}]; list one or more of ${TIERS.join(", ")}, each once`,
      {
        tiers,
      },
    );
  }
  return TIERS.filter((tier) => tiers.includes(tier));
}

function planNat(mode: NatMode, tiers: readonly Tier[], zones: readonly ZonePlan[]): readonly NatPlan[] {
  if (mode !== "none" && mode !== "single" && mode !== "per-zone") {
    throw invalidArgument(`nat is "${String(mode)}"; choose none, single or per-zone`, { nat: String(mode) });
  }
  if (mode === "none") return [];
  const missing = (["public", "private"] as const).filter((tier) => !tiers.includes(tier));
  if (missing.length > 0) {
    throw invalidArgument(
      `nat is "${mode}", which takes a public tier to live in and a private tier to serve; add ${missing.join(" and ")} to tiers, or set nat to "none"`,
      { nat: mode, tiers },
    );
  }
  const hosts = mode === "single" ? zones.slice(0, 1) : zones;
  return hosts.map(({ slot }) => ({ slot, subnet: `public-${slot}` }));
}

/** Private subnets have a table each, so that changing `nat` changes routes and never a subnet's table. */
function planRouteTables(
  tier: Tier,
  zones: readonly ZonePlan[],
  natGateways: readonly NatPlan[],
): readonly RouteTablePlan[] {
  if (tier !== "private")
    return [{ key: tier, tier, subnets: zones.map(({ slot }) => `${tier}-${slot}` as const) }];
  return zones.map(({ slot }) => {
    const nat = natGateways.find((gateway) => gateway.slot === slot) ?? natGateways[0];
    return { key: `private-${slot}`, tier, subnets: [`private-${slot}`], ...(nat && { nat: nat.slot }) };
  });
}

function refuseUnknownSubnets(
  given: Readonly<Record<string, unknown>>,
  subnets: readonly SubnetPlan[],
): void {
  const known = subnets.map((subnet): string => subnet.key);
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw invalidArgument(
    `subnets has ${unknown.join(", ")}, which the VPC does not have; it has ${known.join(", ")}`,
    {
      unknown,
    },
  );
}
