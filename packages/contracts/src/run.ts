import { z } from "zod";
import { approvalRuleSchema, decisionSchema } from "./approval.ts";
import { assumptionSchema, changeOperationSchema } from "./change-set.ts";
import { brakeHolds, budgetLiftSchema, runCostSchema } from "./cost.ts";
import { findingSchema } from "./finding.ts";
import {
  actorSchema,
  environmentNameSchema,
  runIdSchema,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";
import { reviewDigestSchema } from "./review-digest.ts";
import { runOutcomeSchema, runStateSchema } from "./run-state.ts";
import { BACKUP_MOMENTS } from "./state-backup.ts";

export const runOperationSchema = z.enum(["deploy", "preview", "destroy", "rollback", "restore", "settle"]);
export type RunOperation = z.infer<typeof runOperationSchema>;

/** Whether the operation writes the state alone, and changes nothing in a cloud. */
export function writesStateAlone(operation: RunOperation): boolean {
  return operation === "restore" || operation === "settle";
}

/** The kept state that a restore puts back. */
export const restoreSourceSchema = z.object({ run: runIdSchema, moment: z.enum(BACKUP_MOMENTS) });

/** What a person found out about operations that were begun and not ended. */
export const settlementSchema = z.object({
  /** URNs whose operation did nothing. */
  gone: z.array(z.string().min(1)),
  /** URNs that exist, and the provider's id of each. */
  adopted: z.array(z.object({ urn: z.string().min(1), id: z.string().min(1) })),
});

/** Why a run stands where it stands: an error code of the registry, and words. */
export const runReasonSchema = z.object({ code: z.string(), message: z.string() });

/** How long a way back may take, counted from the failure; the Lean-Crew's figures (spec 004, section 5). */
export const ROLLBACK_LIMITS_MS = { begin: 5 * 60_000, finish: 15 * 60_000 } as const;

export const rollbackPhaseSchema = z.enum(["begin", "finish"]);

/** A way back, measured. */
export const rollbackRecordSchema = z.object({
  /** The run that it goes back to. */
  to: runIdSchema,
  /** What the limits count from: the failure, or the request where nothing had failed. */
  since: timestampSchema,
  /** The run whose failure it undoes. @default - none failed */
  failedRun: runIdSchema.optional(),
  /** When the engine began to apply it. */
  beganAt: timestampSchema.optional(),
  /** When it was applied, verified and exported. */
  finishedAt: timestampSchema.optional(),
  /** Limits that it broke. */
  late: z.array(z.object({ phase: rollbackPhaseSchema, at: timestampSchema, tookMs: z.int().min(0) })),
});

/** What happens when up or verification fails, as it was agreed on with the review. */
export const onFailureSchema = z.enum(["stop", "roll-back"]);

/** A file the run left, relative to the run's folder. */
export const artifactReferenceSchema = z.object({ path: z.string().min(1), sha256: sha256Schema });

/** One deployment of one stack, as its journal tells it. */
export const runRecordSchema = z
  .object({
    schema: z.literal("groundplane.dev/run/v1"),
    id: runIdSchema,
    project: z.string(),
    stack: stackNameSchema,
    environment: environmentNameSchema,
    operation: runOperationSchema,
    sandbox: z.boolean(),
    /** The state is refreshed from the cloud first. @default false */
    refresh: z.boolean().optional(),
    restoreFrom: restoreSourceSchema.optional(),
    settlement: settlementSchema.optional(),
    state: runStateSchema,
    outcome: runOutcomeSchema.optional(),
    reason: runReasonSchema.optional(),
    /** The run that a rollback goes back to. */
    returnTo: runIdSchema.optional(),
    requester: actorSchema,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
    /** Each state the run was in, and since when. */
    timeline: z.array(z.object({ state: runStateSchema, at: timestampSchema })),
    counts: z.partialRecord(changeOperationSchema, z.int().min(0)),
    findings: z.array(findingSchema),
    digest: reviewDigestSchema.optional(),
    approvalRule: approvalRuleSchema,
    decisions: z.array(decisionSchema),
    /** So many are still wanted: approvals by the rule, and one more where the budget's brake holds the run. */
    approvalsMissing: z.int().min(0),
    /** What the stack costs a month before and after. Absent where only the state is written. */
    cost: runCostSchema.optional(),
    budgetLift: budgetLiftSchema.optional(),
    /** A reviewed run that is not approved and begun by then has lapsed. */
    expiresAt: timestampSchema.optional(),
    /** URNs whose loss of data was confirmed by name. */
    confirmed: z.array(z.string()),
    /** Digest of what each stack that it needs handed on, as it was read for the review. */
    upstreams: z.record(stackNameSchema, sha256Schema).optional(),
    /** Outputs of other stacks that a preview was made on, and that are not there yet. */
    assumes: z.array(assumptionSchema).optional(),
    /** What a deployment does when it fails, and the run that it goes back to then, if there is one. */
    onFailure: z.object({ rule: onFailureSchema, to: runIdSchema.optional() }).optional(),
    rollback: rollbackRecordSchema.optional(),
    /** Fencing number of the lease under which the run was applied. */
    fence: z.int().min(1).optional(),
    artifacts: z.record(z.string(), artifactReferenceSchema),
  })
  .meta({ id: "RunRecord" });

export type OnFailure = z.infer<typeof onFailureSchema>;
export type RollbackPhase = z.infer<typeof rollbackPhaseSchema>;
export type RollbackRecord = Readonly<z.infer<typeof rollbackRecordSchema>>;
export type RunReason = Readonly<z.infer<typeof runReasonSchema>>;
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
export type RestoreSource = Readonly<z.infer<typeof restoreSourceSchema>>;
export type Settlement = Readonly<z.infer<typeof settlementSchema>>;
export type ArtifactReference = Readonly<z.infer<typeof artifactReferenceSchema>>;

/** How many people its approval rule still wants: without the lift of the budget's brake, which `approvalsMissing` counts too. */
export function decisionsMissing(
  run: Pick<RunRecord, "approvalsMissing" | "cost" | "digest" | "budgetLift">,
): number {
  return Math.max(0, run.approvalsMissing - (brakeHolds(run) ? 1 : 0));
}
