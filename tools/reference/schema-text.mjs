// A JSON Schema in the words of a table cell.

/** @typedef {{ type?: string | readonly string[], enum?: readonly unknown[], const?: unknown, anyOf?: readonly Schema[], oneOf?: readonly Schema[], items?: Schema | boolean, properties?: Record<string, Schema>, required?: readonly string[], additionalProperties?: Schema | boolean, $ref?: string, pattern?: string, format?: string, minimum?: number, maximum?: number, minItems?: number, minLength?: number, maxLength?: number, default?: unknown, id?: string, description?: string }} Schema */

/** @param {Schema} schema @returns {string} */
export function typeText(schema) {
  // zod names what has no name of its own, which here is the recursive type of any JSON value.
  if (schema.$ref !== undefined)
    return (
      schema.$ref
        .split("/")
        .at(-1)
        ?.replace(/^__schema\d+$/, "JSON") ?? "JSON"
    );
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(" or ");
  if (schema.type === "array")
    return `list of ${typeof schema.items === "object" ? typeText(schema.items) : "anything"}`;
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(
      ([name, value]) => `${name}${schema.required?.includes(name) ? "" : "?"}: ${typeText(value)}`,
    );
    return `{ ${fields.join(", ")} }`;
  }
  if (schema.type === "object") {
    return `map to ${typeof schema.additionalProperties === "object" ? typeText(schema.additionalProperties) : "anything"}`;
  }
  return [schema.type ?? "anything", ...boundsOf(schema)].join(", ");
}

/** @param {Schema} schema */
function boundsOf({ format, pattern, minimum, maximum, minLength, maxLength }) {
  // The safe-integer bounds that zod writes for every integer say nothing.
  const least = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? [] : [`at least ${minimum}`];
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? [] : [`at most ${maximum}`];
  const shape = format !== undefined ? [format] : pattern !== undefined ? [`\`${pattern}\``] : [];
  return [
    ...shape,
    ...least,
    ...most,
    ...(minLength === undefined ? [] : [`at least ${minLength} characters`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ];
}

/**
 * What a document is about: zod writes a named schema as a reference to a definition.
 *
 * @param {Schema & { $defs?: Record<string, Schema> }} document
 */
export function rootOf(document) {
  return document.$defs?.[document.$ref?.split("/").at(-1) ?? ""] ?? document;
}

/** A bar ends a cell. @param {string} text */
export const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Fields as rows of a table. @param {Schema} schema */
export function fieldTable(schema) {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([name, value]) =>
      `| \`${name}\` | ${schema.required?.includes(name) ? "yes" : "no"} | ${cell(typeText(value))} |`,
  );
  return rows.length === 0
    ? "No fields."
    : ["| field | always there | value |", "|---|---|---|", ...rows].join("\n");
}
