import { type Balance, balanceOf, memoryShare, sharesOf, varianceOf } from "./balance.ts";
import { checkPlacement } from "./check-placement.ts";
import { bestHost, packCost } from "./construct.ts";
import { percentText } from "./explain-placement.ts";
import { compileInstance, type Instance, MEMORY } from "./instance.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { assignmentOf, copyLayout, fits, type Layout, put, recordedLayout, take } from "./layout.ts";
import { type Placement, type PlacementProblem, placementMap } from "./placement-problem.ts";
import { scoreOf } from "./score.ts";

export interface RebalanceOptions {
  readonly current: Placement;
  /**
   * @default 5
   * @minimum 1
   */
  readonly maxSteps?: number;
}

/** One move, and what it is good for. Possible as soon as those before it are done. */
export interface RebalanceStep {
  /** Several where they are near each other. */
  readonly machines: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly gain: string;
  /** Afterwards. */
  readonly balance: Balance;
}

export type Rebalancing =
  | {
      readonly ok: true;
      readonly steps: readonly RebalanceStep[];
      readonly before: Balance;
      readonly after: Balance;
      /** The record once all steps are done. */
      readonly assignment: Placement;
      /** What is still not in order then. */
      readonly left: readonly PlacementProblem[];
    }
  | { readonly ok: false; readonly problems: readonly PlacementProblem[] };

/** How far a layout is from what is wanted: the first difference decides. */
interface Standing {
  /** What hosts are over their limits, each as a share of the limit. */
  readonly over: number;
  /** Pins, near and apart that are not kept. */
  readonly broken: number;
  readonly unmet: number;
  readonly largest: number;
  readonly deviation: number;
}

/** Less is no reason to move a machine, whose disk has to be copied or made anew. */
const WORTH_A_MOVE = 0.01;

/** What a host is over its limits. */
function overLimits({ instance, free }: Layout, host: number): number {
  let over = 0;
  for (let resource = 0; resource < instance.resources; resource += 1) {
    const at = host * instance.resources + resource;
    const left = free[at] ?? 0;
    if (left < 0) over -= left / Math.max(1, instance.capacity[at] ?? 1);
  }
  return over;
}

function brokenRules({ instance, hostOf }: Layout): number {
  const unitOf = new Map(
    instance.units.flatMap(({ machines }, unit) => machines.map(({ name }) => [name, unit] as const)),
  );
  const hostOfName = (name: string): number => hostOf[unitOf.get(name) ?? -1] ?? -1;
  let broken = 0;
  instance.units.forEach(({ bound, machines, apart }, unit) => {
    const host = hostOf[unit] ?? -1;
    if (bound !== undefined && bound.host !== host) broken += 1;
    broken += apart.filter((other) => other > unit && hostOf[other] === host).length;
    for (const { near } of machines)
      broken += near.filter((name) => unitOf.has(name) && hostOfName(name) !== host).length;
  });
  return broken;
}

const hasRules = ({ units }: Instance): boolean =>
  units.some(
    ({ bound, machines, apart }) =>
      bound !== undefined || apart.length > 0 || machines.some(({ near }) => near.length > 0),
  );

/** A layout's standing, with what it is made of, so that a move is judged by the two hosts that it changes. */
interface Ground {
  readonly standing: Standing;
  readonly rules: boolean;
  readonly overs: Float64Array;
  readonly shares: Float64Array;
}

function groundOf(layout: Layout, rules: boolean): Ground {
  const { hosts } = layout.instance;
  const overs = Float64Array.from(hosts, (_, host) => overLimits(layout, host));
  const shares = sharesOf(layout);
  const standing: Standing = {
    over: overs.reduce((sum, over) => sum + over, 0),
    broken: rules ? brokenRules(layout) : 0,
    unmet: scoreOf(layout)[0],
    largest: Math.max(...shares),
    deviation: Math.sqrt(varianceOf(shares)),
  };
  return { standing, rules, overs, shares };
}

/** The standing once a unit has moved; the layout is as before afterwards. */
function standingAfter(layout: Layout, ground: Ground, unit: number, to: number): Standing {
  const { hosts, resources, unmet } = layout.instance;
  const from = layout.hostOf[unit] ?? -1;
  const { standing, overs, rules } = ground;
  take(layout, unit);
  put(layout, unit, to);
  const shares = Float64Array.from(ground.shares);
  for (const host of [from, to])
    shares[host] = memoryShare(layout.instance, host, layout.free[host * resources + MEMORY] ?? 0);
  const after: Standing = {
    over:
      standing.over -
      (overs[from] ?? 0) -
      (overs[to] ?? 0) +
      overLimits(layout, from) +
      overLimits(layout, to),
    broken: rules ? brokenRules(layout) : 0,
    unmet: standing.unmet + (unmet[unit * hosts.length + to] ?? 0) - (unmet[unit * hosts.length + from] ?? 0),
    largest: Math.max(...shares),
    deviation: Math.sqrt(varianceOf(shares)),
  };
  take(layout, unit);
  put(layout, unit, from);
  return after;
}

