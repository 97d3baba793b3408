import { readFileSync } from "node:fs";
import { z } from "zod";
import type {
  FunctionShape,
  InputProperty,
  OutputProperty,
  ResourceShape,
  Shape,
} from "../src/catalog/shape.ts";

// The parts of Pulumi's schema format that providers without a Node SDK of their own use here.
interface TypeSpec {
  readonly type?: string | undefined;
  readonly $ref?: string | undefined;
  readonly items?: TypeSpec | undefined;
  readonly additionalProperties?: TypeSpec | undefined;
  readonly oneOf?: readonly TypeSpec[] | undefined;
  readonly default?: string | number | boolean | undefined;
  readonly willReplaceOnChanges?: boolean | undefined;
}
const typeSpec: z.ZodType<TypeSpec> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    $ref: z.string().optional(),
    items: typeSpec.optional(),
    additionalProperties: typeSpec.optional(),
    oneOf: z.array(typeSpec).optional(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    willReplaceOnChanges: z.boolean().optional(),
  }),
);
const properties = z.record(z.string(), typeSpec).default({});
const names = z.array(z.string()).default([]);
const resourceSpec = z.object({
  properties,
  required: names,
  inputProperties: properties,
  requiredInputs: names,
});
const schemaSpec = z.object({
  name: z.string(),
  version: z.string().optional(),
  types: z.record(z.string(), z.object({ properties, required: names })).default({}),
  provider: resourceSpec.partial().default({}),
  resources: z.record(z.string(), resourceSpec),
  functions: z
    .record(
      z.string(),
      z.object({
        inputs: z.object({ properties, required: names }).default({ properties: {}, required: [] }),
        outputs: z.object({ properties, required: names }).default({ properties: {}, required: [] }),
      }),
    )
    .default({}),
});

type Properties = Record<string, InputProperty>;

/** What a provider's schema tells: its resources, the provider itself among them, its functions, and its nested types. */
export function readPulumiSchema(file: string): {
  readonly name: string;
  readonly version: string | undefined;
  readonly resources: Map<string, ResourceShape>;
  readonly functions: Map<string, FunctionShape>;
  readonly nested: Map<string, Properties>;
} {
  const { name, version, types, provider, resources, functions } = schemaSpec.parse(
    JSON.parse(readFileSync(file, "utf8")),
  );
  const shapes = Object.entries(resources).map(
    ([token, spec]) =>
      [
        token,
        {
          inputs: inputsOf(spec.inputProperties, spec.requiredInputs),
          outputs: outputsOf(spec.properties, spec.required),
        },
      ] as const,
  );
  const config = inputsOf(provider.inputProperties ?? {}, []);
  return {
    ...{ name, version },
    resources: new Map([[`pulumi:providers:${name}`, { inputs: config, outputs: {} }], ...shapes]),
    functions: new Map(
      Object.entries(functions).map(([token, { inputs, outputs }]) => [
        token,
        {
          inputs: inputsOf(inputs.properties, inputs.required),
          outputs: outputsOf(outputs.properties, outputs.required),
        },
      ]),
    ),
    nested: new Map(
      Object.entries(types).map(([token, type]) => [token, inputsOf(type.properties, type.required)]),
    ),
  };
}

function inputsOf(specs: Readonly<Record<string, TypeSpec>>, required: readonly string[]): Properties {
  return mapValues(specs, (spec, name) => ({
    t: shapeOf(spec),
    ...(required.includes(name) ? { r: 1 as const } : {}),
    ...(spec.default === undefined ? {} : { d: spec.default }),
    ...(spec.willReplaceOnChanges === true ? { x: "doc" as const } : {}),
  }));
}

function outputsOf(
  specs: Readonly<Record<string, TypeSpec>>,
  required: readonly string[],
): Record<string, OutputProperty> {
  return mapValues(specs, (spec, name) =>
    required.includes(name) ? { t: shapeOf(spec) } : { t: shapeOf(spec), u: 1 as const },
  );
}

function shapeOf(spec: TypeSpec): Shape {
  if (spec.oneOf !== undefined) return ["u", ...spec.oneOf.map(shapeOf)];
  if (spec.$ref !== undefined)
    return spec.$ref.startsWith("#/types/") ? ["o", spec.$ref.slice("#/types/".length)] : "*";
  if (spec.type === "array") return ["a", spec.items === undefined ? "*" : shapeOf(spec.items)];
  if (spec.type === "object")
    return ["m", spec.additionalProperties === undefined ? "*" : shapeOf(spec.additionalProperties)];
  if (spec.type === "string") return "s";
  if (spec.type === "integer" || spec.type === "number") return "n";
  return spec.type === "boolean" ? "b" : "*";
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
