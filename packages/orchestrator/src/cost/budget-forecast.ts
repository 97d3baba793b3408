import {
  type Actor,
  type BudgetForecast,
  type CostEstimate,
  type CostTotal,
  type RunId,
  type RunRecord,
  totalText,
  writesStateAlone,
} from "@groundplane/contracts";

/** Share of the budget at which a change that raises the forecast is held (spec 004: hard budget brake, 80 %). */
export const BRAKE_PERCENT = 80;

export interface Budget {
  readonly monthlyUsd: number;
  readonly liftedBy: readonly Actor[];
}

/** A stack of the environment, and what it costs as far as a run has told. */
export interface StackCost {
  readonly stack: string;
  readonly run: RunId;
  /** Absent: no run estimated it. */
  readonly after?: CostTotal | undefined;
}

export interface BudgetQuestion {
  readonly budget: Budget;
  /** What has no figure holds a run as well. */
  readonly strict: boolean;
  readonly own: {
    readonly stack: string;
    readonly run: RunId;
    readonly estimate?: CostEstimate | undefined;
    readonly problem?: string | undefined;
  };
  readonly others: readonly StackCost[];
}

function sumOf(stacks: readonly StackCost[]): CostTotal {
  const sum = { low: 0, expected: 0, high: 0, unknown: 0 };
  for (const { after } of stacks) {
    sum.low += after?.low ?? 0;
    sum.expected += after?.expected ?? 0;
    sum.high += after?.high ?? 0;
    sum.unknown += after?.unknown ?? 1;
  }
  return sum;
}

const raises = ({ change }: CostEstimate): boolean =>
  change.low > 0 || change.expected > 0 || change.high > 0;

/** Resources that come or change and of which nobody knows what they cost. */
const unknownArrivals = ({ items }: CostEstimate): readonly string[] =>
  items
    .filter(
      ({ unknown, operation }) => unknown.length > 0 && !["same", "delete", "forget"].includes(operation),
    )
    .map(({ name, type }) => `${name} (${type})`);

function brakeOf(
  { budget, strict, own }: BudgetQuestion,
  forecast: CostTotal,
  percent: number,
): string | undefined {
  const { estimate } = own;
  if (estimate === undefined)
    return `what it costs could not be estimated: ${own.problem ?? "no reason is known"}`;
  if (raises(estimate) && percent >= BRAKE_PERCENT) {
    return `it brings the environment to ${totalText(forecast)} USD a month, ${percent} % of the budget of ${budget.monthlyUsd} USD; the brake holds from ${BRAKE_PERCENT} % on`;
  }
  const unknown = strict ? unknownArrivals(estimate) : [];
  if (unknown.length === 0) return undefined;
  const more = unknown.length > 3 ? ` and ${unknown.length - 3} more` : "";
  return `nobody knows what these cost: ${unknown.slice(0, 3).join(", ")}${more}`;
}

/**
 * Holds a change that raises the forecast to the brake or beyond, one that could not be estimated, and, where the
 * environment is strict, one that brings what has no figure. What makes nothing dearer is never held.
 */
export function forecastBudget(question: BudgetQuestion): BudgetForecast {
  const { budget, own, others } = question;
  const stacks: readonly StackCost[] = [
    { stack: own.stack, run: own.run, ...(own.estimate === undefined ? {} : { after: own.estimate.after }) },
    ...others,
  ];
  const forecast = sumOf(stacks);
  // Rounded up, so that what is shown as 80 % has not passed as less.
  const percent = Math.ceil((forecast.expected / budget.monthlyUsd) * 1000) / 10;
  const brake = brakeOf(question, forecast, percent);
  return {
    monthlyUsd: budget.monthlyUsd,
    forecast,
    percent,
    stacks: [...stacks].sort((a, b) => (a.stack < b.stack ? -1 : 1)),
    ...(brake === undefined ? {} : { brake }),
    liftedBy: [...budget.liftedBy],
  };
}

const dearer = (a: CostTotal, b: CostTotal): CostTotal => ({
  low: Math.max(a.low, b.low),
  expected: Math.max(a.expected, b.expected),
  high: Math.max(a.high, b.high),
  unknown: Math.max(a.unknown, b.unknown),
});

/**
 * What a stack costs by the newest of its runs that changed it or found it unchanged. Of one that did not come through
 * nobody knows how far it came: the dearer of before and after counts.
 */
export function costOfStack(stack: string, runs: readonly RunRecord[]): StackCost | undefined {
  const last = runs.findLast(({ operation }) => !writesStateAlone(operation));
  if (last === undefined) return undefined;
  const estimate = last.cost?.estimate;
  if (estimate === undefined) return { stack, run: last.id };
  const throughout =
    last.outcome === "applied" ||
    last.outcome === "unchanged" ||
    (last.outcome === "rolled-back" && last.operation === "rollback");
  return {
    stack,
    run: last.id,
    after: throughout ? estimate.after : dearer(estimate.before, estimate.after),
  };
}
