import { parse, stringify } from "yaml";
import { z } from "zod";
import { type ComposeFile, type ComposeOverlay, checkedCompose, composeFileSchema } from "./compose-file.ts";

/** Line breaks of YAML 1.1 that JSON and YAML 1.2 take for letters, and the mark at a file's beginning. */
const BREAKS = /[\u0085\u2028\u2029\ufeff]/g;

/**
 * The text of a file or an overlay: keys sorted, every text in double quotes, each `$` doubled so that compose
 * puts no variable there. Equal values give equal text, and readers of YAML 1.1 and 1.2 read the same.
 */
export function renderCompose(file: ComposeFile | ComposeOverlay): string {
  const text = stringify(
    mapTexts(file, (each) => each.replaceAll("$", "$$$$")),
    {
      version: "1.1",
      sortMapEntries: true,
      defaultStringType: "QUOTE_DOUBLE",
      defaultKeyType: "PLAIN",
      lineWidth: 0,
      aliasDuplicateObjects: false,
    },
  );
  return text.replaceAll(BREAKS, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * The file that a text of `renderCompose` holds. Other compose files are read as far as they say no more than a
 * `ComposeFile` can.
 *
 * @throws {INVALID_ARGUMENT} it is no such file; the message names the places.
 */
export function parseCompose(text: string): ComposeFile {
  const document: unknown = parse(text, { version: "1.1" });
  return checkedCompose(
    composeFileSchema,
    mapTexts(document, (each) => each.replaceAll("$$", "$")),
  );
}

const mapSchema = z.record(z.string(), z.unknown());

/** Every text but keys: compose puts variables into values alone. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  const map = mapSchema.safeParse(value);
  if (!map.success) return value;
  return Object.fromEntries(
    Object.entries(map.data)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, mapTexts(each, change)]),
  );
}
