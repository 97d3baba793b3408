import type { Measured } from "./run-side.ts";

/** Two ways to do a job. */
export interface Sides {
  readonly first: Side;
  readonly second: Side;
}

export interface Side {
  readonly label: string;
  /** @param pair 0 warms up and is not counted; then 1, 2, … */
  readonly measure: (pair: number) => Promise<Measured>;
}

export interface Pair {
  readonly first: Measured;
  readonly second: Measured;
}

/**
 * Who begins takes turns, so that what the machine does meanwhile, and warm caches, favour neither.
 *
 * @param warmUp Whether each side is measured once before, and that is not counted.
 */
export async function runPairs(
  { first, second }: Sides,
  { pairs, warmUp }: { readonly pairs: number; readonly warmUp: boolean },
  onPair: (pair: Pair, number: number) => void,
): Promise<readonly Pair[]> {
  if (warmUp) {
    await first.measure(0);
    await second.measure(0);
  }
  const measured: Pair[] = [];
  for (let number = 1; number <= pairs; number += 1) {
    const firstBegins = number % 2 === 1;
    const early = await (firstBegins ? first : second).measure(number);
    const late = await (firstBegins ? second : first).measure(number);
    const pair = firstBegins ? { first: early, second: late } : { first: late, second: early };
    measured.push(pair);
    onPair(pair, number);
  }
  return measured;
}
