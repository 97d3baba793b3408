import { z } from "zod";
import { sha256Schema } from "./names.ts";

/** What an approval is bound to. One of them moves, and the approval is void. */
export const DIGEST_PARTS = [
  "operation",
  "changeSet",
  "plan",
  "state",
  "config",
  "environment",
  "program",
  "dependencies",
  "policyPacks",
  "providers",
  "engine",
] as const;

export type DigestPart = (typeof DIGEST_PARTS)[number];

export const reviewDigestSchema = z
  .object({
    /** Over all parts. */
    digest: sha256Schema,
    parts: z.record(z.enum(DIGEST_PARTS), sha256Schema),
  })
  .meta({ id: "ReviewDigest" });

export type ReviewDigest = Readonly<z.infer<typeof reviewDigestSchema>>;
