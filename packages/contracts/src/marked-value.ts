import type { JsonValue } from "./json.ts";

/** Stands where a secret stood. The value itself never enters an artifact. */
export const SECRET_MARK = { $groundplane: "secret" } as const;

/** Stands where the value is known only after the change is made. */
export const UNKNOWN_MARK = { $groundplane: "unknown" } as const;

function isMark(value: JsonValue | undefined, mark: "secret" | "unknown"): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).some(([key, inner]) => key === "$groundplane" && inner === mark)
  );
}

export const isSecretMark = (value: JsonValue | undefined): boolean => isMark(value, "secret");
export const isUnknownMark = (value: JsonValue | undefined): boolean => isMark(value, "unknown");