/** What a step is good for, in words; undefined when that is not worth a move. */
function gainText(before: Standing, after: Standing, spread: boolean): string | undefined {
  if (Math.abs(after.over - before.over) > 1e-9)
    return after.over < before.over ? "a host comes nearer its limits, or within them" : undefined;
  if (after.broken !== before.broken)
    return after.broken < before.broken ? "a pin, near or apart that was not kept is kept" : undefined;
  if (after.unmet !== before.unmet)
    return after.unmet < before.unmet ? "a preferred label that was missed is met" : undefined;
  if (!spread) return undefined;
  if (before.largest - after.largest >= WORTH_A_MOVE)
    return `the largest memory use goes from ${percentText(before.largest)} to ${percentText(after.largest)}`;
  if (after.largest > before.largest + 1e-9) return undefined;
  if (before.deviation - after.deviation < WORTH_A_MOVE) return undefined;
  const points = (deviation: number): string => (deviation * 100).toFixed(1);
  return `hosts' memory use differs less: ${points(before.deviation)} to ${points(after.deviation)} percentage points from the mean`;
}

function isBetter(a: Standing, b: Standing): boolean {
  for (const key of ["over", "broken", "unmet", "largest", "deviation"] as const) {
    if (Math.abs(a[key] - b[key]) > 1e-9) return a[key] < b[key];
  }
  return false;
}

interface Candidate {
  readonly unit: number;
  readonly to: number;
  readonly standing: Standing;
  readonly gain: string;
}

/** The single move that gains the most, of those that are possible as things stand. */
function bestMove(layout: Layout, rules: boolean): Candidate | undefined {
  const { instance } = layout;
  const ground = groundOf(layout, rules);
  let best: Candidate | undefined;
  instance.units.forEach((_, unit) => {
    const from = layout.hostOf[unit] ?? -1;
    for (let to = 0; to < instance.hosts.length; to += 1) {
      if (to === from || !fits(layout, unit, to)) continue;
      const standing = standingAfter(layout, ground, unit, to);
      const gain = gainText(ground.standing, standing, instance.strategy === "spread");
      if (gain === undefined || (best !== undefined && !isBetter(standing, best.standing))) continue;
      best = { unit, to, standing, gain };
    }
  });
  return best;
}

/** Moves that empty one host into others in use, all of them or none: half of them gain nothing. */
function emptyingMoves(layout: Layout, atMost: number): readonly Candidate[] {
  const { instance } = layout;
  const cost = packCost(instance);
  const taken = (host: number): number =>
    (instance.capacity[host * instance.resources + MEMORY] ?? 0) -
    (layout.free[host * instance.resources + MEMORY] ?? 0);
  const used = [...instance.hosts.keys()]
    .filter((host) => layout.unitsAt[host]?.size !== 0)
    .sort((a, b) => taken(a) - taken(b) || a - b);
  for (const leaving of used) {
    const units = [...(layout.unitsAt[leaving] ?? [])].sort((a, b) => a - b);
    if (units.length > atMost) continue;
    const trial = copyLayout(layout);
    const before = groundOf(trial, true).standing;
    const name = instance.hosts[leaving]?.name ?? "";
    const moves = units.flatMap((unit, done): Candidate[] => {
      const host = bestHost(trial, unit, (each, which, to) =>
        to === leaving || each.unitsAt[to]?.size === 0 ? Number.POSITIVE_INFINITY : cost(each, which, to),
      );
      if (host < 0 || host === leaving || trial.unitsAt[host]?.size === 0) return [];
      take(trial, unit);
      put(trial, unit, host);
      const gain =
        done === units.length - 1 ? `${name} is empty` : `${name} has ${units.length - 1 - done} left to go`;
      return [{ unit, to: host, standing: groundOf(trial, true).standing, gain }];
    });
    const after = groundOf(trial, true).standing;
    const noWorse = after.broken <= before.broken && after.unmet <= before.unmet;
    if (moves.length === units.length && noWorse) return moves;
  }
  return [];
}

function stepOf(layout: Layout, { unit, to, gain }: Candidate): RebalanceStep {
  const { units, hosts } = layout.instance;
  const from = layout.hostOf[unit] ?? -1;
  take(layout, unit);
  put(layout, unit, to);
  return {
    machines: units[unit]?.machines.map(({ name }) => name) ?? [],
    from: hosts[from]?.name ?? "",
    to: hosts[to]?.name ?? "",
    gain,
    balance: balanceOf(layout),
  };
}

/**
 * Moves that make a placement better, the best first: what is over a limit, rules that are not kept, labels that are
 * preferred, then the strategy. Each is possible once those before it are done, and none that gains less than a
 * hundredth is named. Only machines of the record are looked at.
 */
export function rebalance(
  inventory: FleetInventory,
  { current, maxSteps = 5 }: RebalanceOptions,
): Rebalancing {
  const unknown = checkPlacement(inventory, current).filter(({ kind }) => kind === "unknown");
  if (unknown.length > 0)
    return {
      ok: false,
      problems: unknown.map(({ subject, problem, remedy }) => ({ subject, problem, remedy })),
    };
  const { instance } = compileInstance(inventory, placementMap(current), "movable");
  const rules = hasRules(instance);
  const layout = recordedLayout(instance);
  const before = balanceOf(layout);
  const steps: RebalanceStep[] = [];
  while (steps.length < maxSteps) {
    const best = bestMove(layout, rules);
    const moves =
      best === undefined && instance.strategy === "pack"
        ? emptyingMoves(layout, maxSteps - steps.length)
        : [best];
    const next = moves.filter((move) => move !== undefined);
    if (next.length === 0) break;
    for (const move of next) steps.push(stepOf(layout, move));
  }
  const assignment = assignmentOf(layout);
  const left = checkPlacement(inventory, assignment).map(({ subject, problem, remedy }) => ({
    subject,
    problem,
    remedy,
  }));
  return { ok: true, steps, before, after: balanceOf(layout), assignment, left };
}
