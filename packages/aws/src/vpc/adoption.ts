import { invalidArgument } from "@groundplane/contracts";
import type { SubnetKey } from "./address-plan.ts";
import type { VpcPlan } from "./vpc-plan.ts";
import type { ZoneSlot } from "./zones.ts";

/** An existing subnet that is taken over. */
export interface AdoptedSubnet {
  /** @format `subnet-…` */
  readonly id: string;
  /**
   * The route table that the subnet is explicitly associated with. The subnet stays on it until `adopt` is removed.
   *
   * @format `rtb-…`
   * @default - the subnet uses the VPC's main route table, and is associated with its planned one at once
   */
  readonly routeTableId?: string;
}

/** An existing NAT gateway that is taken over, with its public address. */
export interface AdoptedNatGateway {
  /** @format `nat-…` */
  readonly id: string;
  /** @format `eipalloc-…` */
  readonly allocationId: string;
}

/** The ids of what exists already. Everything else that the plan has is created. */
export interface VpcAdoption {
  /** @format `vpc-…` */
  readonly vpcId: string;
  /**
   * @format `igw-…`
   * @default - created when there is a public tier; a VPC that has one refuses a second
   */
  readonly internetGatewayId?: string;
  /**
   * @format `eigw-…`
   * @default - created when `ipv6` is set and there is a private tier
   */
  readonly egressOnlyInternetGatewayId?: string;
  /**
   * Each needs its addresses in `subnets`, so that nothing is renumbered.
   *
   * @default - none
   */
  readonly subnets?: Readonly<Partial<Record<SubnetKey, AdoptedSubnet>>>;
  /**
   * By the slot of the zone that each is in.
   *
   * @default - none
   */
  readonly natGateways?: Readonly<Partial<Record<ZoneSlot, AdoptedNatGateway>>>;
}

/**
 * Checks that no adopted subnet would get planned addresses. Comes before the plan, which would be refused with a
 * message that leads elsewhere.
 *
 * @throws {INVALID_ARGUMENT} an adopted subnet has no addresses given.
 */
export function checkAdoptedAddresses(
  adopt: VpcAdoption | undefined,
  given: Readonly<Record<string, unknown>>,
): void {
  const missing = Object.keys(adopt?.subnets ?? {}).find((key) => given[key] === undefined);
  if (missing === undefined) return;
  throw invalidArgument(
    `adopt.subnets has ${missing} without its addresses; give the block that it has now: subnets: { "${missing}": { cidrBlock } }`,
  );
}

/**
 * Checks ids against the plan.
 *
 * @throws {INVALID_ARGUMENT} an id is malformed, or something adopted is not planned.
 */
export function checkAdoption(adopt: VpcAdoption | undefined, plan: VpcPlan): void {
  if (adopt === undefined) return;
  checkId("vpcId", adopt.vpcId, "vpc-");
  checkId("internetGatewayId", adopt.internetGatewayId, "igw-");
  checkId("egressOnlyInternetGatewayId", adopt.egressOnlyInternetGatewayId, "eigw-");
  const subnets = adopt.subnets ?? {};
  for (const key of Object.keys(subnets)) {
    const subnet = plan.subnets.find((candidate) => candidate.key === key);
    if (subnet === undefined) {
      throw invalidArgument(
        `adopt.subnets has ${key}, and the plan has ${plan.subnets.map((s) => s.key).join(", ")}`,
      );
    }
    checkId(`subnets["${key}"].id`, subnets[subnet.key]?.id, "subnet-");
    checkId(`subnets["${key}"].routeTableId`, subnets[subnet.key]?.routeTableId, "rtb-");
  }
  for (const [slot, nat] of Object.entries(adopt.natGateways ?? {})) {
    if (!plan.natGateways.some((gateway) => gateway.slot === slot)) {
      throw invalidArgument(
        `adopt.natGateways has ${slot}, where the plan has no NAT gateway; see nat and the order of zones`,
      );
    }
    checkId(`natGateways.${slot}.id`, nat.id, "nat-");
    checkId(`natGateways.${slot}.allocationId`, nat.allocationId, "eipalloc-");
  }
}

function checkId(field: string, id: string | undefined, prefix: string): void {
  if (id === undefined || new RegExp(`^${prefix}[0-9a-z]+$`).test(id)) return;
  throw invalidArgument(`adopt.${field} is "${id}"; write an id that begins with ${prefix}`);
}
