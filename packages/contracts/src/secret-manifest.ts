import { z } from "zod";

const path = z
  .string()
  .max(512)
  .regex(
    /^(?!.*\.\.)\w[\w./=+@:-]*$/,
    "letters, digits and . / _ = + @ : -, beginning with a letter or digit, no ..",
  );
const field = z
  .string()
  .max(256)
  .regex(/^[\w-]+(\.[\w-]+)*$/, "names of letters, digits, _ and -, with a dot between levels");
const description = z.string().max(256).optional();

// Strict everywhere: nothing but names and places, so that a value has nowhere to stand.
const entry = z.discriminatedUnion("source", [
  z.strictObject({ source: z.literal("secrets-manager"), path, field: field.optional(), description }),
  z.strictObject({ source: z.literal("sops"), path, field, description }),
  z.strictObject({ source: z.literal("vault"), path, field, description }),
]);

/**
 * The secrets that a program needs, by the name that it uses: where each is kept, and never its value. So it can be
 * committed, reviewed and compared.
 */
export const secretManifestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal("groundplane.dev/secrets/v1"),
    secrets: z.record(
      z
        .string()
        .regex(/^[a-z](-?[a-z0-9])*$/, "lower-case letters, digits and single dashes, a letter first"),
      entry,
    ),
  })
  .meta({ id: "SecretManifest" });

export type SecretManifest = Readonly<z.infer<typeof secretManifestSchema>>;

/** Where one secret is kept. */
export type SecretEntry = Readonly<z.infer<typeof entry>>;
