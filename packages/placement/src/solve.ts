import {
  bestHost,
  type Constructed,
  construct,
  evenCost,
  type HostCost,
  packCost,
  placingOrder,
  spreadCost,
  type UnitWeight,
  unitWeights,
} from "./construct.ts";
import { exactSearch } from "./exact-search.ts";
import { exchangeForRoom } from "./exchange-for-room.ts";
import { fillHosts } from "./fill-hosts.ts";
import { hostsLowerBound } from "./hosts-lower-bound.ts";
import { improvePack } from "./improve-pack.ts";
import { improveSpread } from "./improve-spread.ts";
import type { Instance } from "./instance.ts";
import { type Layout, put } from "./layout.ts";
import type { PlacementProblem } from "./placement-problem.ts";
import { hopeless, notFoundProblems, shortages } from "./refusal.ts";
import { isLess, scoreOf } from "./score.ts";

/** Limits of the search, as counts: a clock would make the plan depend on the machine. */
const IMPROVEMENTS = 1_500_000;
const EXACT_STEPS = 1_000_000;
const SHUFFLES = 12;

/** Numbers that look random and are the same each time (Numerical Recipes' LCG). */
function jitter(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled(weight: UnitWeight, units: number, seed: number): UnitWeight {
  const next = jitter(seed);
  const factors = Float64Array.from({ length: units }, () => 0.7 + 0.6 * next());
  return (unit) => weight(unit) * (factors[unit] ?? 1);
}

interface Heuristic {
  readonly layout: Layout | undefined;
  /** Of the attempt that left the fewest. */
  readonly closest: Constructed | undefined;
}

type Attempt = () => Constructed;

/** Where units are left over: exchanges, so that what is left of hosts is of use, and once more. */
function withRoom({ layout, unplaced }: Constructed): Constructed {
  if (unplaced.length === 0) return { layout, unplaced };
  exchangeForRoom(layout);
  const cost = packCost(layout.instance);
  const left = unplaced.filter((unit) => {
    const host = bestHost(layout, unit, cost);
    if (host >= 0) put(layout, unit, host);
    return host < 0;
  });
  return { layout, unplaced: left };
}

/** On fewer hosts, where that is wanted: before the next attempt, which is not needed when this one cannot be better. */
function fewer({ layout, unplaced }: Constructed): Constructed {
  if (unplaced.length > 0 || layout.instance.strategy === "spread") return { layout, unplaced };
  return { layout: improvePack(layout, hostsLowerBound(layout.instance)), unplaced };
}

/** Whether a placement uses as few hosts as can be: nothing is left to be improved where that is wanted. */
function isTight(layout: Layout): boolean {
  const [unmet, used] = scoreOf(layout);
  return layout.instance.strategy === "pack" && unmet === 0 && used === hostsLowerBound(layout.instance);
}

function tryEach(attempts: readonly Attempt[]): Heuristic {
  let layout: Layout | undefined;
  let closest: Constructed | undefined;
  for (const make of attempts) {
    const attempt = make();
    if (closest === undefined || attempt.unplaced.length < closest.unplaced.length) closest = attempt;
    if (attempt.unplaced.length > 0) continue;
    if (layout === undefined || isLess(scoreOf(attempt.layout), scoreOf(layout))) layout = attempt.layout;
    if (isTight(layout)) break;
  }
  return { layout, closest };
}

/** Rules of thumb first, then the same in other orders, each only where those before found nothing. */
function findByHeuristics(instance: Instance): Heuristic {
  const weights = unitWeights(instance);
  const [weight = () => 0] = weights;
  const placing = (costs: readonly HostCost[], by: readonly UnitWeight[]): readonly Attempt[] =>
    costs.flatMap((cost) => by.map((each) => () => construct(instance, placingOrder(instance, each), cost)));
  // With wishes an order matters more, as no single exchange mends it: then all of them are tried.
  const spreading = instance.unmet.some((missed) => missed > 0)
    ? [placing([spreadCost, evenCost], weights)]
    : [placing([spreadCost], weights.slice(0, 3)), placing([evenCost], weights)];
  const stages: readonly (readonly Attempt[])[] = [
    ...(instance.strategy === "spread" ? spreading : []),
    [
      () => fewer(withRoom(fillHosts(instance, weight, "along"))),
      () => fewer(withRoom(fillHosts(instance, weight, "leastLeft"))),
    ],
    placing([packCost(instance), evenCost, spreadCost], weights),
    Array.from({ length: SHUFFLES }, (_, seed) => {
      const order = shuffled(weight, instance.units.length, seed + 1);
      return () => fillHosts(instance, order, seed % 2 === 0 ? "along" : "leastLeft");
    }),
  ];
  let closest: Constructed | undefined;
  for (const attempts of stages) {
    const heuristic = tryEach(attempts);
    if (heuristic.layout !== undefined) return heuristic;
    closest ??= heuristic.closest;
  }
  return { layout: undefined, closest };
}

function improved(layout: Layout): Layout {
  if (layout.instance.strategy === "pack") return improvePack(layout, hostsLowerBound(layout.instance));
  improveSpread(layout, IMPROVEMENTS);
  return layout;
}

/** A layout with every unit on a host, or why there is none. */
export type Solved =
  | { readonly layout: Layout }
  | { readonly layout: undefined; readonly problems: readonly PlacementProblem[]; readonly certain: boolean };

/** Finds a place for every unit: what cannot be first, then rules of thumb, then a search through all there is. */
export function solve(instance: Instance): Solved {
  const stuck = hopeless(instance);
  if (stuck.length > 0) return { layout: undefined, certain: true, problems: stuck };
  const short = shortages(instance);
  if (short.length > 0) return { layout: undefined, certain: true, problems: short };
  const { layout, closest } = findByHeuristics(instance);
  if (layout !== undefined) return { layout: improved(layout) };
  const exact = exactSearch(instance, EXACT_STEPS);
  if (exact.found !== undefined) return { layout: improved(exact.found) };
  const certain = exact.why === "none";
  return { layout: undefined, certain, problems: notFoundProblems(instance, closest, certain) };
}
