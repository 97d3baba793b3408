import { z } from "zod";

/** The tags that every resource carries (manual, section 4, "Always Do" 8). */
export const REQUIRED_TAGS = ["Environment", "Project", "Owner", "ManagedBy"] as const;

/** Prefix of the tags that record why a safe default was loosened; what follows names it. */
export const OPENING_TAG = "Opening:";

// AWS: at most 50 tags a resource, keys of 1 to 128 characters, values of 0 to 256, no `aws:` prefix.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
const tagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(
    /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
    "letters, digits, spaces and _ . : / = + - @, no prefix aws:",
  );
const tagValue = z
  .string()
  .max(256)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, "letters, digits, spaces and _ . : / = + - @");
const requiredValue = tagValue.min(1);

/** `Environment`, `Project`, `Owner`, `ManagedBy`, and at most 46 further tags. */
export const tagsSchema = z
  .object({
    Environment: requiredValue,
    Project: requiredValue,
    Owner: requiredValue,
    ManagedBy: requiredValue,
  })
  .catchall(tagValue)
  .check(
    z.refine((tags) => Object.keys(tags).length <= 50, "at most 50 tags"),
    z.refine((tags) => Object.keys(tags).every((key) => tagKey.safeParse(key).success), {
      error:
        "a tag key is 1 to 128 letters, digits, spaces and _ . : / = + - @, and does not begin with aws:",
    }),
  )
  .meta({ id: "Tags" });

export type Tags = Readonly<z.infer<typeof tagsSchema>>;
