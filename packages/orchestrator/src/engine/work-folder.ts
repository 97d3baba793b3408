import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { LoadedStack } from "../define/load-project.ts";
import { type ConfigEntry, configProblems, openConfig, throwConfigProblems } from "../define/parse-config.ts";
import { parseYaml } from "../define/parse-yaml.ts";

const settingsSchema = z.looseObject({
  encryptionsalt: z.string().optional(),
  secretsprovider: z.string().optional(),
  config: z.record(z.string(), z.unknown()).nullish(),
});

export type StackSettings = z.infer<typeof settingsSchema>;

const secureSchema = z.strictObject({ secure: z.string() });

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** The two files that configure a stack in an environment, as they stand or stood. */
export interface StackFiles {
  /** Text of its Pulumi.yaml. */
  readonly project: string;
  /** Text of its `Pulumi.<environment>.yaml`; undefined where it has none. */
  readonly environment: string | undefined;
}

export async function readStackFiles(
  { folder }: Pick<LoadedStack, "folder">,
  environment: string,
): Promise<StackFiles> {
  return {
    project: await readFile(join(folder, "Pulumi.yaml"), "utf8"),
    environment: await textOf(join(folder, `Pulumi.${environment}.yaml`)),
  };
}

/** What the stack's `Pulumi.<environment>.yaml` says, or empty settings where it has none. */
export function parseSettings(
  { folder }: Pick<LoadedStack, "folder">,
  environment: string,
  { environment: text }: StackFiles,
): StackSettings {
  if (text === undefined) return {};
  const file = join(folder, `Pulumi.${environment}.yaml`);
  const parsed = settingsSchema.safeParse(parseYaml(file, text, "CONFIG_INVALID") ?? {});
  if (parsed.success) return parsed.data;
  throw new GroundplaneError(
    "CONFIG_INVALID",
    `${file}: ${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}.`,
    { facts: { file } },
  );
}

/** Whether a value of the config is encrypted, however deep. */
export function holdsSecrets(settings: StackSettings): boolean {
  const inside = (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    (secureSchema.safeParse(value).success || Object.values(value).some(inside));
  return inside(settings.config ?? {});
}

const projectConfigSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });
const declaredSchema = z.union([
  z.looseObject({ value: z.unknown() }).transform(({ value }) => value),
  z.looseObject({ default: z.unknown() }).transform((declared) => declared.default),
  // Declared, and left to the environments.
  z.record(z.string(), z.unknown()).transform(() => undefined),
]);

/** Values for all environments, from Pulumi.yaml: `key: 1`, `key: { value: 1 }`, or a declaration with a default. */
function projectConfig(stack: LoadedStack, files: StackFiles): Readonly<Record<string, unknown>> {
  const { config } = projectConfigSchema.parse(parse(files.project));
  const named = Object.entries(config ?? {}).map(([key, value]): [string, unknown] => {
    const declared = declaredSchema.safeParse(value);
    return [key.includes(":") ? key : `${stack.name}:${key}`, declared.success ? declared.data : value];
  });
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

/** A value of the config, from the environment's settings or for all environments. */
export function settingOf(
  stack: LoadedStack,
  files: StackFiles,
  settings: StackSettings,
  key: string,
): unknown {
  return settings.config?.[key] ?? projectConfig(stack, files)[key];
}

/** The stack's own keys; a secret's text is the encrypted one. */
function configEntries(
  stack: LoadedStack,
  settings: StackSettings,
  files: StackFiles,
): ReadonlyMap<string, ConfigEntry> {
  const prefix = `${stack.name}:`;
  return new Map<string, ConfigEntry>(
    Object.entries({ ...projectConfig(stack, files), ...settings.config })
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]): [string, ConfigEntry] => {
        const secret = secureSchema.safeParse(value).success;
        return [
          key.slice(prefix.length),
          { secret, text: typeof value === "string" ? value : JSON.stringify(value) },
        ];
      }),
  );
}

/**
 * Checks the stack's own keys before anything is started.
 *
 * @throws {CONFIG_INVALID} naming each key and what is wrong with it.
 */
export function checkSettings(
  stack: LoadedStack,
  environment: string,
  settings: StackSettings,
  files: StackFiles,
): void {
  const entries = configEntries(stack, settings, files);
  throwConfigProblems(stack.name, environment, configProblems(stack.definition.config, entries));
}

/** The stack's config as its schema has it, without what is secret. */
export function openSettings(
  stack: LoadedStack,
  settings: StackSettings,
  files: StackFiles,
): Readonly<Record<string, unknown>> {
  return openConfig(stack.definition, configEntries(stack, settings, files));
}

/**
 * Makes the folder in which the engine works for one run: the project's and the stack's settings, and nothing
 * that two runs could get in each other's way with.
 */
export async function makeWorkFolder(
  folder: string,
  files: StackFiles,
  environment: string,
  settings: StackSettings,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const project = z.record(z.string(), z.unknown()).parse(parse(files.project));
  // The program is served by the child, so the engine needs no entry of it.
  const { main: _main, ...rest } = project;
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ ...rest, runtime: "nodejs" }), { mode: 0o600 });
  await writeFile(join(folder, `Pulumi.${environment}.yaml`), stringify(settings), { mode: 0o600 });
}

export function removeWorkFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
