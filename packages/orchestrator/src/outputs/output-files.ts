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

function dotenvValue(value: JsonValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[\w@%+=:,./-]*$/.test(text)
    ? text
    : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("$", "\\$").replaceAll("\n", "\\n")}"`;
}

/** `NETWORK_VPC_ID=vpc-…`; structures as JSON, secrets as references in comments. */
export function toDotenv(outputs: OutputsArtifact): string {
  const values = Object.entries(outputs.values).map(
    ([name, value]) => `${variableName(outputs.stack, name)}=${dotenvValue(value)}`,
  );
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
