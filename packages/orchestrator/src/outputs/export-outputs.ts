import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  GroundplaneError,
  isSecretMark,
  type JsonValue,
  jsonValueSchema,
  type OutputsArtifact,
  outputsArtifactSchema,
} from "@groundplane/contracts";
import type { z } from "zod";
import type { LoadedStack } from "../define/load-project.ts";
import { isSecretSchema } from "../define/secret.ts";
import { maskEngineRecord } from "../engine/mask.ts";
import { type StackState, stackOutputsOf } from "../engine/stack-state.ts";
import { sha256Of } from "../journal/entry-hash.ts";
import { toDeclarations, toDotenv } from "./output-files.ts";

export interface OutputFiles {
  readonly json: string;
  readonly dotenv: string;
  /** A `.d.ts`. */
  readonly types: string;
}

/** Where the outputs of a stack lie. */
export function outputFiles(dataFolder: string, environment: string, stack: string): OutputFiles {
  const base = join(dataFolder, "outputs", environment, stack);
  return { json: `${base}.json`, dotenv: `${base}.env`, types: `${base}.d.ts` };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The outputs last exported; undefined when there are none.
 *
 * @throws {OUTPUTS_INVALID} when the file is not in order.
 */
export function readOutputs(files: OutputFiles): OutputsArtifact | undefined {
  if (!existsSync(files.json)) return undefined;
  const parsed = outputsArtifactSchema.safeParse(parsedJson(readFileSync(files.json, "utf8")));
  if (parsed.success) return parsed.data;
  throw new GroundplaneError(
    "OUTPUTS_INVALID",
    `${files.json} is not in order: ${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}. Move it away, then deploy the stack again to write it anew.`,
    { facts: { file: files.json } },
  );
}

function holdsSecret(value: JsonValue): boolean {
  if (isSecretMark(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

/** Values that can be shown, and names of those that are secret or hold one. */
export function splitOutputs(
  stack: LoadedStack,
  state: StackState,
): { readonly values: Record<string, JsonValue>; readonly secret: readonly string[] } {
  const outputs = maskEngineRecord(stackOutputsOf(state));
  const names = Object.keys(outputs);
  const secret = names.filter((name) => {
    const schema: z.ZodType | undefined = stack.definition.outputs.shape[name];
    return holdsSecret(outputs[name] ?? null) || (schema !== undefined && isSecretSchema(schema));
  });
  const plain = names.filter((name) => !secret.includes(name));
  return {
    values: Object.fromEntries(plain.map((name) => [name, checkedValue(stack, name, outputs[name] ?? null)])),
    secret,
  };
}

function checkedValue(stack: LoadedStack, name: string, value: JsonValue): JsonValue {
  const schema: z.ZodType | undefined = stack.definition.outputs.shape[name];
  if (schema === undefined) return value;
  const parsed = schema.safeParse(value);
  if (parsed.success) return jsonValueSchema.parse(value);
  throw new GroundplaneError(
    "OUTPUTS_INVALID",
    `output "${name}" of stack "${stack.name}" does not fit its schema: ${parsed.error.issues.map((issue) => issue.message).join("; ")}. The stack stands as applied; mend the schema or the program.`,
    { facts: { stack: stack.name, output: name } },
  );
}

export interface ExportOptions {
  readonly project: string;
  readonly stack: LoadedStack;
  readonly environment: string;
  readonly sandbox: boolean;
  readonly run: string;
  readonly now: Date;
  readonly state: StackState;
  readonly files: OutputFiles;
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

/**
 * Writes the outputs for whoever comes downstream: JSON, dotenv and declarations. The version rises when the
 * content differs from the last export; secrets go as references.
 *
 * @throws {OUTPUTS_INVALID} when a value does not fit its schema.
 */
export function exportOutputs(options: ExportOptions): {
  readonly outputs: OutputsArtifact;
  readonly changed: boolean;
} {
  const { project, stack, environment, files } = options;
  const { values, secret } = splitOutputs(stack, options.state);
  const secrets = Object.fromEntries(
    secret.map((name) => [name, { reference: `pulumi://${stack.name}/${environment}/${name}` }]),
  );
  const contentDigest = sha256Of({ values, secrets });
  const last = readOutputs(files);
  if (last?.contentDigest === contentDigest) return { outputs: last, changed: false };
  const outputs: OutputsArtifact = {
    schema: "groundplane.dev/outputs/v1",
    project,
    stack: stack.name,
    environment,
    sandbox: options.sandbox,
    version: (last?.version ?? 0) + 1,
    run: options.run,
    exportedAt: options.now.toISOString(),
    values,
    secrets,
    contentDigest,
  };
  mkdirSync(join(files.json, ".."), { recursive: true });
  writeWhole(files.dotenv, toDotenv(outputs));
  writeWhole(files.types, toDeclarations(outputs));
  writeWhole(files.json, `${JSON.stringify(outputs, null, 2)}\n`);
  return { outputs, changed: true };
}
