import { type SecretLocation, unavailable } from "./secret-source.ts";

/**
 * The text at a field of a document.
 *
 * @throws {SECRETS_UNAVAILABLE} there is no such field, or it holds no text.
 */
export function secretField(source: string, location: SecretLocation, document: unknown): string {
  let found = document;
  for (const key of location.field?.split(".") ?? [])
    found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  if (typeof found === "string" && found !== "") return found;
  throw unavailable(source, location, "there is no text; name a field that holds one");
}

/**
 * The text of a JSON document's field, or the text itself where no field is asked for.
 *
 * @throws {SECRETS_UNAVAILABLE} it is no JSON, there is no such field, or it holds no text.
 */
export function secretInText(source: string, location: SecretLocation, text: string): string {
  return secretField(source, location, location.field === undefined ? text : parsed(source, location, text));
}

function parsed(source: string, location: SecretLocation, text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    return document;
  } catch {
    throw unavailable(source, location, "what is there is no JSON, and so has no fields");
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
