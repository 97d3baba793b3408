import type { JsonValue, OutputsArtifact } from "@groundplane/contracts";

/** Says that nobody should edit it, and whether it is of a sandbox. */
function headerOf(outputs: OutputsArtifact): string {
  const sandbox = outputs.sandbox ? " SANDBOX: no real cloud is behind these values." : "";
  return `Outputs of stack ${outputs.stack} in ${outputs.environment}, version ${outputs.version}, by ${outputs.run}.${sandbox}`;
}

function variableName(stack: string, output: string): string {
  return `${stack}_${output}`
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

/**
 * A value as shells, Node and the dotenv libraries all read it, which is without escapes; undefined for text that
 * no quotes hold for all of them.
 */
function dotenvValue(value: JsonValue): string | undefined {
  // In JSON an apostrophe has another form, so that it fits between two of them.
  const text = typeof value === "string" ? value : JSON.stringify(value).replaceAll("'", "\\u0027");
  if (/^[\w@%+=:,./-]*$/.test(text)) return text;
  // Node's parser takes carriage returns out.
  if (text.includes("\r")) return undefined;
  if (!text.includes("'")) return `'${text}'`;
  return /["$`\\]/.test(text) ? undefined : `"${text}"`;
}

/** `NETWORK_VPC_ID=vpc-…`; structures as JSON, secrets as references in comments. */
export function toDotenv(outputs: OutputsArtifact): string {
  const values = Object.entries(outputs.values).map(([name, value]) => {
    const [variable, text] = [variableName(outputs.stack, name), dotenvValue(value)];
    return text === undefined
      ? `# ${variable} has quotes that a file like this cannot hold: read it from the JSON beside it`
      : `${variable}=${text}`;
  });
  const secrets = Object.entries(outputs.secrets).map(
    ([name, { reference }]) => `# ${variableName(outputs.stack, name)} is secret: ${reference}`,
  );
  return `# ${headerOf(outputs)}\n${[...values, ...secrets].join("\n")}\n`;
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) {
    const types = [...new Set(value.map(typeOf))];
    return types.length === 0 ? "readonly never[]" : `readonly (${types.join(" | ")})[]`;
  }
  if (typeof value !== "object") return typeof value;
  const fields = Object.entries(value).map(
    ([key, inner]) => `readonly ${JSON.stringify(key)}: ${typeOf(inner)}`,
  );
  return fields.length === 0 ? "Readonly<Record<string, never>>" : `{ ${fields.join("; ")} }`;
}

/** Types of `outputs.json`'s values, for a consumer outside of Pulumi. */
export function toDeclarations(outputs: OutputsArtifact): string {
  const values = Object.entries(outputs.values).map(
    ([name, value]) => `  readonly ${JSON.stringify(name)}: ${typeOf(value)};`,
  );
  const secrets = Object.keys(outputs.secrets).map(
    (name) => `  readonly ${JSON.stringify(name)}: { readonly reference: string };`,
  );
  return [
    `// ${headerOf(outputs)}`,
    "export interface OutputValues {",
    ...values,
    "}",
    "export interface OutputSecrets {",
    ...secrets,
    "}",
    "export interface Outputs {",
    `  readonly stack: ${JSON.stringify(outputs.stack)};`,
    `  readonly environment: ${JSON.stringify(outputs.environment)};`,
    "  readonly version: number;",
    "  readonly values: OutputValues;",
    "  readonly secrets: OutputSecrets;",
    "}",
    "",
  ].join("\n");
}
