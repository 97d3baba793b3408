import type { CostModel } from "./cost-model.ts";
import { COMPUTE_MODELS } from "./models/compute.ts";
import { DATA_MODELS } from "./models/data.ts";
import { NETWORK_MODELS } from "./models/network.ts";
import { OPERATIONS_MODELS } from "./models/operations.ts";
import { OWN_HARDWARE_MODELS } from "./models/own-hardware.ts";

const MODELS: ReadonlyMap<string, CostModel> = new Map(
  [NETWORK_MODELS, COMPUTE_MODELS, DATA_MODELS, OPERATIONS_MODELS, OWN_HARDWARE_MODELS].flatMap((models) =>
    Object.entries(models),
  ),
);

/** What resources of a type are paid for; undefined for a type that nobody described. */
export const modelOf = (type: string): CostModel | undefined => MODELS.get(type);

/** Types that have a model. */
export const pricedTypes = (): readonly string[] => [...MODELS.keys()].sort();
