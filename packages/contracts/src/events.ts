import { z } from "zod";
import { changeOperationSchema } from "./change-set.ts";
import { budgetForecastSchema, costTotalSchema } from "./cost.ts";
import { findingSchema } from "./finding.ts";
import {
  actorSchema,
  environmentNameSchema,
  runIdSchema,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";
import { preflightProblemSchema } from "./preflight.ts";
import { DIGEST_PARTS } from "./review-digest.ts";
import { type RunOperation, rollbackPhaseSchema, runOperationSchema, runReasonSchema } from "./run.ts";
import { runOutcomeSchema, runStateSchema } from "./run-state.ts";

const counts = z.partialRecord(changeOperationSchema, z.int().min(0));
const resource = { urn: z.string(), type: z.string(), name: z.string(), operation: changeOperationSchema };
const durationMs = z.number().min(0);

interface EventDefinition {
  readonly about: string;
  readonly data: z.ZodObject;
}

const event = <Data extends z.ZodObject>(about: string, data: Data) =>
  ({ about, data }) satisfies EventDefinition;

/** Every event, by name: what it means and what it carries. The reference page is made from this. */
export const EVENTS = {
  "run.created": event("A run was requested and journaled.", z.object({ requester: actorSchema })),
  "run.moved": event(
    "The run went to another state.",
    z.object({
      from: runStateSchema,
      to: runStateSchema,
      outcome: runOutcomeSchema.optional(),
      reason: runReasonSchema.optional(),
    }),
  ),
  "engine.resolved": event(
    "The Pulumi engine was found.",
    z.object({ version: z.string(), origin: z.string() }),
  ),
  "stack.lease.waiting": event(
    "Someone else changes the stack: the run stands in the queue. Told again when the holder or the position changes.",
    z.object({
      holder: z.object({ run: z.string(), host: z.string(), pid: z.int(), since: z.string() }),
      /** 1 is next. */
      position: z.int().min(1),
    }),
  ),
  "stack.preflight.started": event(
    "The stack's preflight began to look at what it needs. Only in a real environment.",
    z.object({}),
  ),
  "stack.preflight.finished": event(
    "The preflight is through. With a problem the run ends here, and nothing was made.",
    z.object({ problems: z.array(preflightProblemSchema), durationMs }),
  ),
  "stack.preview.started": event("The engine began to plan.", z.object({})),
  "stack.preview.finished": event("The plan stands.", z.object({ counts, durationMs })),
  "stack.policy.started": event(
    "The packs began to check the change set.",
    z.object({ packs: z.array(z.string()) }),
  ),
  "stack.policy.finished": event(
    "The packs are through.",
    z.object({ findings: z.array(findingSchema), blocking: z.int().min(0), durationMs }),
  ),
  "stack.cost.estimated": event(
    "What the stack costs a month, in USD, or why that cannot be said.",
    z.object({
      before: costTotalSchema.optional(),
      after: costTotalSchema.optional(),
      change: costTotalSchema.optional(),
      problem: z.string().optional(),
      budget: budgetForecastSchema.optional(),
    }),
  ),
  "stack.budget.lifted": event(
    "Someone let the run pass the budget's brake.",
    z.object({ by: z.string(), reason: z.string(), approvalsMissing: z.int().min(0) }),
  ),
  "stack.review.ready": event(
    "The change can be approved under this digest.",
    z.object({
      digest: sha256Schema,
      approvalsMissing: z.int().min(0),
      expiresAt: timestampSchema.optional(),
    }),
  ),
  "stack.review.void": event(
    "What was reviewed has moved: the approval no longer counts.",
    z.object({ moved: z.array(z.enum(DIGEST_PARTS)) }),
  ),
  "stack.approval.decided": event(
    "Someone decided.",
    z.object({
      by: z.string(),
      verdict: z.enum(["approve", "reject"]),
      approvalsMissing: z.int().min(0),
      /** Since the run began to wait for approval. */
      waitedMs: durationMs,
    }),
  ),
  "stack.up.started": event(
    "The engine began to apply the approved plan.",
    z.object({ fence: z.int().min(1) }),
  ),
  "stack.up.finished": event("The engine is through.", z.object({ counts, durationMs })),
  "stack.destroy.started": event("The engine began to destroy.", z.object({ fence: z.int().min(1) })),
  "stack.destroy.finished": event("The engine is through.", z.object({ counts, durationMs })),
  "stack.rollback.started": event(
    "The engine began to apply the way back. `tookMs` is the time since the failure, or since the request.",
    z.object({ to: runIdSchema, tookMs: durationMs }),
  ),
  "stack.rollback.finished": event(
    "The way back was applied, verified and exported.",
    z.object({ to: runIdSchema, durationMs }),
  ),
  "stack.rollback.late": event(
    "Alarm: a way back did not begin, or finish, within its limit. Told as soon as the limit is over.",
    z.object({
      to: runIdSchema,
      phase: rollbackPhaseSchema,
      limitMs: z.number().min(0),
      tookMs: durationMs,
    }),
  ),
  "stack.state.started": event(
    "A state is written in the place of the present one; nothing in the cloud changes.",
    z.object({ fence: z.int().min(1), kept: z.string() }),
  ),
  "stack.state.finished": event(
    "The state was written and read back.",
    z.object({ resources: z.int().min(0), durationMs }),
  ),
  "resource.started": event(
    "An operation on a resource began.",
    z.object({ ...resource, planning: z.boolean() }),
  ),
  "resource.finished": event(
    "An operation on a resource ended well.",
    z.object({ ...resource, planning: z.boolean(), durationMs }),
  ),
  "resource.failed": event("An operation on a resource failed.", z.object(resource)),
  "engine.message": event(
    "The engine or a provider said something.",
    z.object({
      severity: z.enum(["info", "warning", "error"]),
      message: z.string(),
      urn: z.string().optional(),
    }),
  ),
  "stack.verify.started": event("Checks and a preview that must show no changes began.", z.object({})),
  "stack.verify.check": event(
    "One check of the stack ended. The message is why it failed, or what it has to say where it holds.",
    z.object({ check: z.string(), ok: z.boolean(), message: z.string().optional() }),
  ),
  "stack.verify.finished": event("Verification ended.", z.object({ ok: z.boolean(), durationMs })),
  "stack.outputs.exported": event(
    "The outputs were written.",
    z.object({ version: z.int().min(1), changed: z.boolean(), files: z.array(z.string()), durationMs }),
  ),
} as const satisfies Record<string, EventDefinition>;

export type EventName = keyof typeof EVENTS;
export type EventData<Name extends EventName> = z.infer<(typeof EVENTS)[Name]["data"]>;

/** One event of one run. */
export type GroundplaneEvent<Name extends EventName = EventName> = {
  [Key in Name]: {
    readonly name: Key;
    readonly at: string;
    readonly run: string;
    readonly stack: string;
    readonly environment: string;
    readonly operation: RunOperation;
    readonly data: Readonly<EventData<Key>>;
  };
}[Name];

/** The envelope, for whoever reads events from outside the process. */
export const eventEnvelopeSchema = z
  .object({
    name: z.string(),
    at: timestampSchema,
    run: runIdSchema,
    stack: stackNameSchema,
    environment: environmentNameSchema,
    operation: runOperationSchema,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });
