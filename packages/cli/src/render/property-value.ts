import { isSecretMark, isUnknownMark, type JsonValue } from "@groundplane/contracts";
import { plainText } from "./plain-text.ts";

/** Above this a value gets lines of its own. */
export const LINE_LENGTH = 72;

function entriesOf(value: JsonValue): [string, JsonValue][] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).filter(([name]) => !name.startsWith("__"));
}

/** A value on one line; what is secret or unknown says so. */
export function inlineValue(value: JsonValue | undefined): string {
  if (value === undefined) return "(none)";
  if (isSecretMark(value)) return "(secret)";
  if (isUnknownMark(value)) return "(known after apply)";
  if (Array.isArray(value)) return `[${value.map(inlineValue).join(", ")}]`;
  const entries = entriesOf(value);
  if (entries === undefined) return plainText(JSON.stringify(value));
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([name, inner]) => `${plainText(name)}: ${inlineValue(inner)}`).join(", ")} }`;
}

/**
 * A value over as many lines as it needs. The first is what goes behind the name, empty when all is below it; the
 * others begin with the indent.
 */
export function valueLines(value: JsonValue | undefined, indent: string): string[] {
  const inline = inlineValue(value);
  if (value === undefined || inline.length <= LINE_LENGTH) return [inline];
  const items: [string, JsonValue][] | undefined = Array.isArray(value)
    ? value.map((item: JsonValue) => ["-", item])
    : entriesOf(value)?.map(([name, inner]) => [`${plainText(name)}:`, inner]);
  if (items === undefined) return [inline];
  const below = items.flatMap(([label, inner]) => {
    const isItem = label === "-";
    const [first = "", ...rest] = valueLines(inner, `${indent}${isItem ? "  " : "    "}`);
    if (first !== "") return [`${indent}${label} ${first}`, ...rest];
    // An item's first entry stands behind its dash, as in YAML.
    if (isItem) return [`${indent}- ${rest[0]?.trimStart() ?? ""}`, ...rest.slice(1)];
    return [`${indent}${label}`, ...rest];
  });
  return ["", ...below];
}
