import type { ChangeSet, CostEstimate, CostItem, CostTotal } from "@groundplane/contracts";
import { AssumedUsage, type AssumptionOverrides } from "./assumptions.ts";
import { NOTHING, subtract, sum } from "./cost-range.ts";
import { type Priced, priceResource } from "./price-resource.ts";
import type { PriceTable } from "./price-table.ts";
import { NotPriceable, type PricedResource } from "./priced-resource.ts";
import { type Standing, standingAfter, standingBefore } from "./standing-resources.ts";
import { surroundingsOf } from "./surroundings.ts";

export interface EstimateOptions {
  /** Figures of an environment's own, by the assumption's name. @default - those of `ASSUMPTIONS` */
  readonly assumptions?: AssumptionOverrides;
  /** Region of resources of which neither they nor their provider say it. @default - such a resource is unknown */
  readonly region?: string | undefined;
}

const UNDESCRIBED: Priced = {
  monthlyUsd: NOTHING,
  charges: [],
  unknown: ["what it was is not known"],
};

function pricerOf(
  standing: Standing,
  providers: Standing,
  prices: PriceTable,
  usage: AssumedUsage,
  region?: string,
) {
  const surroundings = surroundingsOf(standing, usage);
  const regionOf = (resource: PricedResource): string => {
    const { provider } = resource.facts;
    const urn = provider?.slice(0, provider.lastIndexOf("::"));
    const given = urn === undefined ? undefined : providers.get(urn);
    const found = resource.has("region")
      ? resource.text("region")
      : given?.has("region")
        ? given.text("region")
        : region;
    if (found === undefined) throw new NotPriceable("nothing says its region");
    return found;
  };
  return (urn: string): Priced | undefined => {
    if (!standing.has(urn)) return undefined;
    const resource = standing.get(urn);
    return resource === undefined ? UNDESCRIBED : priceResource(resource, { prices, surroundings, regionOf });
  };
}

/** Whether the change moves what it costs, or touches something of which that cannot be said. */
export function isMoved({ before, after, unknown, operation }: CostItem): boolean {
  if (unknown.length > 0 && operation !== "same") return true;
  const change = subtract(after ?? NOTHING, before ?? NOTHING);
  return change.low !== 0 || change.expected !== 0 || change.high !== 0;
}

const changeOf = ({ before, after }: CostItem): number =>
  Math.abs(subtract(after ?? NOTHING, before ?? NOTHING).expected);

function dearestFirst(a: CostItem, b: CostItem): number {
  const [costA, costB] = [a, b].map(({ before, after }) => (after ?? before ?? NOTHING).expected);
  return changeOf(b) - changeOf(a) || (costB ?? 0) - (costA ?? 0) || (a.urn < b.urn ? -1 : 1);
}

type Identity = Pick<CostItem, "urn" | "type" | "name" | "operation">;

function identities({ planned, changes }: ChangeSet): ReadonlyMap<string, Identity> {
  const pick = ({ urn, type, name, operation }: Identity): Identity => ({ urn, type, name, operation });
  return new Map([...planned, ...changes].map((one) => [one.urn, pick(one)]));
}

function itemOf(
  identity: Identity,
  before: Priced | undefined,
  after: Priced | undefined,
): CostItem | undefined {
  const shown = after ?? before;
  if (shown === undefined) return undefined;
  return {
    ...identity,
    ...(before === undefined ? {} : { before: before.monthlyUsd }),
    ...(after === undefined ? {} : { after: after.monthlyUsd }),
    charges: [...shown.charges],
    unknown: [...new Set([...(after?.unknown ?? []), ...(before?.unknown ?? [])])],
  };
}

/**
 * What a stack costs a month before and after a planned change, in USD. Pure: equal input gives an equal estimate.
 *
 * A figure is `low`, `expected` and `high` where usage or scaling decides. What has no figure is counted as unknown beside
 * the sum, never as zero in it. List prices on demand: no free tiers, discounts, taxes or data transfer.
 *
 * @throws {INVALID_ARGUMENT} for an assumption that is none.
 */
export function estimate(
  changeSet: ChangeSet,
  prices: PriceTable,
  options: EstimateOptions = {},
): CostEstimate {
  const usage = new AssumedUsage(options.assumptions);
  const [past, future] = [standingBefore(changeSet), standingAfter(changeSet)];
  // A provider may be the change's own: the one that goes away tells where what it made was.
  const providers = new Map([...past, ...future]);
  const priceBefore = pricerOf(past, providers, prices, usage, options.region);
  const priceAfter = pricerOf(future, providers, prices, usage, options.region);
  const priced = [...identities(changeSet).values()].map((identity) => ({
    identity,
    before: priceBefore(identity.urn),
    after: priceAfter(identity.urn),
  }));
  const items = priced
    .flatMap(({ identity, before, after }) => itemOf(identity, before, after) ?? [])
    .sort(dearestFirst);
  const totalOf = (side: "before" | "after"): CostTotal => ({
    ...sum(items.map((item) => item[side] ?? NOTHING)),
    unknown: priced.filter((one) => (one[side]?.unknown.length ?? 0) > 0).length,
  });
  const [before, after] = [totalOf("before"), totalOf("after")];
  return {
    schema: "groundplane.dev/cost/v1",
    currency: "USD",
    prices: { asOf: prices.asOf, source: prices.source },
    before,
    after,
    change: {
      ...subtract(after, before),
      unknown: items.filter((item) => item.unknown.length > 0 && isMoved(item)).length,
    },
    items,
    assumptions: usage.used(),
  };
}
