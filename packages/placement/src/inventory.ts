import { GroundplaneError, placeText } from "@groundplane/contracts";
import { inventoryProblems } from "./inventory-problems.ts";
import { type FleetInventory, type FleetMachine, inventoryShape } from "./inventory-shape.ts";

/**
 * Hosts and machines of a fleet, and what is between them. Memory in MiB, disk in GiB (libvirt's units).
 *
 * `strategy` says what is wanted of a placement beyond its limits: `spread` keeps the largest relative memory use of a
 * host low, `pack` uses few hosts.
 */
export const fleetInventorySchema = inventoryShape.superRefine((inventory, context) => {
  for (const { path, message } of inventoryProblems(inventory)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

/**
 * Parses an inventory.
 *
 * @throws {CONFIG_INVALID} naming each place that is not in order.
 */
export function parseInventory(value: unknown): FleetInventory {
  const parsed = fleetInventorySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${placeText(value, path)}: ${message}`,
  );
  throw new GroundplaneError("CONFIG_INVALID", `the inventory is not in order: ${problems.join("; ")}.`, {
    facts: { problems },
  });
}

/** The fleet as it is in a phase: with the machines of that phase and of those before. */
export function atPhase(inventory: FleetInventory, phase: FleetMachine["phase"]): FleetInventory {
  return { ...inventory, machines: inventory.machines.filter((machine) => machine.phase <= phase) };
}
