import { z } from "zod";
import { decisionSchema } from "./approval.ts";
import { changeOperationSchema } from "./change-set.ts";
import {
  actorSchema,
  environmentNameSchema,
  runIdSchema,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";
import { runOperationSchema, runReasonSchema } from "./run.ts";
import { runOutcomeSchema, runStateSchema } from "./run-state.ts";

/** What webhooks tell of, in the words of the events. `webhook.test` comes only when someone asks for it. */
export const WEBHOOK_EVENTS = ["run.created", "run.moved", "stack.approval.decided"] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** What everyone may know of a run, as it stood then. */
const runFacts = z.object({
  run: runIdSchema,
  project: z.string(),
  stack: stackNameSchema,
  environment: environmentNameSchema,
  operation: runOperationSchema,
  sandbox: z.boolean(),
  requester: actorSchema,
  state: runStateSchema,
  /** How many resources change in which way; empty before the preview. */
  counts: z.partialRecord(changeOperationSchema, z.int().min(0)),
  findings: z.int().min(0),
  /** Of the review. */
  digest: sha256Schema.optional(),
  approvalsMissing: z.int().min(0),
});

const envelope = {
  /** The same each time this message is sent, and the header `webhook-id`. */
  id: z.string().regex(/^msg_[0-9a-f]{32}$/),
  /** When it happened, which may be long before it arrives. */
  timestamp: timestampSchema,
};

/** The body of a webhook. */
export const webhookMessageSchema = z
  .discriminatedUnion("type", [
    z.object({ ...envelope, type: z.literal("run.created"), data: runFacts }),
    z.object({
      ...envelope,
      type: z.literal("run.moved"),
      data: runFacts.extend({
        from: runStateSchema,
        to: runStateSchema,
        outcome: runOutcomeSchema.optional(),
        /** `message` is cut after 1,000 characters. */
        reason: runReasonSchema.optional(),
      }),
    }),
    z.object({
      ...envelope,
      type: z.literal("stack.approval.decided"),
      data: runFacts.extend({ decision: decisionSchema }),
    }),
    z.object({ ...envelope, type: z.literal("webhook.test"), data: z.object({ project: z.string() }) }),
  ])
  .meta({ id: "WebhookMessage" });

export type WebhookMessage = Readonly<z.infer<typeof webhookMessageSchema>>;
