export {
  ASSUMPTIONS,
  type AssumptionName,
  type AssumptionOverrides,
  assumptionOverridesSchema,
  OWN_PRICES,
  type OwnPriceName,
} from "./assumptions.ts";
export { type EstimateOptions, estimate, isMoved } from "./estimate.ts";
export { FREE_TYPES } from "./free-types.ts";
export { pricedTypes } from "./models.ts";
export { listPrices, type PriceTable, parsePrices, priceTableSchema } from "./price-table.ts";
