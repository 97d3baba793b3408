import { parse } from "yaml";

/** Cloud-init's user-data as far as rules look at it. */
export interface UserData {
  /** Of a `#cloud-config`; empty for a script. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What runs as root at a start: `bootcmd`, `runcmd`, the script itself, and files that are written. */
  readonly scripts: readonly string[];
}

/**
 * Reads user-data.
 *
 * @returns undefined for a form that holds several parts, or points to some that lie elsewhere: MIME, gzip, `#include`.
 * @throws YAMLParseError where a `#cloud-config` is no YAML: the rule is then not evaluated.
 */
export function readUserData(text: string): UserData | undefined {
  if (text.trim() === "") return { config: {}, scripts: [] };
  if (text.startsWith("#!")) return { config: {}, scripts: [text] };
  if (!/^(?:## template: *jinja\r?\n)?#cloud-config\s/.test(`${text}\n`)) return undefined;
  const parsed: unknown = parse(text);
  const config = isRecord(parsed) ? parsed : {};
  const written = listOf(config["write_files"]).flatMap((file) =>
    isRecord(file) && typeof file["content"] === "string" ? [contentOf(file, file["content"])] : [],
  );
  return { config, scripts: [...commands(config["bootcmd"]), ...commands(config["runcmd"]), ...written] };
}

/** A command is a line of shell, or a list of words. */
function commands(value: unknown): readonly string[] {
  return listOf(value).map((command) =>
    Array.isArray(command) ? command.map(String).join(" ") : String(command),
  );
}

function contentOf(file: Readonly<Record<string, unknown>>, content: string): string {
  const encoding = String(file["encoding"] ?? "");
  return /^(b64|base64)$/.test(encoding) ? Buffer.from(content, "base64").toString("utf8") : content;
}

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every text in a document, with the name that it stands under. */
export function textsOf(
  value: unknown,
  name = "",
): readonly { readonly name: string; readonly text: string }[] {
  if (typeof value === "string") return [{ name, text: value }];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, name));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, key));
}
