import { type JsonValue, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { holdsUnknown } from "./unknown-value.ts";

/** Pulumi's wire signature of special values, and the one of a secret (sdk/go/common/resource/plugin/rpc.go). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Engine data with secrets and unknowns replaced by marks. Everything of the engine goes through it before
 * anything else sees it.
 */
export function maskEngineValue(value: unknown): JsonValue {
  if (typeof value === "string" && holdsUnknown(value)) return UNKNOWN_MARK;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map(maskEngineValue);
  if (typeof value !== "object") return null;
  const entries = Object.entries(value);
  if (entries.some(([key, inner]) => key === SIGNATURE_KEY && inner === SECRET_SIGNATURE)) return SECRET_MARK;
  if (entries.some(([key]) => holdsUnknown(key))) return UNKNOWN_MARK;
  return Object.fromEntries(entries.map(([key, inner]) => [key, maskEngineValue(inner)]));
}

export function maskEngineRecord(value: unknown): Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskEngineValue(inner)]))
    : {};
}
