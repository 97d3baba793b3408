import type { PropertyChange } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { plainText } from "./plain-text.ts";
import { inlineValue, LINE_LENGTH, valueLines } from "./property-value.ts";

const VALUE_INDENT = "          ";

const PROPERTY_KINDS = {
  add: { symbol: "+", color: "green" },
  update: { symbol: "~", color: "yellow" },
  delete: { symbol: "-", color: "red" },
} as const;

/** What the engine's bridge notes for itself in inputs: which values it filled in. */
function isEngineOwn(path: string): boolean {
  return /(?:^|\.)__/.test(path);
}

/** One property, and its values before and after. */
export function propertyLines(property: PropertyChange, style: Style): string[] {
  if (isEngineOwn(property.path)) return [];
  const kind = PROPERTY_KINDS[property.kind];
  const forces = property.replaces ? style.magenta("  # forces replacement") : "";
  const head = `      ${style[kind.color](kind.symbol)} ${plainText(property.path)}:`;
  if (property.kind !== "update") {
    const value = property.kind === "add" ? property.after : property.before;
    const [first = "", ...rest] = valueLines(value, VALUE_INDENT);
    return [`${head}${first === "" ? "" : ` ${first}`}${forces}`, ...rest];
  }
  const before = inlineValue(property.before);
  const after = inlineValue(property.after);
  if (before.length + after.length <= LINE_LENGTH) return [`${head} ${before} → ${after}${forces}`];
  return [
    `${head}${forces}`,
    `${VALUE_INDENT}${style.red(`- ${before}`)}`,
    `${VALUE_INDENT}${style.green(`+ ${after}`)}`,
  ];
}
