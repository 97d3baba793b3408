import { type DriftItem, nameOfUrn } from "@groundplane/contracts";
import {
  compareRecords,
  parsePropertyPath,
  propertyChangesOf,
  valueAt,
} from "../changes/property-changes.ts";
import type { EngineMessage, EngineStep } from "../engine/engine-request.ts";

/** Providers and components are told too, and nothing of them is read. */
function isRead(step: EngineStep): boolean {
  return step.old?.custom === true && !step.type.startsWith("pulumi:providers:");
}

/** A provider that names no property is asked for inputs, then for outputs, then for the names of what differs. */
function propertiesOf(step: EngineStep): DriftItem["properties"] {
  const named = propertyChangesOf(step);
  const found = named.length > 0 ? named : compareRecords(step.old?.outputs ?? {}, step.new?.outputs ?? {});
  if (found.length === 0) return step.keys.map((path) => ({ path, kind: "update" as const }));
  return found.map(({ replaces: _replaces, ...property }) => {
    // No program gave what the cloud computes: it is among the outputs alone.
    const after = property.after ?? valueAt(step.new?.outputs, parsePropertyPath(property.path));
    return property.kind === "delete" || after === undefined ? property : { ...property, after };
  });
}

function itemOf(step: EngineStep): DriftItem | undefined {
  const about = {
    urn: step.urn,
    type: step.type,
    name: nameOfUrn(step.urn),
    ...(step.old?.id ? { id: step.old.id } : {}),
  };
  if (step.operation === "delete") return { ...about, kind: "missing", properties: [] };
  // `same`: at most values that the cloud computes differ, which no program gave.
  return step.operation === "update"
    ? { ...about, kind: "changed", properties: [...propertiesOf(step)] }
    : undefined;
}

export interface ReadResources {
  readonly checked: number;
  readonly items: readonly DriftItem[];
}

/** What a refresh found, in URN order. */
export function driftItems(messages: readonly EngineMessage[]): ReadResources {
  const steps = messages.flatMap((message) =>
    message.kind === "step.finished" && isRead(message.step) ? [message.step] : [],
  );
  const items = steps.flatMap((step) => itemOf(step) ?? []);
  return { checked: steps.length, items: items.sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0)) };
}
