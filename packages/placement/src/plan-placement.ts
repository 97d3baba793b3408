import { type Balance, balanceOf, sharesOf, varianceOf } from "./balance.ts";
import { checkPlacement } from "./check-placement.ts";
import {
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
import { fillHosts } from "./fill-hosts.ts";
import { hostsLowerBound } from "./hosts-lower-bound.ts";
import { improvePack } from "./improve-pack.ts";
import { improveSpread } from "./improve-spread.ts";
import { compileInstance, type Instance } from "./instance.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { amountText, type Layout, obstacles, recordedLayout, resourceName } from "./layout.ts";
import {
  type Placement,
  type PlacementMap,
  type PlacementProblem,
  placementMap,
  sortedRecord,
} from "./placement-problem.ts";

export interface PlacementOptions {
  /**
   * The record: who is where. Nobody in it moves; names that are no machine of the inventory are left out of the plan.
   *
   * @default - nobody is anywhere
   */
  readonly current?: Placement;
}

export interface PlacementFound {
  readonly ok: true;
  /** Every machine's host, in the order of names. */
  readonly assignment: Placement;
  /** Machines that the record did not have. */
  readonly placed: readonly string[];
  readonly balance: Balance;
  /** What the record keeps from being in order: a pin, near or apart that was added once the machine was placed. */
  readonly notes: readonly PlacementProblem[];
}

export interface PlacementNotFound {
  readonly ok: false;
  readonly problems: readonly PlacementProblem[];
  /** True: there is no placement. False: none was found, and there are too many to look at all. */
  readonly certain: boolean;
}

export type PlacementPlan = PlacementFound | PlacementNotFound;

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

/** What is wanted of a placement that keeps all limits, the first difference decides; less is better. */
function scoreOf(layout: Layout): readonly number[] {
  const { instance, hostOf } = layout;
  let unmet = 0;
  hostOf.forEach((host, unit) => {
    unmet += host < 0 ? 0 : (instance.unmet[unit * instance.hosts.length + host] ?? 0);
  });
  const shares = sharesOf(layout);
  const variance = varianceOf(shares);
  return instance.strategy === "spread"
    ? [unmet, Math.max(...shares), variance]
    : [unmet, layout.unitsAt.filter((units) => units.size > 0).length, -variance];
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => Math.abs(value - (b[index] ?? 0)) > 1e-12);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

interface Heuristic {
  readonly layout: Layout | undefined;
  /** Of the attempt that left the fewest. */
  readonly closest: Constructed | undefined;
}

type Attempt = () => Constructed;

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
  const packing = [
    () => fillHosts(instance, weight, "along"),
    () => fillHosts(instance, weight, "leastLeft"),
    ...placing([packCost(instance)], weights),
  ];
  const stages: readonly (readonly Attempt[])[] = [
    ...(instance.strategy === "spread" ? [placing([spreadCost, evenCost], weights)] : []),
    [...packing, ...placing([evenCost], weights)],
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
  if (layout.instance.strategy === "pack") return isTight(layout) ? layout : improvePack(layout);
  improveSpread(layout, IMPROVEMENTS);
  return layout;
}

const namesOf = (instance: Instance, units: readonly number[]): readonly string[] =>
  units.flatMap((unit) => instance.units[unit]?.machines.map(({ name }) => name) ?? []).sort();

/** What is in a unit's way, host by host. */
export function inTheWay(layout: Layout, unit: number): string {
  return layout.instance.hosts
    .map(
      ({ name }, host) =>
        `${name}: ${obstacles(layout, unit, host)
          .map(({ text }) => text)
          .join(", ")}`,
    )
    .join("; ");
}

const MAKE_ROOM =
  "Make it smaller, add a host, or move others: `groundplane fleet capacity` shows what is free, `groundplane fleet rebalance` what can move.";

/** Machines that fit on no host although nothing but the record is placed: no search helps them. */
function hopeless(instance: Instance): PlacementProblem[] {
  const layout = recordedLayout(instance);
  return instance.units.flatMap(({ recorded, machines }, unit) => {
    if (recorded >= 0) return [];
    if (instance.hosts.some((_, host) => obstacles(layout, unit, host).length === 0)) return [];
    const subject = machines.map(({ name }) => name).join(" and ");
    return [{ subject, problem: `no host takes it. ${inTheWay(layout, unit)}`, remedy: MAKE_ROOM }];
  });
}

/** What all machines without a host need together, against what all hosts have left. */
function shortages(instance: Instance): PlacementProblem[] {
  const { free } = recordedLayout(instance);
  return Array.from({ length: instance.resources }, (_, resource) => {
    const needed = instance.units.reduce(
      (sum, { recorded }, unit) =>
        sum + (recorded < 0 ? (instance.demand[unit * instance.resources + resource] ?? 0) : 0),
      0,
    );
    let left = 0;
    for (let host = 0; host < instance.hosts.length; host += 1)
      left += free[host * instance.resources + resource] ?? 0;
    return { resource, needed, left };
  }).flatMap(({ resource, needed, left }) =>
    needed <= left
      ? []
      : [
          {
            subject: "the fleet",
            problem: shortageText(instance, resource, needed, left),
            remedy: MAKE_ROOM,
          },
        ],
  );
}

function shortageText(instance: Instance, resource: number, needed: number, left: number): string {
  const text = (amount: number): string => amountText(resource, amount);
  return `machines without a host need ${text(needed)} of ${resourceName(instance, resource)}, and all hosts together have ${text(left)} left`;
}

function notFound(instance: Instance, closest: Constructed | undefined, certain: boolean): PlacementNotFound {
  const [unit] = closest?.unplaced ?? [];
  const left = namesOf(instance, closest?.unplaced ?? []);
  const one = unit === undefined || closest === undefined ? "" : ` ${inTheWay(closest.layout, unit)}`;
  const subject = left.join(", ") || "the fleet";
  const problem = certain
    ? `there is no placement of all machines: with the others placed, no host takes it.${one}`
    : `no placement of all machines was found. There are too many to look at every one, so there may be one.${one}`;
  return { ok: false, certain, problems: [{ subject, problem, remedy: MAKE_ROOM }] };
}

function found(
  inventory: FleetInventory,
  layout: Layout,
  current: PlacementMap,
  notes: readonly PlacementProblem[],
): PlacementFound {
  const { instance, hostOf } = layout;
  const assignment = sortedRecord(
    instance.units.flatMap(({ machines }, unit) =>
      machines.map(({ name }) => [name, instance.hosts[hostOf[unit] ?? -1]?.name ?? ""] as const),
    ),
  );
  const placed = inventory.machines.flatMap(({ name }) => (current.has(name) ? [] : name)).sort();
  return { ok: true, assignment, placed, balance: balanceOf(layout), notes };
}

/** The placement in numbers, for what else is made of it. */
export type SolvedPlacement = { readonly layout: Layout } | PlacementNotFound;

function solve(instance: Instance): SolvedPlacement {
  const short = shortages(instance);
  if (short.length > 0) return { ok: false, certain: true, problems: short };
  const { layout, closest } = findByHeuristics(instance);
  if (layout !== undefined) return { layout: improved(layout) };
  const exact = exactSearch(instance, EXACT_STEPS);
  if (exact.found !== undefined) return { layout: improved(exact.found) };
  return notFound(instance, closest, exact.why === "none");
}

/**
 * Places machines on hosts. Limits (memory, vCPU, disk of each pool, the host's reserve), pins, near and apart are always
 * kept. Then come preferred labels, then the inventory's strategy: `spread` keeps the largest relative memory use of a
 * host low, and of placements with the same one takes that with the least variance; `pack` uses few hosts.
 *
 * Pure: no clock, no chance, and the order of hosts and machines in the inventory says nothing. Sticky: whoever `current`
 * names stays there, so that adding a host, or a machine, moves no one.
 */
export function planPlacement(
  inventory: FleetInventory,
  { current = {} }: PlacementOptions = {},
): PlacementPlan {
  const violations = checkPlacement(inventory, current);
  const broken = violations.filter(({ kind }) => kind !== "rule");
  if (broken.length > 0) return { ok: false, certain: true, problems: broken.map(withoutKind) };
  const record = placementMap(current);
  const { instance, problems } = compileInstance(inventory, record, "sticky");
  if (problems.length > 0) return { ok: false, certain: true, problems };
  const stuck = hopeless(instance);
  if (stuck.length > 0) return { ok: false, certain: true, problems: stuck };
  const solved = solve(instance);
  return "layout" in solved ? found(inventory, solved.layout, record, violations.map(withoutKind)) : solved;
}

const withoutKind = ({ subject, problem, remedy }: PlacementProblem): PlacementProblem => ({
  subject,
  problem,
  remedy,
});
