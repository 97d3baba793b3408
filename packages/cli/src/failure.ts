import { type GroundplaneError, isGroundplaneError, type JsonValue } from "@groundplane/contracts";
import { plainText } from "./render/plain-text.ts";
import type { Style } from "./terminal.ts";

/** What `--json` prints when a command fails. */
export interface ErrorDocument {
  readonly error: {
    /** A code of the error registry, or `UNEXPECTED`. */
    readonly code: string;
    readonly source: "user" | "system";
    readonly message: string;
    readonly facts: Readonly<Record<string, JsonValue>>;
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function errorDocument(error: unknown): ErrorDocument {
  if (isGroundplaneError(error)) {
    const { code, source, message, facts } = error;
    return { error: { code, source, message, facts } };
  }
  return { error: { code: "UNEXPECTED", source: "system", message: wordsOf(error), facts: {} } };
}

const textOf = (value: JsonValue): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Facts that the message does not show already. */
function factLines(error: GroundplaneError, style: Style): string[] {
  return Object.entries(error.facts).flatMap(([name, value]) => {
    const parts = Array.isArray(value) ? value : [value];
    const shown = parts.every((part) => error.message.includes(textOf(part)));
    return shown ? [] : [style.dim(`  ${name}: ${plainText(textOf(value))}`)];
  });
}

function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const cause = error.cause === undefined ? [] : ["caused by:", ...stackLines(error.cause)];
  return [plainText(error.stack ?? error.message), ...cause];
}

/** `error CODE: message`, the facts, and with `GROUNDPLANE_DEBUG` the stack. */
export function errorLines(error: unknown, style: Style, debug: boolean): string[] {
  const known = isGroundplaneError(error);
  const code = known ? error.code : "UNEXPECTED";
  const head = `${style.red(style.bold(`error ${code}:`))} ${plainText(wordsOf(error))}`;
  if (debug) return [head, ...(known ? factLines(error, style) : []), ...stackLines(error)];
  if (known) return [head, ...factLines(error, style)];
  return [
    head,
    "  This is a defect, or something that was not foreseen. GROUNDPLANE_DEBUG=1 shows where it comes from.",
  ];
}
