import { z } from "zod";
import { changeOperationSchema } from "./change-set.ts";
import { actorSchema, runIdSchema, sha256Schema, stackNameSchema, timestampSchema } from "./names.ts";

/** Three figures: when little is used, when as much as assumed, when much. */
export const costRangeSchema = z.object({ low: z.number(), expected: z.number(), high: z.number() });

/** One thing that a resource is paid for. */
export const costChargeSchema = z.object({
  what: z.string().min(1),
  quantity: costRangeSchema,
  /** What the quantity counts: `hour`, `GB`, `million requests`. */
  unit: z.string().min(1),
  /** USD for one of it. */
  unitUsd: z.number().min(0),
  monthlyUsd: costRangeSchema,
});

/** One resource, in USD a month. */
export const costItemSchema = z.object({
  urn: z.string().min(1),
  type: z.string().min(1),
  name: z.string(),
  operation: changeOperationSchema,
  /** Absent where it did not exist. */
  before: costRangeSchema.optional(),
  /** Absent where it will not exist. */
  after: costRangeSchema.optional(),
  /** What it is paid for afterwards; before, where it goes away. */
  charges: z.array(costChargeSchema),
  /** What of it has no figure, and why. Empty where all is known. */
  unknown: z.array(z.string()),
});

/** A sum in USD a month, to which so many resources add an amount that is not known. */
export const costTotalSchema = costRangeSchema.extend({ unknown: z.int().min(0) });

export const costAssumptionSchema = costRangeSchema.extend({
  name: z.string().min(1),
  unit: z.string().min(1),
  about: z.string().min(1),
  /** The environment gave the figures. @default false */
  given: z.boolean(),
});

/** What a stack costs a month before and after a change. */
export const costEstimateSchema = z
  .object({
    schema: z.literal("groundplane.dev/cost/v1"),
    currency: z.literal("USD"),
    prices: z.object({ asOf: z.iso.date(), source: z.string().min(1) }),
    before: costTotalSchema,
    after: costTotalSchema,
    /** Each figure of `after` minus the same of `before`; `unknown` counts what the change touches. */
    change: costTotalSchema,
    /** What costs something or may, dearest change first. A run's record lists only what the change touches. */
    items: z.array(costItemSchema),
    /** Those that the figures rest on. */
    assumptions: z.array(costAssumptionSchema),
  })
  .meta({ id: "CostEstimate" });

/** What the environment would cost a month, and its budget. */
export const budgetForecastSchema = z.object({
  monthlyUsd: z.number().positive(),
  /** This stack after the change, and the others as they were last estimated. */
  forecast: costTotalSchema,
  /** Share of the budget that the expected forecast takes, in percent. Absent where there is no forecast. */
  percent: z.number().min(0).optional(),
  stacks: z.array(
    z.object({
      stack: stackNameSchema,
      /** Absent: it was deployed, and no run estimated it. */
      after: costTotalSchema.optional(),
      run: runIdSchema,
    }),
  ),
  /** Why the run is held until someone lifts the brake. Absent: it is not. */
  brake: z.string().min(1).optional(),
  /** Who may lift it. */
  liftedBy: z.array(actorSchema),
});

/** One person's word that this run may be applied in spite of the budget. Good for that digest only. */
export const budgetLiftSchema = z.object({
  by: actorSchema,
  reason: z.string().trim().min(10, "say why, in at least ten characters").max(2000),
  digest: sha256Schema,
  at: timestampSchema,
});

export const runCostSchema = z.object({
  /** Absent when it could not be made. */
  estimate: costEstimateSchema.optional(),
  /** Why it could not be made. */
  problem: z.string().min(1).optional(),
  /** Of an environment with a budget. */
  budget: budgetForecastSchema.optional(),
});

export type CostRange = Readonly<z.infer<typeof costRangeSchema>>;
export type CostTotal = Readonly<z.infer<typeof costTotalSchema>>;
export type CostCharge = Readonly<z.infer<typeof costChargeSchema>>;
export type CostItem = Readonly<z.infer<typeof costItemSchema>>;
export type CostAssumption = Readonly<z.infer<typeof costAssumptionSchema>>;
export type CostEstimate = Readonly<z.infer<typeof costEstimateSchema>>;
export type BudgetForecast = Readonly<z.infer<typeof budgetForecastSchema>>;
export type BudgetLift = Readonly<z.infer<typeof budgetLiftSchema>>;
export type RunCost = Readonly<z.infer<typeof runCostSchema>>;

interface Braked {
  readonly cost?: RunCost | undefined;
  readonly digest?: { readonly digest: string } | undefined;
  readonly budgetLift?: BudgetLift | undefined;
}

/** Whether someone lifted the brake for this very review. */
export function isBrakeLifted({ digest, budgetLift }: Omit<Braked, "cost">): boolean {
  return budgetLift !== undefined && budgetLift.digest === digest?.digest;
}

/** Whether the budget holds a run: it would raise the forecast over the brake, and nobody lifted it for this review. */
export function brakeHolds(run: Braked): boolean {
  return run.cost?.budget?.brake !== undefined && !isBrakeLifted(run);
}

const figure = (amount: number): string => {
  const digits = Math.abs(amount) > 0 && Math.abs(amount) < 0.01 ? 4 : 2;
  return amount.toFixed(digits);
};

/** `42.10`, or `42.10 (12.00 to 80.00)` where usage decides; `signed` puts a plus before what is added. */
export function rangeText({ low, expected, high }: CostRange, signed = false): string {
  const text = (amount: number): string => `${signed && amount > 0 ? "+" : ""}${figure(amount)}`;
  if (figure(low) === figure(high)) return text(expected);
  return `${text(expected)} (${text(Math.min(low, high))} to ${text(Math.max(low, high))})`;
}

/** The same with what is not in the sum: `42.10 plus 2 unknown`. */
export function totalText(total: CostTotal, signed = false): string {
  return `${rangeText(total, signed)}${total.unknown === 0 ? "" : ` plus ${total.unknown} unknown`}`;
}
