import type { PropertyValue } from "@groundplane/policy";

/** A property as text; undefined where it is not given. A secret is refused, so that the rule is not evaluated. */
export function textOf(value: PropertyValue | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
