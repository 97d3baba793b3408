import { type JsonValue, UNKNOWN_TEXT } from "@groundplane/contracts";
import { isList, isObject, type Properties } from "@groundplane/provider";

/** A property that is a known, non-empty string. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== "" && value !== UNKNOWN_TEXT ? value : undefined;
}

/** The known strings of a list; none where the list is absent or unknown. */
export function texts(properties: Properties, name: string): readonly string[] {
  const value = properties[name];
  return isList(value)
    ? value.filter((item): item is string => typeof item === "string" && item !== UNKNOWN_TEXT)
    : [];
}

/** The objects of a list. */
export function objects(properties: Properties, name: string): readonly Properties[] {
  const value = properties[name];
  return isList(value) ? value.filter(isObject) : [];
}

/** What the cloud computed before, or a new value: ids are made once. */
export function keep<T extends JsonValue>(
  previous: Properties | undefined,
  name: string,
  make: () => T,
): JsonValue {
  const old = previous?.[name];
  return old === undefined || old === null || old === "" ? make() : old;
}
