import { type JsonValue, SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_TEXT } from "@groundplane/contracts";

/** An object of properties, as the engine sends and takes it. */
export type Properties = { readonly [key: string]: JsonValue };

/** What stands under the signature's key of an asset and of an archive. */
const FILES: readonly unknown[] = ["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"];

export function isObject(value: JsonValue | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isSecret(value: JsonValue | undefined): value is Properties & { readonly value: JsonValue } {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Whether it is an asset or an archive. */
export function isAsset(value: JsonValue | undefined): boolean {
  return isObject(value) && FILES.includes(value[SIGNATURE_KEY]);
}

export function secretOf(value: JsonValue): JsonValue {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** True where the value is unknown or holds something that is. */
export function hasUnknown(value: JsonValue | undefined): boolean {
  if (value === UNKNOWN_TEXT) return true;
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

/** Whether what lies at this path is a secret, or is inside of one. */
export function isSecretAt(value: JsonValue | undefined, path: readonly (string | number)[]): boolean {
  if (isSecret(value)) return true;
  const [step, ...rest] = path;
  if (step === undefined) return false;
  if (isList(value)) return isSecretAt(value[Number(step)], rest);
  return isObject(value) && isSecretAt(value[step], rest);
}

/** Every text and number inside a secret of this value, as text. */
export function secretTexts(value: JsonValue, inside = false): readonly string[] {
  if (isSecret(value)) return secretTexts(value.value ?? null, true);
  if (typeof value === "string") return inside && value !== "" && value !== UNKNOWN_TEXT ? [value] : [];
  if (typeof value === "number") return inside ? [String(value)] : [];
  if (isList(value)) return value.flatMap((item) => secretTexts(item, inside));
  return isObject(value) ? Object.values(value).flatMap((item) => secretTexts(item, inside)) : [];
}
