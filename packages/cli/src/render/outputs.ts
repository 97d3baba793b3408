import type { JsonValue, OutputsArtifact } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { dateTime } from "./duration.ts";
import { plainText } from "./plain-text.ts";
import { table } from "./table.ts";

function text(value: JsonValue): string {
  return plainText(typeof value === "string" ? value : JSON.stringify(value));
}

/** Outputs as a table; a secret shows its reference. */
export function outputsLines(outputs: OutputsArtifact, style: Style): string[] {
  const title = `${outputs.environment}/${outputs.stack}`;
  const head = `${style.bold(title)}  version ${outputs.version}, ${dateTime(outputs.exportedAt)}${outputs.sandbox ? ", sandbox" : ""}`;
  const rows = [
    ...Object.entries(outputs.values).map(([name, value]) => [style.bold(name), text(value)]),
    ...Object.entries(outputs.secrets).map(([name, secret]) => [
      style.bold(name),
      `(secret) ${plainText(secret.reference)}`,
    ]),
  ]
    .sort(([a = ""], [b = ""]) => a.localeCompare(b))
    .flatMap(([name = "", value = ""]) =>
      value
        .trimEnd()
        .split("\n")
        .map((line, at) => [at === 0 ? name : "", line]),
    );
  return [head, ...(rows.length === 0 ? ["  no outputs"] : table(rows, "  "))];
}
