// Writes src/resources/*.ts from the provider's schema; with --check, fails when a committed one is not current.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RESOURCE_DOCS } from "./resource-docs.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(import.meta.dirname, "../src/resources");
const schemaFile = "tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json";
/** The version whose types on the wire these are. */
const version = "0.5.4";

interface TypeSpec {
  readonly type?: string | undefined;
  readonly $ref?: string | undefined;
  readonly items?: TypeSpec | undefined;
  readonly additionalProperties?: TypeSpec | undefined;
}
const typeSpecSchema: z.ZodType<TypeSpec> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    $ref: z.string().optional(),
    items: typeSpecSchema.optional(),
    additionalProperties: typeSpecSchema.optional(),
  }),
);
const propertySchema = z.intersection(
  typeSpecSchema,
  z.object({ willReplaceOnChanges: z.boolean().optional(), deprecationMessage: z.string().optional() }),
);
const propertiesSchema = z.record(z.string(), propertySchema);
const schema = z
  .object({
    resources: z.record(
      z.string(),
      z.object({
        properties: propertiesSchema,
        required: z.array(z.string()).default([]),
        inputProperties: propertiesSchema,
        requiredInputs: z.array(z.string()).default([]),
      }),
    ),
    types: z.record(
      z.string(),
      z.object({ properties: propertiesSchema, required: z.array(z.string()).default([]) }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(root, schemaFile), "utf8")));

type Properties = z.infer<typeof propertiesSchema>;
type Direction = "input" | "output";

const nameOf = (token: string): string => token.slice(token.lastIndexOf(":") + 1);
const fileOf = (name: string): string => `${name.replaceAll(/(?<!^)[A-Z]/g, "-$&").toLowerCase()}.ts`;

/** Names of the types that a text of a type needs, itself nested. */
function nestedOf(spec: TypeSpec): readonly string[] {
  if (spec.$ref !== undefined) {
    const token = spec.$ref.replace("#/types/", "");
    const inner = Object.values(schema.types[token]?.properties ?? {}).flatMap(nestedOf);
    return [token, ...inner];
  }
  return [spec.items, spec.additionalProperties].flatMap((inner) => (inner ? nestedOf(inner) : []));
}

function typeText(spec: TypeSpec, direction: Direction): string {
  const input = (text: string): string => (direction === "input" ? `pulumi.Input<${text}>` : text);
  if (spec.$ref !== undefined) return `${nameOf(spec.$ref)}${direction === "input" ? "Args" : ""}`;
  if (spec.items) return `readonly ${input(typeText(spec.items, direction))}[]`;
  if (spec.additionalProperties)
    return `Readonly<Record<string, ${input(typeText(spec.additionalProperties, direction))}>>`;
  if (spec.type === "integer") return "number";
  if (spec.type === "string" || spec.type === "boolean" || spec.type === "number") return spec.type;
  throw new TypeError(`${schemaFile} has a type that this generator does not know: ${JSON.stringify(spec)}`);
}

/** A doc comment, in lines of its own where one line would be too long. */
function comment(...sentences: readonly string[]): string {
  const text = sentences.filter((sentence) => sentence !== "").join(" ");
  return text.length < 100
    ? `/** ${text} */`
    : `/**\n * ${text.replaceAll(/ (?=@|A change)/g, "\n * ")}\n */`;
}

function doc(owner: string, name: string): string {
  const text = RESOURCE_DOCS[owner]?.properties[name];
  if (text === undefined) throw new TypeError(`scripts/resource-docs.ts has nothing on ${owner}.${name}`);
  return text;
}

function about(owner: string): string {
  const text = RESOURCE_DOCS[owner]?.about;
  if (text === undefined) throw new TypeError(`scripts/resource-docs.ts has nothing on ${owner}`);
  return text;
}

/** The fields of an interface. */
function fields(
  owner: string,
  properties: Properties,
  required: readonly string[],
  direction: Direction,
): string {
  return Object.entries(properties)
    .map(([name, spec]) => {
      const text = typeText(spec, direction);
      const type = direction === "input" ? `pulumi.Input<${text}>` : text;
      const optional = required.includes(name) ? `: ${type}` : `?: ${type} | undefined`;
      const [sentence = "", byDefault] = doc(owner, name).split(/ ?(?=@default)/);
      const replaces =
        direction === "input" && spec.willReplaceOnChanges === true ? "A change replaces it." : "";
      const deprecated =
        spec.deprecationMessage === undefined ? "" : `@deprecated ${spec.deprecationMessage}`;
      return `${comment(sentence, replaces, byDefault ?? "", deprecated)}\nreadonly ${name}${optional};`;
    })
    .join("\n");
}

function nestedText(token: string): string {
  const name = nameOf(token);
  const { properties, required } = schema.types[token] ?? { properties: {}, required: [] };
  return `${comment(about(name))}
export interface ${name}Args {
${fields(name, properties, required, "input")}
}

${comment(`\`${name}Args\` as the provider reads it back.`)}
export interface ${name} {
${fields(name, properties, required, "output")}
}`;
}

function resourceText(token: string): string {
  const name = nameOf(token);
  const resource = schema.resources[token];
  if (resource === undefined) throw new TypeError(`${schemaFile} has no ${token}`);
  const { properties, required, inputProperties, requiredInputs } = resource;
  const nested = [...new Set(Object.values(properties).flatMap(nestedOf))].toSorted();
  const outputs = Object.entries(properties).map(([property, spec]) => {
    const text = typeText(spec, "output");
    const type = required.includes(property) ? text : `${text} | undefined`;
    return `${comment(doc(name, property))}\ndeclare readonly ${property}: pulumi.Output<${type}>;`;
  });
  const inputs = Object.keys(properties).map((property) =>
    property in inputProperties ? `${property}: args.${property}` : `${property}: undefined`,
  );
  return `import * as pulumi from "@pulumi/pulumi";

