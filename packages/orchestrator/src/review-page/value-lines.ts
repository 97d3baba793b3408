import { isSecretMark, isUnknownMark, type JsonValue } from "@groundplane/contracts";
import { jsonLayout } from "./json-layout.ts";
import { shownText } from "./shown-text.ts";

/** Stand in a line where a secret, or a value known after apply, stood: no shown text holds these characters. */
export const SECRET_SIGN = "\uE000";
export const UNKNOWN_SIGN = "\uE001";

/** Above this a value is laid out over lines. */
const INLINE_LENGTH = 72;

const shownKey = (key: string): string => (/^[\w$.:/-]+$/.test(key) ? key : shownText(JSON.stringify(key)));

/** Without what the engine's bridge notes for itself: the names of the properties it filled in. */
function entriesOf(value: JsonValue): readonly (readonly [string, JsonValue])[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).filter(([key]) => key !== "__defaults");
}

/** A value on one line. Strings are quoted, so that none passes for something else. */
function inlineValue(value: JsonValue): string {
  if (isSecretMark(value)) return SECRET_SIGN;
  if (isUnknownMark(value)) return UNKNOWN_SIGN;
  if (Array.isArray(value)) return `[${value.map(inlineValue).join(", ")}]`;
  const entries = entriesOf(value);
  if (entries === undefined) return shownText(JSON.stringify(value));
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, inner]) => `${shownKey(key)}: ${inlineValue(inner)}`).join(", ")} }`;
}

/** A string over lines, where it is a document or a text. */
function textLines(value: JsonValue): readonly string[] | undefined {
  if (typeof value !== "string") return undefined;
  const laidOut = value.length > INLINE_LENGTH ? jsonLayout(value) : undefined;
  if (laidOut !== undefined) return laidOut.map(shownText);
  // What is at the end of a line cannot be seen otherwise.
  return value.includes("\n")
    ? value.split("\n").map((line) => shownText(line).replace(/[ \t]+$/, (end) => "·".repeat(end.length)))
    : undefined;
}

/** A value over as many lines as it needs: as in YAML, documents and texts as blocks. */
export function valueLines(value: JsonValue): readonly string[] {
  const text = textLines(value);
  if (text !== undefined) return text;
  const inline = inlineValue(value);
  if (inline.length <= INLINE_LENGTH) return [inline];
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue) => {
      const [first = "", ...rest] = nested(item, "-");
      // An item's first line stands behind its dash.
      return first === "-" && rest[0] !== undefined
        ? [`- ${rest[0].slice(2)}`, ...rest.slice(1)]
        : [first, ...rest];
    });
  }
  return entriesOf(value)?.flatMap(([key, inner]) => nested(inner, `${shownKey(key)}:`)) ?? [inline];
}

function nested(value: JsonValue, label: string): readonly string[] {
  const lines = valueLines(value);
  const isBlock = textLines(value) !== undefined;
  if (!isBlock && lines.length === 1) return [`${label} ${lines[0]}`];
  return [isBlock ? `${label} |` : label, ...lines.map((line) => `  ${line}`)];
}
