import { z } from "zod";
import { approvalRuleSchema, decisionSchema } from "./approval.ts";
import { assumptionSchema, changeOperationSchema } from "./change-set.ts";
import { budgetLiftSchema, runCostSchema } from "./cost.ts";
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
import {
  artifactReferenceSchema,
  onFailureSchema,
  restoreSourceSchema,
  rollbackPhaseSchema,
  runOperationSchema,
  runReasonSchema,
  settlementSchema,
} from "./run.ts";
import { runOutcomeSchema, runStateSchema } from "./run-state.ts";

/** What can happen to a run. The run record is the fold of these. */
export const journalFactSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run.requested"),
    project: z.string(),
    stack: stackNameSchema,
    environment: environmentNameSchema,
    operation: runOperationSchema,
    sandbox: z.boolean(),
    /** The state is refreshed from the cloud first. @default false */
    refresh: z.boolean().optional(),
    /** The run that a rollback goes back to. */
    returnTo: runIdSchema.optional(),
    restoreFrom: restoreSourceSchema.optional(),
    settlement: settlementSchema.optional(),
    requester: actorSchema,
    approvalRule: approvalRuleSchema,
  }),
  z.object({
    type: z.literal("run.moved"),
    from: runStateSchema,
    to: runStateSchema,
    outcome: runOutcomeSchema.optional(),
    reason: runReasonSchema.optional(),
  }),
  z.object({
    type: z.literal("review.recorded"),
    counts: z.partialRecord(changeOperationSchema, z.int().min(0)),
    findings: z.array(findingSchema),
    digest: reviewDigestSchema.optional(),
    confirmed: z.array(z.string()),
    /** Digest of what each stack that it needs handed on, as it was read for the review. */
    upstreams: z.record(stackNameSchema, sha256Schema).optional(),
    /** Of a preview that was made on outputs that are not there yet. */
    assumes: z.array(assumptionSchema).optional(),
    onFailure: z.object({ rule: onFailureSchema, to: runIdSchema.optional() }).optional(),
    cost: runCostSchema.optional(),
  }),
  z.object({ type: z.literal("review.opened"), expiresAt: timestampSchema }),
  z.object({ type: z.literal("decision.made"), decision: decisionSchema }),
  z.object({ type: z.literal("budget.lifted"), lift: budgetLiftSchema }),
  z.object({ type: z.literal("apply.started"), fence: z.int().min(1), digest: sha256Schema }),
  /** A way back is due: its limits count from `since`. */
  z.object({
    type: z.literal("rollback.due"),
    to: runIdSchema,
    since: timestampSchema,
    failedRun: runIdSchema.optional(),
  }),
  z.object({ type: z.literal("rollback.began") }),
  z.object({ type: z.literal("rollback.late"), phase: rollbackPhaseSchema, tookMs: z.int().min(0) }),
  z.object({ type: z.literal("rollback.finished") }),
  z.object({
    type: z.literal("artifact.stored"),
    name: z.string().min(1),
    artifact: artifactReferenceSchema,
  }),
]);

export const journalEntrySchema = z
  .object({
    /** From 1, without gaps, over all runs of a journal. */
    sequence: z.int().min(1),
    run: runIdSchema,
    at: timestampSchema,
    fact: journalFactSchema,
    /** Hash of the entry before; 64 zeros for the first. */
    previous: sha256Schema,
    /** Over sequence, run, at, fact and previous, as canonical JSON. */
    hash: sha256Schema,
  })
  .meta({ id: "JournalEntry" });

export type JournalFact = Readonly<z.infer<typeof journalFactSchema>>;
export type JournalEntry = Readonly<z.infer<typeof journalEntrySchema>>;
