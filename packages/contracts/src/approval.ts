import { z } from "zod";
import { actorSchema, sha256Schema, timestampSchema } from "./names.ts";

const expiresAfterMinutes = z
  .int()
  .min(1)
  .max(60 * 24 * 30)
  .default(60 * 24);

/**
 * Who may approve. `automatic`: nobody is asked. `any-person`: one person, who may be the requester.
 * `other-person`: one person who is not the requester. `group`: `count` different members.
 * An approval that is not used within `expiresAfterMinutes` (default one day, at most 30) lapses.
 */
export const approvalRuleSchema = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("automatic") }),
    z.object({ type: z.literal("any-person"), expiresAfterMinutes }),
    z.object({ type: z.literal("other-person"), expiresAfterMinutes }),
    z
      .object({
        type: z.literal("group"),
        members: z.array(actorSchema).min(1),
        count: z.int().min(1),
        /** Whether the requester's own approval counts. */
        requesterCounts: z.boolean().default(false),
        expiresAfterMinutes,
      })
      .refine(
        (rule) => new Set(rule.members.map((member) => member.toLowerCase())).size >= rule.count,
        "count is more than the group has members",
      ),
  ])
  .meta({ id: "ApprovalRule" });

/** One person's word on one reviewed change. It is good for that digest only. */
export const decisionSchema = z
  .object({
    by: actorSchema,
    verdict: z.enum(["approve", "reject"]),
    digest: sha256Schema,
    at: timestampSchema,
    comment: z.string().max(2000).optional(),
  })
  .meta({ id: "Decision" });

export type ApprovalRule = Readonly<z.infer<typeof approvalRuleSchema>>;
export type ApprovalRuleInput = Readonly<z.input<typeof approvalRuleSchema>>;
export type Decision = Readonly<z.infer<typeof decisionSchema>>;
