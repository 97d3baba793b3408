import {
  type ChangeOperation,
  type ChangeSet,
  GroundplaneError,
  type JsonValue,
  nameOfUrn,
  type PlannedResource,
  type PropertyChange,
  type ResourceChange,
} from "@groundplane/contracts";
import type { EngineMessage, EngineStep } from "../engine/engine-request.ts";
import { lossOf } from "../guard/data-holding-types.ts";
import { compareRecords, propertyChangesOf } from "./property-changes.ts";

/**
 * Engine operations, and what they mean to a person. The steps of a replacement (create the new, delete the old)
 * are told once, as `replace`.
 */
const OPERATIONS: Readonly<Record<string, ChangeOperation | undefined>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  import: "import",
  "import-replacement": "replace",
  read: "read",
  "read-replacement": "read",
  "read-discard": "forget",
  discard: "forget",
  "discard-replaced": "forget",
  same: "same",
  refresh: "same",
  "remove-pending-replace": "delete",
};

export const STACK_TYPE = "pulumi:pulumi:Stack";

export function operationOf(engineOperation: string): ChangeOperation | undefined {
  return OPERATIONS[engineOperation];
}

/** @throws {ENGINE_FAILED} for an operation that this version does not know: what is not understood is not approved. */
function knownOperation(step: EngineStep): ChangeOperation {
  const operation = operationOf(step.operation);
  if (operation !== undefined) return operation;
  throw new GroundplaneError(
    "ENGINE_FAILED",
    `the engine plans to "${step.operation}" ${step.urn}, and this version does not know what that means. Nothing was changed; is the engine newer than Groundplane?`,
    { facts: { operation: step.operation, urn: step.urn } },
  );
}

/** Protection that is put on or taken off, as a property: for the engine it is none, though it writes it to the state. */
function protectionChange({ old, new: now }: EngineStep): readonly PropertyChange[] {
  if (old === undefined || now === undefined || old.protect === now.protect) return [];
  return [{ path: "protect", kind: "update", before: old.protect, after: now.protect, replaces: false }];
}

/** The engine tells `same` where only the protection changes: left out, it could not be taken off by any run. */
function changeOperation(step: EngineStep): ChangeOperation {
  const operation = knownOperation(step);
  return operation === "same" && protectionChange(step).length > 0 ? "update" : operation;
}

/** What tells most of a resource comes first; a destroy, for one, tells `same` of each before `delete`. */
const TELLING = ["create-replacement", "replace", "import-replacement"];

function rankOf(step: EngineStep): number {
  const index = TELLING.indexOf(step.operation);
  if (index >= 0) return index;
  return operationOf(step.operation) === "same" ? TELLING.length + 1 : TELLING.length;
}

/** For each URN the step that tells most. */
function decisiveSteps(messages: readonly EngineMessage[]): ReadonlyMap<string, EngineStep> {
  const steps = new Map<string, EngineStep>();
  for (const message of messages) {
    if (message.kind !== "step.started" || !message.step.planning) continue;
    const known = steps.get(message.step.urn);
    if (known === undefined || rankOf(message.step) < rankOf(known))
      steps.set(message.step.urn, message.step);
  }
  return steps;
}

/** The engine makes these by itself; it does not count them either. Their versions are part of the review's digest. */
function isDefaultProvider(step: EngineStep): boolean {
  return step.type.startsWith("pulumi:providers:") && nameOfUrn(step.urn).startsWith("default_");
}

const HAS_BEEN: ReadonlySet<ChangeOperation> = new Set(["update", "replace", "delete", "forget"]);

function wasOf({ old }: EngineStep, operation: ChangeOperation): Pick<ResourceChange, "was"> {
  if (old === undefined || !HAS_BEEN.has(operation)) return {};
  const { custom, provider, inputs } = old;
  return { was: { custom, ...(provider ? { provider } : {}), inputs } };
}

function resourceChange(step: EngineStep, operation: ChangeOperation): ResourceChange {
  const state = step.new ?? step.old;
  return {
    urn: step.urn,
    type: step.type,
    name: nameOfUrn(step.urn),
    operation,
    ...(step.old?.id ? { id: step.old.id } : {}),
    ...(state?.parent ? { parent: state.parent } : {}),
    protect: step.old?.protect ?? false,
    holdsData: lossOf(step.type, (step.old ?? step.new)?.inputs) !== undefined,
    properties:
      operation === "delete" || operation === "forget"
        ? []
        : [...protectionChange(step), ...propertyChangesOf(step)],
    ...wasOf(step, operation),
  };
}

function plannedResource(step: EngineStep, operation: ChangeOperation): PlannedResource | undefined {
  if (operation === "delete" || operation === "forget" || step.new === undefined) return undefined;
  return {
    urn: step.urn,
    type: step.type,
    name: nameOfUrn(step.urn),
    operation,
    custom: step.new.custom,
    ...(step.new.parent ? { parent: step.new.parent } : {}),
    ...(step.new.provider ? { provider: step.new.provider } : {}),
    inputs: step.new.inputs,
  };
}

/** Old and new outputs of the stack itself; the engine tells them when the stack's outputs are registered. */
function stackOutputs(messages: readonly EngineMessage[]): {
  readonly before: Readonly<Record<string, JsonValue>>;
  readonly after: Readonly<Record<string, JsonValue>>;
} {
  const told = messages.findLast(
    (message) =>
      message.kind === "step.finished" && message.step.planning && message.step.type === STACK_TYPE,
  );
  if (told?.kind !== "step.finished") return { before: {}, after: {} };
  return { before: told.step.old?.outputs ?? {}, after: told.step.new?.outputs ?? {} };
}

export interface ChangeSetSubject {
  readonly project: string;
  readonly stack: string;
  readonly environment: string;
  readonly operation: ChangeSet["operation"];
}

/** What the engine planned, as data. A component or stack resource counts as a change only where something real does. */
export function buildChangeSet(subject: ChangeSetSubject, messages: readonly EngineMessage[]): ChangeSet {
  const told = [...decisiveSteps(messages).values()]
    .map((step) => ({ step, operation: changeOperation(step) }))
    .sort((a, b) => (a.step.urn < b.step.urn ? -1 : 1));
  const counted = told.filter(({ step }) => !isDefaultProvider(step));
  const counts: Partial<Record<ChangeOperation, number>> = {};
  for (const { operation } of counted) counts[operation] = (counts[operation] ?? 0) + 1;
  const outputs = stackOutputs(messages);
  return {
    schema: "groundplane.dev/change-set/v1",
    ...subject,
    counts,
    changes: counted
      .filter(({ operation }) => operation !== "same")
      .map(({ step, operation }) => resourceChange(step, operation)),
    planned:
      subject.operation === "destroy"
        ? []
        : told.flatMap(({ step, operation }) => plannedResource(step, operation) ?? []),
    outputs: subject.operation === "destroy" ? [] : [...compareRecords(outputs.before, outputs.after)],
  };
}
