import { z } from "zod";

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export const severitySchema = z.enum(SEVERITIES);

/** `mandatory` blocks the run, `advisory` is shown. */
export const enforcementSchema = z.enum(["mandatory", "advisory"]);

/**
 * `violation`: the rule was broken. `not-evaluated`: it could not be decided, which blocks like a violation
 * in a strict environment. `exempted`: broken, and covered by an exemption in force.
 */
export const findingStatusSchema = z.enum(["violation", "not-evaluated", "exempted"]);

export const findingSchema = z
  .object({
    rule: z.string().min(1),
    title: z.string(),
    severity: severitySchema,
    enforcement: enforcementSchema,
    status: findingStatusSchema,
    /** The resource; absent when the rule speaks of the stack as a whole. */
    urn: z.string().optional(),
    /** What is wrong, with the offending value. */
    message: z.string().min(1),
    /** How to mend it. */
    remedy: z.string(),
    /** Where the rule comes from: a control, a manual's section, a limit of the provider. */
    source: z.string().optional(),
    pack: z.object({ name: z.string(), version: z.string() }),
    /** Who found it: the engine's own run of the pack, the review of the change set, or the data guard. */
    foundBy: z.enum(["engine", "change-set", "data-guard", "pipeline"]),
  })
  .meta({ id: "Finding" });

export type Severity = z.infer<typeof severitySchema>;
export type Enforcement = z.infer<typeof enforcementSchema>;
export type FindingStatus = z.infer<typeof findingStatusSchema>;
export type Finding = Readonly<z.infer<typeof findingSchema>>;

/** Whether a finding stops the run. What could not be evaluated stops it when `strict`. */
export function blocks(finding: Finding, strict: boolean): boolean {
  if (finding.enforcement !== "mandatory") return false;
  return finding.status === "violation" || (finding.status === "not-evaluated" && strict);
}
