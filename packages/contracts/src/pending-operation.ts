import { z } from "zod";
import { jsonValueSchema } from "./json.ts";
import { environmentNameSchema, runIdSchema, stackNameSchema, timestampSchema } from "./names.ts";

/**
 * What the engine told of an operation before it fell silent. `began`: nothing after its beginning. `ended`: that
 * it went well, and the state does not have that. `failed`: that it did not go well. `nothing`: no run tells of it.
 */
export const PENDING_STORIES = ["began", "ended", "failed", "nothing"] as const;

/** An operation that the state says was begun and not ended. */
export const pendingOperationSchema = z.object({
  /** In the engine's words: `creating`, `updating`, `deleting`, `reading` or `importing`. */
  operation: z.string().min(1),
  urn: z.string().min(1),
  /** Type and name: what to look for in the cloud. */
  type: z.string(),
  name: z.string(),
  /** The provider's id, where the resource had one before, or the engine told the new one. */
  id: z.string().optional(),
  /** What it was to become; secrets are marked. */
  inputs: z.record(z.string(), jsonValueSchema),
  told: z.enum(PENDING_STORIES),
  /** The run in which it began. Absent when no run tells of it: it was another tool. */
  run: runIdSchema.optional(),
  beganAt: timestampSchema.optional(),
  /** Errors that were told of it. */
  errors: z.array(z.string()),
});

export const pendingReportSchema = z
  .object({
    stack: stackNameSchema,
    environment: environmentNameSchema,
    operations: z.array(pendingOperationSchema),
  })
  .meta({ id: "PendingReport" });

export type PendingStory = (typeof PENDING_STORIES)[number];
export type PendingOperationReport = Readonly<z.infer<typeof pendingOperationSchema>>;
export type PendingReport = Readonly<z.infer<typeof pendingReportSchema>>;
