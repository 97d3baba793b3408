export { type AddressOptions, type AddressPlan, allocateAddresses } from "./allocate-addresses.ts";
export type { Balance } from "./balance.ts";
export { checkPlacement, type PlacementViolation } from "./check-placement.ts";
export { atPhase, fleetInventorySchema, parseInventory } from "./inventory.ts";
export type {
  FleetHost,
  FleetInventory,
  FleetInventoryInput,
  FleetMachine,
  FleetNetwork,
} from "./inventory-shape.ts";
export { noPlacement, type Placement, type PlacementProblem } from "./placement-problem.ts";
export {
  type PlacementFound,
  type PlacementNotFound,
  type PlacementOptions,
  type PlacementPlan,
  planPlacement,
} from "./plan-placement.ts";
export { REFERENCE_PLACEMENT, referenceFleet } from "./reference-fleet.ts";
export { type MachineSize, SIZES, type SizeName, sizeOf } from "./size.ts";
