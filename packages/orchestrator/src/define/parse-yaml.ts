import { type ErrorCode, GroundplaneError } from "@groundplane/contracts";
import { parse } from "yaml";

/**
 * A YAML file of the project as data.
 *
 * @throws {code} when the text is no YAML; it names the file and the line.
 */
export function parseYaml(file: string, text: string, code: ErrorCode): unknown {
  try {
    return parse(text);
  } catch (cause) {
    // The rest of the message quotes the file.
    const [first] = cause instanceof Error ? cause.message.split(/:?\n/) : [];
    throw new GroundplaneError(code, `${file} is no YAML: ${first ?? "it cannot be parsed"}`, {
      facts: { file },
    });
  }
}
