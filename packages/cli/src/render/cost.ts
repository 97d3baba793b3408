import {
  brakeHolds,
  type CostItem,
  type CostRange,
  type RunCost,
  type RunRecord,
  rangeText,
  totalText,
} from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { operationSymbol } from "./counts.ts";
import { oneLine, plainText } from "./plain-text.ts";
import { shortType } from "./resource-name.ts";
import { table } from "./table.ts";

/** Resources that are shown; the record has them all. */
const SHOWN = 10;

const NOTHING: CostRange = { low: 0, expected: 0, high: 0 };

const minus = (a: CostRange, b: CostRange): CostRange => ({
  low: a.low - b.low,
  expected: a.expected - b.expected,
  high: a.high - b.high,
});

function amountOf({ before, after, unknown, charges }: CostItem): string {
  const known = charges.length > 0 ? rangeText(minus(after ?? NOTHING, before ?? NOTHING), true) : undefined;
  return [known, unknown.length > 0 ? "unknown" : undefined]
    .filter((part) => part !== undefined)
    .join(" plus ");
}

function itemRow(item: CostItem, style: Style): string[] {
  const [why] = item.unknown;
  return [
    operationSymbol(item.operation, style),
    style.dim(shortType(item.type)),
    plainText(item.name),
    amountOf(item),
    ...(why === undefined ? [] : [style.dim(oneLine(why))]),
  ];
}

/** `12 %` of the budget, and whether its brake holds the run. */
function budgetRow({ budget }: RunCost, held: boolean, style: Style): string[][] {
  if (budget === undefined) return [];
  const share = `${budget.percent ?? "?"} % of ${budget.monthlyUsd} USD a month, all stacks of the environment`;
  return [["Budget", held ? style.yellow(`${share}; the brake holds`) : share]];
}

/** What the change does to the monthly bill, for the facts of a run. */
export function costRows(run: RunRecord, style: Style): string[][] {
  const { cost } = run;
  if (cost === undefined) return [];
  const { estimate, problem } = cost;
  const bill =
    estimate === undefined
      ? style.yellow(`not estimated: ${oneLine(problem ?? "no reason is known")}`)
      : `${totalText(estimate.change, true)} USD a month; the stack then ${totalText(estimate.after)}`;
  return [["Cost", bill], ...budgetRow(cost, brakeHolds(run), style)];
}

/** Each resource whose cost the change moves, dearest first, and what the figures rest on. */
export function costLines({ cost }: RunRecord, style: Style): string[] {
  const estimate = cost?.estimate;
  if (estimate === undefined || estimate.items.length === 0) return [];
  const { items, prices, assumptions } = estimate;
  const rest = items.length - SHOWN;
  return [
    `${style.bold("Cost")} ${style.dim(`USD a month, list prices of ${prices.asOf}`)}`,
    ...table(
      items.slice(0, SHOWN).map((item) => itemRow(item, style)),
      "  ",
    ),
    ...(rest > 0 ? [style.dim(`  … and ${rest} more`)] : []),
    ...(assumptions.length === 0
      ? []
      : [
          style.dim(
            `  Assumed: ${assumptions.map(({ name, expected, unit }) => `${name} ${expected} ${unit}`).join(", ")}`,
          ),
        ]),
  ];
}

/** `someone of ada, grace lifts the budget's brake`. */
export function brakeText({ cost }: RunRecord): string {
  const liftedBy = cost?.budget?.liftedBy ?? [];
  return liftedBy.length === 0
    ? "the budget's brake, which nobody may lift (budget.liftedBy is empty)"
    : `the budget's brake to be lifted by ${liftedBy.join(" or ")}`;
}
