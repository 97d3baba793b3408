import { GroundplaneError, placeText } from "@groundplane/contracts";
import type { z } from "zod";
import { isSecretSchema } from "./secret.ts";

/** One value of a `Pulumi.<environment>.yaml`, as Pulumi hands it over: text, objects as JSON. */
export interface ConfigEntry {
  readonly text: string;
  readonly secret: boolean;
}

export interface ConfigProblem {
  readonly key: string;
  readonly problem: string;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A config value is text; what the schema does not take as text is read as JSON. */
export function parseConfigText(schema: z.ZodType, text: string): z.ZodSafeParseResult<unknown> {
  const asText = schema.safeParse(text);
  if (asText.success) return asText;
  const json = parseJson(text);
  return json === undefined || typeof json.value === "string" ? asText : schema.safeParse(json.value);
}

function problemOf(schema: z.ZodType, entry: ConfigEntry | undefined): string | undefined {
  if (entry === undefined) {
    const absent = schema.safeParse(undefined);
    return absent.success ? undefined : "is missing";
  }
  if (entry.secret !== isSecretSchema(schema)) {
    return entry.secret
      ? "is encrypted, and the stack does not declare it as secret(…)"
      : "is secret and stands in the clear: set it with `pulumi config set --secret`";
  }
  // A secret's text is not known where config files are checked.
  if (entry.secret) return undefined;
  const parsed = parseConfigText(schema, entry.text);
  if (parsed.success) return undefined;
  const value = parseJson(entry.text)?.value;
  return parsed.error.issues
    .map((issue) => [placeText(value, issue.path), issue.message].filter(Boolean).join(": "))
    .join("; ");
}

/** What is wrong with a stack's config; empty when nothing is. */
export function configProblems(
  schema: z.ZodObject,
  entries: ReadonlyMap<string, ConfigEntry>,
): readonly ConfigProblem[] {
  const known = Object.entries<z.ZodType>(schema.shape).flatMap(([key, field]) => {
    const problem = problemOf(field, entries.get(key));
    return problem === undefined ? [] : [{ key, problem }];
  });
  const unknown = [...entries.keys()]
    .filter((key) => !Object.hasOwn(schema.shape, key))
    .map((key) => ({
      key,
      problem: `is no key of this stack, which has: ${Object.keys(schema.shape).join(", ") || "none"}`,
    }));
  return [...known, ...unknown];
}

/**
 * A stack's config with its secrets decrypted, for what runs before the program.
 *
 * @throws {CONFIG_INVALID}
 */
export function plainConfig(
  definition: { readonly stackName: string; readonly config: z.ZodObject },
  environment: string,
  entries: ReadonlyMap<string, ConfigEntry>,
): Readonly<Record<string, unknown>> {
  throwConfigProblems(definition.stackName, environment, configProblems(definition.config, entries));
  return Object.fromEntries(
    Object.entries<z.ZodType>(definition.config.shape).map(([key, schema]) => {
      const text = entries.get(key)?.text;
      return [
        key,
        text === undefined ? schema.parse(undefined) : parseField(definition.stackName, key, schema, text),
      ];
    }),
  );
}

/** A stack's config without its secret keys, for what runs where nothing is decrypted. It was checked before. */
export function openConfig(
  { stackName, config }: { readonly stackName: string; readonly config: z.ZodObject },
  entries: ReadonlyMap<string, ConfigEntry>,
): Readonly<Record<string, unknown>> {
  const open = Object.entries<z.ZodType>(config.shape).filter(([, schema]) => !isSecretSchema(schema));
  return Object.fromEntries(
    open.map(([key, schema]) => {
      const text = entries.get(key)?.text;
      return [key, text === undefined ? schema.parse(undefined) : parseField(stackName, key, schema, text)];
    }),
  );
}

export function parseField(stack: string, key: string, schema: z.ZodType, text: string): unknown {
  const parsed = parseConfigText(schema, text);
  if (parsed.success) return parsed.data;
  // Only a secret comes here; zod's message could quote it.
  throw new GroundplaneError(
    "CONFIG_INVALID",
    `${stack}:${key} does not fit the stack's schema (its value is secret).`,
    { facts: { stack, key } },
  );
}

export function throwConfigProblems(
  stack: string,
  environment: string,
  problems: readonly ConfigProblem[],
): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ key, problem }) => `${stack}:${key} ${problem}`);
  throw new GroundplaneError(
    "CONFIG_INVALID",
    `config of stack "${stack}" for "${environment}": ${lines.join("; ")}. Mend Pulumi.${environment}.yaml in the stack's folder.`,
    { facts: { stack, environment, keys: problems.map(({ key }) => key) } },
  );
}
