import { type ErrorCode, GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import { isConfigSecret } from "@pulumi/pulumi/runtime/config.js";
import type { z } from "zod";
import { keepUnknown, keepUnknownInProgram } from "../engine/keep-unknown.ts";
import "../engine/pulumi-internals.ts";
import { tellSecret } from "../engine/secret-channel.ts";
import type { EnvironmentDefinition } from "./environment.ts";
import { type ConfigEntry, plainConfig } from "./parse-config.ts";
import { isKnown, plannedField } from "./planned-upstream.ts";
import type { PlannedUpstream, PlannedUpstreams } from "./planned-upstream-schema.ts";
import { findProjectFile, loadProjectDefinition } from "./project-file.ts";
import { isSecretSchema } from "./secret.ts";
import type { AnyStack } from "./stack.ts";

/** Set for the engine when it works on a sandbox, so that neither kind is ever taken for the other. */
export const SANDBOX_VARIABLE = "GROUNDPLANE_SANDBOX_DB";

async function environmentOf(name: string): Promise<EnvironmentDefinition> {
  const file = findProjectFile(process.cwd());
  if (file === undefined) {
    throw new GroundplaneError(
      "PROJECT_NOT_FOUND",
      `no groundplane.config.ts above ${process.cwd()}: a stack takes its environment's tags and rules from it.`,
      { facts: { folder: process.cwd() } },
    );
  }
  const project = await loadProjectDefinition(file);
  const environment = project.environments.find((candidate) => candidate.name === name);
  if (environment === undefined) {
    const names = project.environments.map((candidate) => candidate.name).join(", ");
    throw new GroundplaneError(
      "ENVIRONMENT_NOT_FOUND",
      `the Pulumi stack is named "${name}", which is no environment of ${file}: it has ${names || "none"}.`,
      { facts: { environment: name } },
    );
  }
  return environment;
}

function refuseMixedClouds(environment: EnvironmentDefinition): void {
  const wanted = environment.cloud !== "real";
  const given = process.env[SANDBOX_VARIABLE] !== undefined;
  if (wanted === given) return;
  throw new GroundplaneError(
    "STATE_KIND_MISMATCH",
    wanted
      ? `environment "${environment.name}" is a sandbox, and Pulumi is not pointed at one: eval "$(groundplane env ${environment.name})" first.`
      : `environment "${environment.name}" is real, and ${SANDBOX_VARIABLE} points Pulumi at a sandbox: unset it, or open a new shell.`,
    { facts: { environment: environment.name } },
  );
}

function readConfig(definition: AnyStack, environment: string): Record<string, unknown> {
  const prefix = `${definition.stackName}:`;
  const entries = new Map<string, ConfigEntry>(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), { text, secret: isConfigSecret(key) }]),
  );
  const values = plainConfig(definition, environment, entries);
  return Object.fromEntries(
    Object.entries<z.ZodType>(definition.config.shape).map(([key, schema]) => [
      key,
      isSecretSchema(schema) ? pulumi.secret(values[key]) : values[key],
    ]),
  );
}

/** An output that was never set comes back as null. */
function parseOutput(schema: z.ZodType, value: unknown): z.ZodSafeParseResult<unknown> {
  const parsed = schema.safeParse(value);
  return parsed.success || value !== null ? parsed : schema.safeParse(undefined);
}

function absentOutput(stack: string, environment: string, output: string, code: ErrorCode): GroundplaneError {
  return new GroundplaneError(
    code,
    `output "${output}" of stack "${stack}" in "${environment}" is not there or does not fit its schema: deploy "${stack}" first.`,
    { facts: { stack, environment, output } },
  );
}

/** An output as a property: one that is not known yet is told only to a program that asks for it. */
function plannedProperty(
  stack: string,
  environment: string,
  output: string,
  schema: z.ZodType,
  { changed, removed }: PlannedUpstream,
): PropertyDescriptor | undefined {
  const planned = changed[output];
  if (planned === undefined) {
    if (!removed.includes(output)) return undefined;
    const absent = schema.safeParse(undefined);
    if (absent.success) return { enumerable: true, value: absent.data };
    throw absentOutput(stack, environment, output, "OUTPUTS_INVALID");
  }
  const field = plannedField(schema, planned);
  if (field !== undefined) return { enumerable: true, value: field.value };
  return {
    enumerable: true,
    get: () => {
      throw new GroundplaneError(
        "UPSTREAM_NOT_KNOWN",
        `output "${output}" of stack "${stack}" is not known before "${stack}" is deployed in "${environment}".`,
        { facts: { stack, environment, output } },
      );
    },
  };
}

