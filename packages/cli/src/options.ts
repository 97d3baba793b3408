import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import { waitDurationSchema } from "./wait-duration.ts";

/** Options that every command takes. */
export const commonOptionsSchema = z.object({
  json: z.boolean().default(false),
  color: z.boolean().default(true),
  project: z.string().optional(),
});

/** Options of commands that make a run go on. */
export const runOptionsSchema = commonOptionsSchema.extend({
  as: z.string().optional(),
  logFormat: z.enum(["text", "json"]).default("text"),
  quiet: z.boolean().default(false),
  yes: z.boolean().default(false),
  confirm: z.array(z.string().min(1)).default([]),
  comment: z.string().max(2000).optional(),
  wait: waitDurationSchema.optional(),
});

export type RunOptions = z.output<typeof runOptionsSchema>;

/**
 * Parses what was typed.
 *
 * @throws {INVALID_ARGUMENT} naming the option or argument.
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `${where === "" ? "" : `${where}: `}${issue?.message ?? "not in order"}`,
    {
      facts: { argument: where },
    },
  );
}

/** How long a run queues for a stack that someone else changes, as the SDK takes it. */
export function waitOf({ wait }: RunOptions): { readonly waitMs?: number } {
  return wait === undefined ? {} : { waitMs: wait };
}
