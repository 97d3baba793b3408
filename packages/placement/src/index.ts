export { type AddressOptions, type AddressPlan, allocateAddresses } from "./allocate-addresses.ts";
export type { Balance } from "./balance.ts";
export { type CapacityOptions, type CapacityReport, capacity, type StillFits } from "./capacity.ts";
export { checkPlacement, type PlacementViolation } from "./check-placement.ts";
export { type Evacuation, evacuate, type Move } from "./evacuate.ts";
export {
  type ExplainResult,
  explainPlacement,
  type OtherHost,
  type PlacementExplanation,
} from "./explain-placement.ts";
export type { GrowthScenario, Purchase } from "./growth.ts";
export type { ByResource, HostCapacity, MachineShape, ResourceUse } from "./host-capacity.ts";
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
export { type RebalanceOptions, type RebalanceStep, type Rebalancing, rebalance } from "./rebalance.ts";
export { type ReferenceFigure, referenceFigures } from "./reference-figures.ts";
export { REFERENCE_PLACEMENT, referenceFleet } from "./reference-fleet.ts";
export { type MachineSize, SIZES, type SizeName, sizeOf } from "./size.ts";
