import { invalidArgument } from "@groundplane/contracts";
import type { FleetInventory } from "./inventory-shape.ts";
import { type Placement, type PlacementProblem, placementMap, sortedRecord } from "./placement-problem.ts";
import { planPlacement } from "./plan-placement.ts";

/** A machine that changes its host. */
export interface Move {
  readonly machine: string;
  readonly from: string;
  readonly to: string;
}

export type Evacuation =
  | {
      readonly ok: true;
      /** In the order of names; each is possible when it is its turn. */
      readonly moves: readonly Move[];
      /** The record once all are done. */
      readonly assignment: Placement;
    }
  | { readonly ok: false; readonly problems: readonly PlacementProblem[]; readonly certain: boolean };

/**
 * Empties a host: where each of its machines goes. Nobody else moves. Machines that have no host yet are left out; plan
 * them afterwards.
 *
 * @param host A host of the inventory.
 * @throws {INVALID_ARGUMENT} no host has that name.
 */
export function evacuate(
  inventory: FleetInventory,
  host: string,
  { current }: { readonly current: Placement },
): Evacuation {
  if (!inventory.hosts.some(({ name }) => name === host)) {
    const names = inventory.hosts.map(({ name }) => name).sort();
    throw invalidArgument(`no host is named "${host}"; the fleet has ${names.join(", ")}`, { host });
  }
  const record = placementMap(current);
  const machines = inventory.machines.filter(({ name }) => record.has(name));
  const leaving = machines
    .filter(({ name }) => record.get(name) === host)
    .map(({ name }) => name)
    .sort();
  const staying = sortedRecord([...record].filter(([, at]) => at !== host));
  const without = { ...inventory, machines, hosts: inventory.hosts.filter(({ name }) => name !== host) };
  if (leaving.length === 0) return { ok: true, moves: [], assignment: staying };
  if (without.hosts.length === 0) {
    const remedy = "Add a host first.";
    return {
      ok: false,
      certain: true,
      problems: [{ subject: host, problem: "it is the only host", remedy }],
    };
  }
  const plan = planPlacement(without, { current: staying });
  if (!plan.ok) return plan;
  const to = placementMap(plan.assignment);
  return {
    ok: true,
    moves: leaving.map((machine) => ({ machine, from: host, to: to.get(machine) ?? "" })),
    assignment: plan.assignment,
  };
}
