import type { JsonValue } from "@groundplane/contracts";

/** An object of properties, as the engine sends and takes it. */
export type Properties = { readonly [key: string]: JsonValue };

/** How the engine writes a value that is not known before the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key whose presence says that an object is a special value, and its values for a secret, an asset and an archive. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

export function isObject(value: JsonValue | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isSecret(value: JsonValue | undefined): value is Properties & { readonly value: JsonValue } {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

export function isAsset(value: JsonValue | undefined): boolean {
  return isObject(value) && (value[SIGNATURE] === ASSET || value[SIGNATURE] === ARCHIVE);
}

export function secretOf(value: JsonValue): JsonValue {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** True where the value is unknown or holds something that is. */
export function hasUnknown(value: JsonValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The value with each secret in it replaced by its content. The result must never be stored, logged or shown. */
export function reveal(value: JsonValue): JsonValue {
  if (isSecret(value)) return reveal(value.value ?? null);
  if (isList(value)) return value.map(reveal);
  if (isObject(value)) return revealProperties(value);
  return value;
}

export function revealProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, reveal(value)]));
}

/** Every string inside a secret of this value. */
export function secretStrings(value: JsonValue, inside = false): readonly string[] {
  if (isSecret(value)) return secretStrings(value.value ?? null, true);
  if (typeof value === "string") return inside && value !== "" && value !== UNKNOWN ? [value] : [];
  if (typeof value === "number") return inside ? [String(value)] : [];
  if (isList(value)) return value.flatMap((item) => secretStrings(item, inside));
  if (isObject(value)) return Object.values(value).flatMap((item) => secretStrings(item, inside));
  return [];
}

/** The text with every one of these secrets masked. */
export function redact(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}
