import type { CostCharge, CostRange } from "@groundplane/contracts";
import type { Charge, Surroundings } from "./cost-model.ts";
import { exactly, sum, times } from "./cost-range.ts";
import { isFree } from "./free-types.ts";
import { modelOf } from "./models.ts";
import { type PriceTable, priceOf } from "./price-table.ts";
import { NotPriceable, type PricedResource } from "./priced-resource.ts";

export interface Priced {
  readonly monthlyUsd: CostRange;
  readonly charges: readonly CostCharge[];
  /** What has no figure, and why. */
  readonly unknown: readonly string[];
}

export interface Pricing {
  readonly prices: PriceTable;
  readonly surroundings: Surroundings;
  /** Region of a resource; throws where nothing says it. */
  readonly regionOf: (resource: PricedResource) => string;
}

/** In USD for one of what is counted. */
function unitPrice({ price }: Charge, resource: PricedResource, pricing: Pricing): CostRange {
  const { surroundings, prices } = pricing;
  if (typeof price === "object") return surroundings.ownPrice(price.own);
  const key = typeof price === "string" ? price : price(resource, surroundings);
  const region = pricing.regionOf(resource);
  const unitUsd = priceOf(prices, region, key);
  if (unitUsd === undefined) throw new NotPriceable(`the price table has no ${key} for ${region}`);
  return exactly(unitUsd);
}

function priceCharge(charge: Charge, resource: PricedResource, pricing: Pricing): CostCharge | undefined {
  const { surroundings } = pricing;
  if (charge.when !== undefined && !charge.when(resource, surroundings)) return undefined;
  const unit = unitPrice(charge, resource, pricing);
  const counted =
    typeof charge.quantity === "function" ? charge.quantity(resource, surroundings) : charge.quantity;
  const { low, expected, high } = typeof counted === "number" ? exactly(counted) : counted;
  const quantity = { low, expected, high };
  return {
    what: charge.what,
    unit: charge.unit,
    unitUsd: unit.expected,
    quantity,
    monthlyUsd: times(quantity, unit),
  };
}

/** Undefined for what has no charge of its own. */
export function priceResource(resource: PricedResource, pricing: Pricing): Priced | undefined {
  const { type } = resource.facts;
  const model = modelOf(type);
  if (model === undefined && isFree(type)) return undefined;
  const charges: CostCharge[] = [];
  const unknown: string[] = model === undefined ? [`this version has no figures for ${type}`] : [];
  for (const charge of model ?? []) {
    try {
      const priced = priceCharge(charge, resource, pricing);
      if (priced !== undefined) charges.push(priced);
    } catch (error) {
      if (!(error instanceof NotPriceable)) throw error;
      unknown.push(`${charge.what}: ${error.message}`);
    }
  }
  if (charges.length === 0 && unknown.length === 0) return undefined;
  return { monthlyUsd: sum(charges.map(({ monthlyUsd }) => monthlyUsd)), charges, unknown };
}
