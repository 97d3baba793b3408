import { z } from "zod";
import {
  actorSchema,
  environmentNameSchema,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";
import { propertyChangeSchema } from "./property-change.ts";

/**
 * Takes drift off the list until a date. In force through the end of `until`, UTC; afterwards it hides nothing
 * and is reported itself.
 */
export const driftIgnoreSchema = z
  // Strict: a misspelt "property" would hide the whole resource.
  .strictObject({
    /** A URN, or a pattern of one in which `*` stands for any run of characters. */
    resource: z.string().min(1),
    /**
     * A property's path, or a pattern of one: `tags.*`, `*lastModified`. Absent, the rule covers every property,
     * and that the resource is missing.
     */
    property: z.string().min(1).optional(),
    reason: z.string().min(10, "say why, in at least ten characters"),
    who: actorSchema,
    until: z.iso.date(),
  })
  .meta({ id: "DriftIgnore" });

/** One property: `before` is the state's value, `after` the cloud's. Secrets are marked. */
export const driftPropertySchema = propertyChangeSchema.omit({ replaces: true }).extend({
  /** The rule that takes it off the list. */
  ignoredBy: driftIgnoreSchema.optional(),
});

export const driftItemSchema = z.object({
  urn: z.string().min(1),
  type: z.string().min(1),
  name: z.string(),
  /** The provider's id. */
  id: z.string().optional(),
  /** `missing`: the state has it and the cloud has not. */
  kind: z.enum(["changed", "missing"]),
  /** In path order; empty for what is missing. */
  properties: z.array(driftPropertySchema),
  /** The rule that takes all of it off the list. */
  ignoredBy: driftIgnoreSchema.optional(),
});

/**
 * Why a report may not tell the last word. `run-under-way`: what a run is changing shows as drift until it is in
 * the state. `state-moved`: the state was written while the cloud was read. `pending-operations`: an operation
 * was begun and never ended; what it made is not in the state and was not read.
 */
export const DRIFT_CAVEATS = ["run-under-way", "state-moved", "pending-operations"] as const;

export const driftReportSchema = z
  .object({
    schema: z.literal("groundplane.dev/drift/v1"),
    project: z.string(),
    stack: stackNameSchema,
    environment: environmentNameSchema,
    sandbox: z.boolean(),
    checkedAt: timestampSchema,
    /** Digest of the state that was compared. */
    state: sha256Schema,
    /** Resources that were read. */
    checked: z.int().min(0),
    /** What differs, in URN order; what is ignored is listed too. */
    items: z.array(driftItemSchema),
    /** Rules that would hide something here and have run out. */
    expiredIgnores: z.array(driftIgnoreSchema),
    caveats: z.array(z.enum(DRIFT_CAVEATS)),
  })
  .meta({ id: "DriftReport" });

export type DriftIgnore = Readonly<z.infer<typeof driftIgnoreSchema>>;
export type DriftProperty = Readonly<z.infer<typeof driftPropertySchema>>;
export type DriftItem = Readonly<z.infer<typeof driftItemSchema>>;
export type DriftCaveat = (typeof DRIFT_CAVEATS)[number];
export type DriftReport = Readonly<z.infer<typeof driftReportSchema>>;

/** The properties of an item that no rule covers. */
export function openProperties(item: DriftItem): readonly DriftProperty[] {
  return item.ignoredBy === undefined
    ? item.properties.filter(({ ignoredBy }) => ignoredBy === undefined)
    : [];
}

/** What counts: items of which something is not covered by a rule. A provider may name no property. */
export function openDrift(report: Pick<DriftReport, "items">): readonly DriftItem[] {
  return report.items.filter(
    (item) =>
      item.ignoredBy === undefined && (item.properties.length === 0 || openProperties(item).length > 0),
  );
}
