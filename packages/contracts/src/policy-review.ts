import { z } from "zod";
import type { ChangeSet } from "./change-set.ts";
import { type Finding, severitySchema } from "./finding.ts";
import { actorSchema } from "./names.ts";

/**
 * Lets one resource break one rule until a date. In force through the end of `until`, UTC; afterwards it is
 * itself a finding.
 */
export const exemptionSchema = z
  .object({
    rule: z.string().min(1),
    /** A URN, or a pattern of one in which `*` stands for any run of characters. */
    resource: z.string().min(1),
    reason: z.string().min(10, "say why, in at least ten characters"),
    who: actorSchema,
    until: z.iso.date(),
  })
  .meta({ id: "Exemption" });

export type Exemption = Readonly<z.infer<typeof exemptionSchema>>;

/** What a rule says of itself. */
export const ruleSummarySchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string().min(1),
  severity: severitySchema,
  enforcement: z.enum(["mandatory", "advisory"]),
  why: z.string().min(1),
  remedy: z.string().min(1),
  source: z.string().optional(),
});

export type RuleSummary = Readonly<z.infer<typeof ruleSummarySchema>>;

export interface ReviewRequest {
  readonly changeSet: ChangeSet;
  readonly exemptions: readonly Exemption[];
  /** Day on which exemptions are judged, UTC, `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * What a policy pack's package exports as `pack`, so that its rules can be run on a planned change set:
 * deletes and whole-stack rules are covered before approval. A package without it still runs in the engine.
 */
export interface ReviewPack {
  readonly name: string;
  readonly version: string;
  readonly rules: readonly RuleSummary[];
  review(request: ReviewRequest): Promise<readonly Finding[]>;
}
