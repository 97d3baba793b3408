import {
  type ChangeOperation,
  type ChangeSet,
  canonicalJson,
  type JsonValue,
  jsonValueSchema,
  nameOfUrn,
  type PlannedResource,
  type PropertyChange,
  type ResourceChange,
} from "@groundplane/contracts";
import { z } from "zod";
import { maskEngineRecord, maskEngineValue } from "../engine/mask.ts";
import { type StackState, type StateResource, stackOutputsOf } from "../engine/stack-state.ts";
import { lossOf } from "../guard/data-holding-types.ts";

type Values = Readonly<Record<string, JsonValue>>;

/** Says when and from where a resource was written, and nothing of what it is. */
const REMARKS = new Set(["created", "modified", "sourcePosition", "stackTrace"]);
const PARTS = new Set(["inputs", "outputs", "urn", "type"]);

/** A resource that waits for its deletion has the URN of the one that took its place. */
function keyOf({ urn, delete: deleting, id }: StateResource): string {
  return deleting === true ? `${urn} deleting ${id ?? ""}` : urn;
}

function byKey(resources: readonly StateResource[]): ReadonlyMap<string, StateResource> {
  return new Map(resources.map((resource) => [keyOf(resource), resource]));
}

/**
 * What differs between two records of a state. They are compared as they stand, encrypted, and told behind marks:
 * a secret that was encrypted anew differs, as nobody can see that it does not.
 */
function differences(before: Values, after: Values): readonly PropertyChange[] {
  const [hidden, shown] = [maskEngineRecord(before), maskEngineRecord(after)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((path) => {
    const [old, now] = [before[path], after[path]];
    if (old !== undefined && now !== undefined && canonicalJson(old) === canonicalJson(now)) return [];
    const kind = old === undefined ? "add" : now === undefined ? "delete" : "update";
    const [was, becomes] = [hidden[path], shown[path]];
    return [
      {
        path,
        kind,
        replaces: false,
        ...(was === undefined ? {} : { before: was }),
        ...(becomes === undefined ? {} : { after: becomes }),
      },
    ];
  });
}

/** The engine writes an empty list of dependencies, or none, as it comes. */
function saysNothing(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return value === null || value === "" || value === false;
  return Object.values(value).every(saysNothing);
}

/** Everything that the engine notes of a resource beside its properties: its id, parent, provider, dependencies. */
function notesOf(resource: StateResource): Values {
  return Object.fromEntries(
    Object.entries(resource).flatMap(([name, value]) => {
      const json = jsonValueSchema.safeParse(value);
      if (PARTS.has(name) || REMARKS.has(name) || !json.success || saysNothing(json.data)) return [];
      return [[name, json.data]];
    }),
  );
}

function propertiesOf(before: StateResource, after: StateResource): readonly PropertyChange[] {
  const inputs = differences(before.inputs ?? {}, after.inputs ?? {});
  const told = new Set(inputs.map(({ path }) => path));
  // What the cloud hands back repeats most inputs.
  const outputs = differences(before.outputs ?? {}, after.outputs ?? {}).filter(
    ({ path }) => !told.has(path),
  );
  return [...differences(notesOf(before), notesOf(after)), ...inputs, ...outputs];
}

function changeOf(
  resource: StateResource,
  operation: ChangeOperation,
  properties: readonly PropertyChange[],
): ResourceChange {
  const { urn, type, id, parent, protect } = resource;
  return {
    urn,
    type,
    name: nameOfUrn(urn),
    operation,
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined || parent === "" ? {} : { parent }),
    protect: protect ?? false,
    holdsData: lossOf(type, resource.inputs) !== undefined,
    properties: [...properties],
  };
}

function plannedOf(resource: StateResource, operation: ChangeOperation): PlannedResource {
  const { urn, type, custom, parent, provider, inputs } = resource;
  return {
    urn,
    type,
    name: nameOfUrn(urn),
    operation,
    custom: custom ?? false,
    ...(parent === undefined || parent === "" ? {} : { parent }),
    ...(provider === undefined || provider === "" ? {} : { provider }),
    inputs: maskEngineRecord(inputs),
  };
}

const inUrnOrder = (a: { readonly urn: string }, b: { readonly urn: string }): number =>
  a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0;

export type StatesSubject = Pick<ChangeSet, "project" | "stack" | "environment" | "unreadable">;

/** What a stack's state would know again, know differently, and not know any more. The cloud is not asked. */
export function compareStates(
  subject: StatesSubject,
  present: Pick<StackState, "resources"> | undefined,
  wanted: Pick<StackState, "resources">,
): ChangeSet {
  const [before, after] = [byKey(present?.resources ?? []), byKey(wanted.resources)];
  const known = [...after].map(([key, resource]) => {
    const old = before.get(key);
    const properties = old === undefined ? [] : propertiesOf(old, resource);
    const operation = old === undefined ? "import" : properties.length > 0 ? "update" : "same";
    return { resource, properties, operation } as const;
  });
  const forgotten = [...before].flatMap(([key, resource]) =>
    after.has(key) ? [] : [{ resource, properties: [], operation: "forget" } as const],
  );
  const all = [...known, ...forgotten];
  const counts: Partial<Record<ChangeOperation, number>> = {};
  for (const { operation } of all) counts[operation] = (counts[operation] ?? 0) + 1;
  return {
    schema: "groundplane.dev/change-set/v1",
    ...subject,
    operation: "state",
    counts,
    changes: all
      .filter(({ operation }) => operation !== "same")
      .map(({ resource, operation, properties }) => changeOf(resource, operation, properties))
      .sort(inUrnOrder),
    planned: known.map(({ resource, operation }) => plannedOf(resource, operation)).sort(inUrnOrder),
    outputs: [...differences(outputsOf(present), outputsOf(wanted))],
  };
}

function outputsOf(state: Pick<StackState, "resources"> | undefined): Values {
  return state === undefined ? {} : stackOutputsOf(state);
}

/** An empty record of properties may be left out; what is in one that is not empty counts, also when it is empty. */
function isLeftOut([name, value]: readonly [string, JsonValue]): boolean {
  if (name === "inputs" || name === "outputs") return canonicalJson(value) === "{}";
  return saysNothing(value);
}

/** The state without the ciphertexts, which differ each time that the engine writes a state. */
function contentOf({ resources, pendingOperations }: StackState): string {
  const written = resources.map((resource) =>
    Object.fromEntries(Object.entries(jsonRecordSchema.parse(resource)).filter((entry) => !isLeftOut(entry))),
  );
  return canonicalJson(maskEngineValue({ resources: written, pendingOperations }));
}

const jsonRecordSchema = z.record(z.string(), jsonValueSchema);

/** Whether the one is what the engine makes of the other when it imports it: all but the pending marks. */
export function isImportOf(found: StackState, wanted: StackState): boolean {
  return contentOf(found) === contentOf({ ...wanted, pendingOperations: [] });
}
