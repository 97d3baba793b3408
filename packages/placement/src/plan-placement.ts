import { type Balance, balanceOf } from "./balance.ts";
import { checkPlacement } from "./check-placement.ts";
import { compileInstance } from "./instance.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { assignmentOf, type Layout } from "./layout.ts";
import { type Placement, type PlacementProblem, placementMap } from "./placement-problem.ts";
import { solve } from "./solve.ts";

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

/** The plan in numbers, for what is told of it. */
export type PlannedLayout =
  | { readonly ok: true; readonly layout: Layout; readonly notes: readonly PlacementProblem[] }
  | PlacementNotFound;

export function planLayout(inventory: FleetInventory, current: Placement): PlannedLayout {
  const problems = checkPlacement(inventory, current);
  const broken = problems.filter(({ kind }) => kind !== "rule");
  if (broken.length > 0) return { ok: false, certain: true, problems: broken.map(withoutKind) };
  const compiled = compileInstance(inventory, placementMap(current), "sticky");
  if (compiled.problems.length > 0) return { ok: false, certain: true, problems: compiled.problems };
  const solved = solve(compiled.instance);
  if (solved.layout !== undefined)
    return { ok: true, layout: solved.layout, notes: problems.map(withoutKind) };
  return { ok: false, certain: solved.certain, problems: solved.problems };
}

const withoutKind = ({ subject, problem, remedy }: PlacementProblem): PlacementProblem => ({
  subject,
  problem,
  remedy,
});

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
  const planned = planLayout(inventory, current);
  if (!planned.ok) return planned;
  const record = placementMap(current);
  return {
    ok: true,
    assignment: assignmentOf(planned.layout),
    placed: inventory.machines.flatMap(({ name }) => (record.has(name) ? [] : name)).sort(),
    balance: balanceOf(planned.layout),
    notes: planned.notes,
  };
}
