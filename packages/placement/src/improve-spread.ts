import { memoryShare, sharesOf } from "./balance.ts";
import { type Instance, MEMORY } from "./instance.ts";
import { fits, fitsInsteadOf, type Layout, put, take } from "./layout.ts";

/** Shares of memory, summed up so that a change of two hosts is judged without looking at the others. */
interface Tally {
  readonly shares: Float64Array;
  readonly sum: number;
  readonly squares: number;
  /** Hosts by their share, the largest first. */
  readonly order: readonly number[];
}

/** Better is less: wishes unmet, then the largest share, then the variance. */
interface Gain {
  readonly unmet: number;
  readonly largest: number;
  readonly variance: number;
}

interface Step {
  readonly unit: number;
  readonly to: number;
  /** The unit that comes back for it. */
  readonly back: number;
}

const EPSILON = 1e-12;

function tallyOf(layout: Layout): Tally {
  const shares = sharesOf(layout);
  const order = [...shares.keys()].sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b);
  return {
    ...{ shares, order },
    sum: shares.reduce((total, share) => total + share, 0),
    squares: shares.reduce((total, share) => total + share * share, 0),
  };
}

/** What a change of two hosts' shares comes to. */
function judge(tally: Tally, unmet: number, a: number, shareA: number, b: number, shareB: number): Gain {
  const { shares, order } = tally;
  const [oldA, oldB] = [shares[a] ?? 0, shares[b] ?? 0];
  let other = 0;
  for (const host of order) {
    if (host === a || host === b) continue;
    other = shares[host] ?? 0;
    break;
  }
  const mean = (tally.sum - oldA - oldB + shareA + shareB) / shares.length;
  const squares = tally.squares - oldA * oldA - oldB * oldB + shareA * shareA + shareB * shareB;
  return { unmet, largest: Math.max(other, shareA, shareB), variance: squares / shares.length - mean * mean };
}

function isBetter(a: Gain, b: Gain): boolean {
  if (a.unmet !== b.unmet) return a.unmet < b.unmet;
  if (Math.abs(a.largest - b.largest) > EPSILON) return a.largest < b.largest;
  return a.variance < b.variance - EPSILON;
}

const demandOf = (instance: Instance, unit: number): number =>
  instance.demand[unit * instance.resources + MEMORY] ?? 0;

/** The best single move or exchange that takes something off a host. */
function bestStepFrom(
  layout: Layout,
  tally: Tally,
  from: number,
  budget: { left: number },
): Step | undefined {
  const { instance, free, hostOf, unitsAt } = layout;
  const { hosts, units, unmet, resources } = instance;
  const freeMemory = (host: number): number => free[host * resources + MEMORY] ?? 0;
  const wishes = (unit: number, host: number): number => unmet[unit * hosts.length + host] ?? 0;
  const mean = tally.sum / hosts.length;
  let best: Gain = {
    unmet: 0,
    largest: tally.shares[tally.order[0] ?? 0] ?? 0,
    variance: tally.squares / hosts.length - mean * mean,
  };
  let step: Step | undefined;
  const consider = (unit: number, to: number, back: number): void => {
    budget.left -= 1;
    const moved = demandOf(instance, unit) - (back < 0 ? 0 : demandOf(instance, back));
    const lost =
      wishes(unit, to) - wishes(unit, from) + (back < 0 ? 0 : wishes(back, from) - wishes(back, to));
    if (lost > 0) return;
    const shareFrom = memoryShare(instance, from, freeMemory(from) + moved);
    const shareTo = memoryShare(instance, to, freeMemory(to) - moved);
    const gain = judge(tally, lost, from, shareFrom, to, shareTo);
    if (!isBetter(gain, best)) return;
    const possible =
      back < 0
        ? fits(layout, unit, to)
        : fitsInsteadOf(layout, unit, back, to) && fitsInsteadOf(layout, back, unit, from);
    if (possible) [best, step] = [gain, { unit, to, back }];
  };
  for (const unit of unitsAt[from] ?? []) {
    if ((units[unit]?.recorded ?? 0) >= 0) continue;
    for (let to = 0; to < hosts.length; to += 1) if (to !== from) consider(unit, to, -1);
    for (let back = 0; back < units.length; back += 1) {
      const to = hostOf[back] ?? -1;
      if (to < 0 || to === from || (units[back]?.recorded ?? 0) >= 0) continue;
      if (demandOf(instance, back) < demandOf(instance, unit) || wishes(back, to) + wishes(unit, from) > 0)
        consider(unit, to, back);
    }
  }
  return step;
}

function apply(layout: Layout, { unit, to, back }: Step): void {
  const from = layout.hostOf[unit] ?? -1;
  take(layout, unit);
  if (back >= 0) {
    take(layout, back);
    put(layout, back, from);
  }
  put(layout, unit, to);
}

/**
 * Makes a placement more even by single moves and exchanges, as long as one helps. What is recorded stays.
 *
 * @param evaluations At most so many are looked at: a bound by count, not by time, so that the result is the same everywhere.
 */
export function improveSpread(layout: Layout, evaluations: number): void {
  if (layout.instance.hosts.length < 2) return;
  const budget = { left: evaluations };
  while (budget.left > 0) {
    const tally = tallyOf(layout);
    let step: Step | undefined;
    for (const from of tally.order) {
      step = bestStepFrom(layout, tally, from, budget);
      if (step !== undefined || budget.left <= 0) break;
    }
    if (step === undefined) return;
    apply(layout, step);
  }
}
