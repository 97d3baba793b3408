import type { JsonValue } from "@groundplane/contracts";

/** An object of properties, as the engine sends and takes it. */
export type Properties = { readonly [key: string]: JsonValue };

/** How the engine writes a value that is not known before the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function isObject(value: JsonValue | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isSecret(value: JsonValue | undefined): value is Properties & { readonly value: JsonValue } {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

export function secretOf(value: JsonValue): JsonValue {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** The value with each secret in it replaced by its content. The result must never be logged or shown. */
export function reveal(value: JsonValue): JsonValue {
  if (isSecret(value)) return reveal(value.value ?? null);
  if (isList(value)) return value.map(reveal);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, reveal(one)]));
  return value;
}

/** Whether what lies at this path is a secret, or is inside of one. */
export function isSecretAt(value: JsonValue | undefined, path: readonly (string | number)[]): boolean {
  if (isSecret(value)) return true;
  const [step, ...rest] = path;
  if (step === undefined) return false;
  if (isList(value)) return isSecretAt(value[Number(step)], rest);
  return isObject(value) && isSecretAt(value[step], rest);
}

/** Every text inside a secret of this value. */
export function secretTexts(value: JsonValue, inside = false): readonly string[] {
  if (isSecret(value)) return secretTexts(value.value ?? null, true);
  if (typeof value === "string") return inside && value !== "" && value !== UNKNOWN ? [value] : [];
  if (isList(value)) return value.flatMap((one) => secretTexts(one, inside));
  return isObject(value) ? Object.values(value).flatMap((one) => secretTexts(one, inside)) : [];
}

/** True where the value is unknown or holds something that is. */
export function hasUnknown(value: JsonValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}
