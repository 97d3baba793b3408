import { createHmac } from "node:crypto";
import { canonicalJson, type JsonValue } from "@groundplane/contracts";
import { isList, isObject, isSecret, type Properties, reveal, secretOf } from "@groundplane/provider";

/** Stands for a secret in the store: its salted hash, so that a change is seen and the value is not. */
const SEAL = "$sandboxSecret";

export function sealProperties(properties: Properties, salt: string): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, seal(value, salt)]));
}

function seal(value: JsonValue, salt: string): JsonValue {
  if (isSecret(value)) return { [SEAL]: hash(value.value, salt) };
  if (isList(value)) return value.map((item) => seal(item, salt));
  if (isObject(value)) return sealProperties(value, salt);
  return value;
}

/**
 * The stored value with its secrets put back from what the engine holds. A secret that the engine does not hold, or
 * that was changed in the store since, becomes a secret with a text that says so.
 */
export function unsealProperties(stored: Properties, held: Properties, salt: string): Properties {
  return Object.fromEntries(
    Object.entries(stored).map(([key, value]) => [key, unseal(value, held[key], salt)]),
  );
}

function unseal(stored: JsonValue, held: JsonValue | undefined, salt: string): JsonValue {
  if (isSealed(stored)) {
    const plain = held === undefined ? undefined : reveal(held);
    if (plain !== undefined && hash(plain, salt) === stored[SEAL]) return secretOf(plain);
    return secretOf(`sandbox: a secret that only its hash is known of: ${String(stored[SEAL]).slice(0, 12)}`);
  }
  // A secret that was set to a plain value by drift stays secret towards the engine.
  if (isSecret(held)) return secretOf(stored);
  if (isList(stored))
    return stored.map((item, at) => unseal(item, isList(held) ? held[at] : undefined, salt));
  if (isObject(stored)) return unsealProperties(stored, isObject(held) ? held : {}, salt);
  return stored;
}

export function isSealed(value: JsonValue | undefined): value is Properties {
  return isObject(value) && SEAL in value;
}

function hash(value: JsonValue, salt: string): string {
  return createHmac("sha256", salt)
    .update(canonicalJson(reveal(value)))
    .digest("hex");
}
