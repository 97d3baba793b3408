import type { CostRange } from "@groundplane/contracts";
import type { AssumptionName, OwnPriceName } from "./assumptions.ts";
import { NotPriceable, type PricedResource } from "./priced-resource.ts";

/** Hours of a month, as AWS's own calculator counts them. */
export const HOURS = 730;

/** What a model may ask beside the resource itself. */
export interface Surroundings {
  assume(name: AssumptionName): CostRange;
  /** Of one, a month; throws where the environment does not say it. */
  ownPrice(name: OwnPriceName): CostRange;
  /**
   * The one resource of a type that this one goes with, by name where it is known, else by place: the only one under the
   * same parent, or the only one of the stack.
   */
  companion(of: PricedResource, type: string, named?: string): PricedResource;
  /** All of a type under the same parent. */
  neighbours(of: PricedResource, type: string): readonly PricedResource[];
}

type Read<Value> = (resource: PricedResource, surroundings: Surroundings) => Value;

/** One thing that a resource is paid for. */
export interface Charge {
  readonly what: string;
  /** What the quantity counts. */
  readonly unit: string;
  /** Key in the price table, or what only the environment knows, which has no region. */
  readonly price: string | Read<string> | { readonly own: OwnPriceName };
  /** A month's. */
  readonly quantity: number | CostRange | Read<number | CostRange>;
  /** @default always */
  readonly when?: Read<boolean>;
}

/** What resources of one type are paid for. */
export type CostModel = readonly Charge[];

/** For each hour that it exists. */
export const hourly = (price: Charge["price"], what = "hours"): Charge => ({
  what,
  unit: "hour",
  price,
  quantity: HOURS,
});

/** So much each month, whatever it does. */
export const monthly = (price: string, what: string, unit: string): Charge => ({
  what,
  unit,
  price,
  quantity: 1,
});

/** As much as the assumption says. */
export const used = (price: string, what: string, unit: string, name: AssumptionName): Charge => ({
  what,
  unit,
  price,
  quantity: (_resource, { assume }) => assume(name),
});

/** A part that is paid for and that this package has no figures for. */
export const withoutFigure = (what: string, when: NonNullable<Charge["when"]>): Charge => ({
  what,
  unit: "month",
  price: () => {
    throw new NotPriceable("this version has no figures for it");
  },
  quantity: 1,
  when,
});
