import { GroundplaneError, type SecretManifest, secretManifestSchema } from "@groundplane/contracts";

/**
 * Reads a manifest of secrets: JSON of the schema `secret-manifest`.
 *
 * @throws {CONFIG_INVALID} it is no such manifest; the message names the places, and quotes nothing.
 */
export function parseSecretManifest(text: string): SecretManifest {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold what should not be there.
    throw new GroundplaneError("CONFIG_INVALID", "The manifest of secrets is no JSON");
  }
  const parsed = secretManifestSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new GroundplaneError(
    "CONFIG_INVALID",
    `The manifest of secrets is not valid: ${problems.join("; ")}`,
    {
      facts: { problems },
    },
  );
}
