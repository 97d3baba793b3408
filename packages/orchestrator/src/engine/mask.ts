import {
  type JsonValue,
  SECRET_MARK,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_MARK,
} from "@groundplane/contracts";
import { holdsUnknown } from "./unknown-value.ts";

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
