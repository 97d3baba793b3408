import { isSecretMark, isUnknownMark, type JsonValue, UNKNOWN_TEXT } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { isSecretSchema } from "./secret.ts";

function holds(value: JsonValue, isMark: (value: JsonValue) => boolean): boolean {
  if (isMark(value)) return true;
  return (
    typeof value === "object" && value !== null && Object.values(value).some((one) => holds(one, isMark))
  );
}

/** Whether all of a planned value is known: nothing in it is secret or comes later. */
export function isKnown(value: JsonValue): boolean {
  return !holds(value, (one) => isSecretMark(one) || isUnknownMark(one));
}

function withText(value: JsonValue): JsonValue {
  if (isUnknownMark(value)) return UNKNOWN_TEXT;
  if (Array.isArray(value)) return value.map(withText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withText(inner)]));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([name]) => name === String(key))?.[1]
        : undefined,
    value,
  );
}

function unknownPaths(value: JsonValue, path: readonly string[] = []): readonly (readonly string[])[] {
  if (isUnknownMark(value)) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unknownPaths(inner, [...path, key]));
}

/** What zod says of a text that is of the right type and has another form: no word on a value that is not known. */
const OF_FORM: ReadonlySet<string> = new Set(["invalid_format", "too_small", "too_big", "custom"]);

/**
 * A planned value as a program can be given it: with the engine's mark where a text is not known yet. Undefined where
 * the schema has no place for one: a number, a choice, a list or an object that is not known as a whole.
 */
function heldBy(schema: z.ZodType, planned: JsonValue): { readonly value: unknown } | undefined {
  const text = withText(planned);
  const parsed = schema.safeParse(text);
  const unknown = unknownPaths(planned);
  if (parsed.success) {
    // A schema that turns a text into something else made it from the mark.
    return unknown.every((path) => valueAt(parsed.data, path) === UNKNOWN_TEXT)
      ? { value: parsed.data }
      : undefined;
  }
  const onlyOfForm = parsed.error.issues.every(
    ({ code, path }) => OF_FORM.has(code) && valueAt(text, path) === UNKNOWN_TEXT,
  );
  return onlyOfForm ? { value: text } : undefined;
}

/**
 * A planned output for a program. Undefined when it is not known in a form that its schema can hold.
 *
 * @throws nothing: what does not fit is not known.
 */
export function plannedField(schema: z.ZodType, planned: JsonValue): { readonly value: unknown } | undefined {
  // What a secret will be is not in a plan that anyone may read.
  if (isSecretSchema(schema)) return { value: pulumi.secret(pulumi.unknown) };
  if (holds(planned, isSecretMark)) return undefined;
  return heldBy(schema, planned);
}
