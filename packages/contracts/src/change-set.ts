import { z } from "zod";
import { driftItemSchema } from "./drift.ts";
import { jsonValueSchema } from "./json.ts";
import { environmentNameSchema, stackNameSchema } from "./names.ts";
import { propertyChangeSchema } from "./property-change.ts";

/**
 * What happens to one resource. `replace` makes a new one and deletes the old; `forget` drops it from the
 * state and leaves it in the cloud; `read` looks up an existing one.
 */
export const CHANGE_OPERATIONS = [
  "create",
  "update",
  "replace",
  "delete",
  "import",
  "read",
  "forget",
  "same",
] as const;
export const changeOperationSchema = z.enum(CHANGE_OPERATIONS);

export const resourceChangeSchema = z.object({
  urn: z.string().min(1),
  type: z.string().min(1),
  name: z.string(),
  operation: changeOperationSchema,
  /** The provider's id, where the resource exists already. */
  id: z.string().optional(),
  parent: z.string().optional(),
  /** Protected in the state: the engine itself refuses to delete it. */
  protect: z.boolean(),
  /** It holds data by type: deleting or replacing it loses something. */
  holdsData: z.boolean(),
  properties: z.array(propertyChangeSchema),
  /** What it was before, where it is updated, replaced, deleted or forgotten: its inputs, secrets marked. */
  was: z
    .object({
      custom: z.boolean(),
      provider: z.string().optional(),
      inputs: z.record(z.string(), jsonValueSchema),
    })
    .optional(),
});

/** A resource as it will be: its inputs, secrets and unknowns marked. */
export const plannedResourceSchema = z.object({
  urn: z.string().min(1),
  type: z.string().min(1),
  name: z.string(),
  operation: changeOperationSchema,
  custom: z.boolean(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  inputs: z.record(z.string(), jsonValueSchema),
});

/** An output of another stack that the change was planned with, and that is not there yet. */
export const assumptionSchema = z.object({
  stack: stackNameSchema,
  output: z.string().min(1),
  /** Its planned value is known; otherwise what is made from it is unknown here too. */
  known: z.boolean(),
});

export const changeSetSchema = z
  .object({
    schema: z.literal("groundplane.dev/change-set/v1"),
    project: z.string(),
    stack: stackNameSchema,
    environment: environmentNameSchema,
    /**
     * `state`: the state alone is written, and nothing in the cloud changes. There `import` means that the state will
     * know the resource, `update` that it will hold other values, and `forget` that it will not know it any more.
     */
    operation: z.enum(["update", "destroy", "state"]),
    counts: z.partialRecord(changeOperationSchema, z.int().min(0)),
    /** Everything that is not `same`, in URN order. */
    changes: z.array(resourceChangeSchema),
    /** Every resource that exists afterwards, in URN order; empty for a destroy. */
    planned: z.array(plannedResourceSchema),
    /** Stack outputs whose value changes. */
    outputs: z.array(propertyChangeSchema),
    /** What the refresh before it takes from the cloud into the state. Absent where the state was not refreshed. */
    refreshed: z.array(driftItemSchema).optional(),
    /** Planned on outputs that other stacks do not have yet: only a preview, which nobody can apply. */
    assumes: z.array(assumptionSchema).optional(),
    /** Why the present state cannot be compared with: then every resource counts as one that will be known. */
    unreadable: z.string().optional(),
  })
  .meta({ id: "ChangeSet" });

export type ChangeOperation = z.infer<typeof changeOperationSchema>;
export type ResourceChange = Readonly<z.infer<typeof resourceChangeSchema>>;
export type PlannedResource = Readonly<z.infer<typeof plannedResourceSchema>>;
export type Assumption = Readonly<z.infer<typeof assumptionSchema>>;
export type ChangeSet = Readonly<z.infer<typeof changeSetSchema>>;

/** True when applying it would do something: `read` and `same` do nothing, a refresh that found drift writes the state. */
export function hasChanges(changeSet: ChangeSet): boolean {
  return (
    changeSet.changes.some((change) => change.operation !== "read") ||
    changeSet.outputs.length > 0 ||
    changeSet.unreadable !== undefined ||
    (changeSet.refreshed ?? []).length > 0
  );
}

/** What a preview rests on, in words: `planned outputs of base; not known yet: base.vpcId`. */
export function assumptionText(assumes: readonly Assumption[]): string {
  const stacks = [...new Set(assumes.map(({ stack }) => stack))].join(", ");
  const unknown = assumes.filter(({ known }) => !known).map(({ stack, output }) => `${stack}.${output}`);
  const rest = unknown.length === 0 ? "all of them known" : `not known yet: ${unknown.join(", ")}`;
  return stacks === "" ? "stacks that are not deployed yet" : `planned outputs of ${stacks}; ${rest}`;
}