async function readUpstream(
  name: string,
  upstream: AnyStack,
  environment: string,
  planned: PlannedUpstream | undefined,
): Promise<object> {
  const reference =
    planned?.deployed === false
      ? undefined
      : new pulumi.StackReference(name, { name: `organization/${upstream.stackName}/${environment}` });
  const fields = Object.entries<z.ZodType>(upstream.outputs.shape);
  const values = await Promise.all(
    fields.map(async ([key, schema]): Promise<[string, PropertyDescriptor]> => {
      const ahead =
        planned === undefined
          ? undefined
          : plannedProperty(upstream.stackName, environment, key, schema, planned);
      if (ahead !== undefined) return [key, ahead];
      const details: pulumi.StackReferenceOutputDetails = (await reference?.getOutputDetails(key)) ?? {};
      if (details.secretValue !== undefined) tellSecret(details.secretValue);
      if (details.secretValue !== undefined && !isSecretSchema(schema)) {
        throw new GroundplaneError(
          "OUTPUTS_INVALID",
          `output "${key}" of stack "${upstream.stackName}" is secret, and its schema does not say so: wrap it in secret(…).`,
          { facts: { stack: upstream.stackName, output: key } },
        );
      }
      const parsed = parseOutput(schema, details.value ?? details.secretValue);
      if (!parsed.success) {
        const isAbsent = details.value === undefined && details.secretValue === undefined;
        throw absentOutput(
          upstream.stackName,
          environment,
          key,
          isAbsent ? "UPSTREAM_NOT_DEPLOYED" : "OUTPUTS_INVALID",
        );
      }
      const value = isSecretSchema(schema) ? pulumi.secret(parsed.data) : parsed.data;
      return [key, { enumerable: true, value }];
    }),
  );
  return Object.defineProperties({}, Object.fromEntries(values));
}

function exportsOf(definition: AnyStack, returned: unknown): Record<string, pulumi.Input<unknown>> {
  const values = new Map<string, unknown>(Object.entries(returned ?? {}));
  const names = Object.keys(definition.outputs.shape);
  const extra = [...values.keys()].filter((name) => !names.includes(name));
  const missing = Object.entries<z.ZodType>(definition.outputs.shape)
    .filter(([name, schema]) => values.get(name) === undefined && !schema.safeParse(undefined).success)
    .map(([name]) => name);
  if (extra.length > 0 || missing.length > 0) {
    throw new GroundplaneError(
      "OUTPUTS_INVALID",
      `the program of stack "${definition.stackName}" must return exactly its outputs.${missing.length > 0 ? ` Missing: ${missing.join(", ")}.` : ""}${extra.length > 0 ? ` Not declared: ${extra.join(", ")}.` : ""}`,
      { facts: { stack: definition.stackName, missing, extra } },
    );
  }
  return Object.fromEntries(
    Object.entries<z.ZodType>(definition.outputs.shape).map(([name, schema]) => {
      const value = values.get(name);
      return [name, isSecretSchema(schema) ? pulumi.secret(value) : value];
    }),
  );
}

async function runStack(
  definition: AnyStack,
  planned: PlannedUpstreams,
): Promise<Record<string, pulumi.Input<unknown>>> {
  const environment = await environmentOf(pulumi.getStack());
  refuseMixedClouds(environment);
  const config = readConfig(definition, environment.name);
  const guesses = Object.values(planned).some(({ changed }) => !Object.values(changed).every(isKnown));
  if (guesses) keepUnknownInProgram();
  const upstream = Object.fromEntries(
    await Promise.all(
      Object.entries(definition.dependsOn).map(async ([name, stack]) => [
        name,
        await readUpstream(name, stack, environment.name, planned[stack.stackName]),
      ]),
    ),
  );
  const context = {
    environment: environment.name,
    sandbox: environment.cloud !== "real",
    tags: environment.tags,
    config,
    upstream,
  };
  // The context was parsed by the definition's own schemas, which is what its program's type was made from.
  const exports = exportsOf(definition, await definition.program(context as never));
  if (!guesses) return exports;
  return Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, keepUnknown(value)]));
}

/**
 * Runs a stack inside a Pulumi program: the engine's own, under plain `pulumi up`, or the orchestrator's child.
 * The working directory is the stack's folder in both.
 *
 * @param planned Outputs of upstreams as their own previews have them. For a preview that nobody can apply.
 */
export async function runUnderPlainPulumi(
  definition: AnyStack,
  planned: PlannedUpstreams = {},
): Promise<Record<string, pulumi.Input<unknown>>> {
  try {
    return await runStack(definition, planned);
  } catch (error) {
    // Pulumi prints a RunError without its stack, which says nothing to whoever mends a config.
    throw isGroundplaneError(error) ? new pulumi.RunError(`${error.code}: ${error.message}`) : error;
  }
}
