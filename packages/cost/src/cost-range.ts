import type { CostRange } from "@groundplane/contracts";

/** A millionth of a dollar: sums of the same amounts stay the same in whatever order they are added. */
const rounded = (amount: number): number => Math.round(amount * 1e6) / 1e6 + 0;

export const NOTHING: CostRange = { low: 0, expected: 0, high: 0 };

export const exactly = (amount: number): CostRange => ({ low: amount, expected: amount, high: amount });

function combine(a: CostRange, b: CostRange, how: (one: number, other: number) => number): CostRange {
  return {
    low: rounded(how(a.low, b.low)),
    expected: rounded(how(a.expected, b.expected)),
    high: rounded(how(a.high, b.high)),
  };
}

export const add = (a: CostRange, b: CostRange): CostRange => combine(a, b, (one, other) => one + other);
export const subtract = (a: CostRange, b: CostRange): CostRange => combine(a, b, (one, other) => one - other);
export const times = (a: CostRange, b: CostRange): CostRange => combine(a, b, (one, other) => one * other);

export const sum = (ranges: readonly CostRange[]): CostRange => ranges.reduce(add, NOTHING);
