import type { ChangeSet, JsonValue, PlannedResource, ResourceChange } from "@groundplane/contracts";
import { emptyChangeSet } from "../../../test/change-set.ts";

export const urnOf = (type: string, name: string): string => `urn:pulumi:dev::shop::${type}::${name}`;

export function planned(type: string, name: string, inputs: Record<string, JsonValue> = {}): PlannedResource {
  return { urn: urnOf(type, name), type, name, operation: "create", custom: true, inputs };
}

export function change(type: string, name: string, operation: ResourceChange["operation"]): ResourceChange {
  return {
    urn: urnOf(type, name),
    type,
    name,
    operation,
    protect: false,
    holdsData: false,
    properties: [],
  };
}

export function changeSet(
  resources: readonly PlannedResource[],
  changes: readonly ResourceChange[] = [],
): ChangeSet {
  return emptyChangeSet({ stack: "network", changes: [...changes], planned: [...resources] });
}