${nested.map(nestedText).join("\n\n")}

/** What a \`${name}\` is made of. */
export interface ${name}Args {
${fields(name, inputProperties, requiredInputs, "input")}
}

${comment(about(name))}
export class ${name} extends pulumi.CustomResource {
${outputs.join("\n")}

constructor(name: string, args: ${name}Args, options: pulumi.CustomResourceOptions = {}) {
  super("${token}", name, { ${inputs.join(", ")} }, { version: "${version}", ...options });
}
}`;
}

const providerText = `import * as pulumi from "@pulumi/pulumi";

/** How a \`Provider\` reaches libvirt. */
export interface ProviderArgs {
  /** @format URI of libvirt, such as \`qemu+ssh://user@host/system?keyfile=…&knownhosts=…&sshauth=privkey\` */
  readonly uri: pulumi.Input<string>;
}

/** The provider for one hypervisor. A default one would silently mean the machine that runs Pulumi: pass one to each resource. */
export class Provider extends pulumi.ProviderResource {
  declare readonly uri: pulumi.Output<string>;

  constructor(name: string, args: ProviderArgs, options: pulumi.ResourceOptions = {}) {
    super("libvirt", name, { uri: args.uri }, { version: "${version}", ...options });
  }
}`;

/** As the repository's formatter leaves it. */
function formatted(file: string, text: string): string {
  const body = `// Generated from ${schemaFile} by "pnpm generate": change scripts/ instead.\n${text}`;
  const biome = join(root, "node_modules/.bin/biome");
  const { stdout, stderr, status } = spawnSync(biome, ["format", `--stdin-file-path=${file}`], {
    cwd: root,
    input: body,
    encoding: "utf8",
  });
  if (status !== 0) throw new TypeError(`biome does not read what was generated for ${file}: ${stderr}`);
  return stdout;
}

const texts = new Map([
  ["provider.ts", providerText],
  ...Object.keys(schema.resources).map((token): [string, string] => [
    fileOf(nameOf(token)),
    resourceText(token),
  ]),
]);
const wanted = new Map([...texts].map(([file, text]) => [file, formatted(file, text)]));

mkdirSync(folder, { recursive: true });
const present = readdirSync(folder);
const stale = [
  ...[...wanted]
    .filter(([file, text]) => {
      const path = join(folder, file);
      return !existsSync(path) || readFileSync(path, "utf8") !== text;
    })
    .map(([file]) => file),
  ...present.filter((file) => !wanted.has(file)),
];

if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    process.stderr.write(`not current: ${stale.join(", ")}. Run "pnpm generate" and commit the result.\n`);
    process.exitCode = 1;
  }
} else {
  for (const [file, text] of wanted) writeFileSync(join(folder, file), text);
}
