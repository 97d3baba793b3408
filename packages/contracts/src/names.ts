import { z } from "zod";

/**
 * Names of projects, environments and stacks: they become folders, URNs and tag values, so they are plain
 * ASCII with no separator, no leading dash and no look-alike letters.
 *
 * 1 to 40 lower-case letters, digits and dashes; begins with a letter, ends with a letter or digit.
 */
const plainName = z
  .string()
  .max(40, "at most 40 characters")
  .regex(
    /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
    "lower-case ASCII letters, digits and dashes, beginning with a letter",
  );

export const projectNameSchema = plainName.meta({ id: "ProjectName" });
export const stackNameSchema = plainName.meta({ id: "StackName" });
export const environmentNameSchema = plainName.meta({ id: "EnvironmentName" });

/** A person or a service: a login or an address. */
export const actorSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,126}$/, "a login or an e-mail address")
  .meta({ id: "Actor" });

/** `run-`, the UTC time to the second, and six random characters: sorts by time. */
export const runIdSchema = z
  .string()
  .regex(/^run-\d{8}-\d{6}-[0-9a-z]{6}$/, "run-YYYYMMDD-hhmmss-xxxxxx")
  .meta({ id: "RunId" });

/** UTC, ISO 8601, milliseconds. */
export const timestampSchema = z.iso.datetime({ precision: 3 });

export const sha256Schema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits");

export type Actor = z.infer<typeof actorSchema>;
export type RunId = z.infer<typeof runIdSchema>;
export type Sha256 = z.infer<typeof sha256Schema>;
