import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { EnvironmentDefinition } from "./environment.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { ProjectDefinition } from "./project.ts";
import { findProjectFile, importDefault, loadProjectDefinition, PROJECT_FILES } from "./project-file.ts";
import { type AnyStack, isStackDefinition } from "./stack.ts";

export interface LoadedStack {
  readonly name: string;
  readonly folder: string;
  /** The program's file. */
  readonly entry: string;
  readonly definition: AnyStack;
  /** Names of the stacks whose outputs it needs. */
  readonly dependsOn: readonly string[];
}

export interface LoadedProject {
  readonly root: string;
  readonly file: string;
  /** Runs, journal, file backends, passphrases: `.groundplane` beside the project file. */
  readonly dataFolder: string;
  readonly definition: ProjectDefinition;
  readonly stacks: ReadonlyMap<string, LoadedStack>;
  readonly environments: ReadonlyMap<string, EnvironmentDefinition>;
}

const pulumiYamlSchema = z.looseObject({ name: z.string(), main: z.string().optional() });

/** The entry of a stack's folder: `main` of its Pulumi.yaml, else index.ts. */
export async function stackEntry(folder: string): Promise<{ readonly name: string; readonly entry: string }> {
  const file = join(folder, "Pulumi.yaml");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new GroundplaneError(
      "PROJECT_INVALID",
      `${file} cannot be read: a stack's folder is a Pulumi project. Create it with "name: <stack>" and "runtime: nodejs".`,
      { cause, facts: { file } },
    );
  });
  const parsed = pulumiYamlSchema.safeParse(parseYaml(file, text, "PROJECT_INVALID"));
  if (!parsed.success) {
    throw new GroundplaneError("PROJECT_INVALID", `${file} has no name: add "name: <stack>".`, {
      facts: { file },
    });
  }
  const main = resolve(folder, parsed.data.main ?? "index.ts");
  const isFolder = await stat(main).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return { name: parsed.data.name, entry: isFolder ? join(main, "index.ts") : main };
}

async function loadStack(folder: string): Promise<LoadedStack> {
  const { name, entry } = await stackEntry(folder);
  const definition = await importDefault(entry);
  if (!isStackDefinition(definition)) {
    throw new GroundplaneError("STACK_INVALID", `${entry} must export defineStack({ … }) as its default.`, {
      facts: { file: entry },
    });
  }
  if (definition.stackName !== name) {
    throw new GroundplaneError(
      "STACK_INVALID",
      `${folder}: Pulumi.yaml says "${name}", defineStack says "${definition.stackName}". They must be equal, as the name is part of every URN.`,
      { facts: { folder, pulumi: name, groundplane: definition.stackName } },
    );
  }
  const dependsOn = Object.values(definition.dependsOn).map((upstream) => upstream.stackName);
  return { name, folder, entry, definition, dependsOn };
}

/**
 * Finds and loads the project around a folder.
 *
 * @param from A folder or a project file. @default the working directory
 * @throws {PROJECT_NOT_FOUND} when neither it nor a folder above has a project file.
 * @throws {PROJECT_INVALID} when the project file or a stack's folder is not in order.
 */
export async function loadProject(from: string = process.cwd()): Promise<LoadedProject> {
  const start = resolve(from);
  const file = PROJECT_FILES.some((name) => start.endsWith(`/${name}`)) ? start : findProjectFile(start);
  if (file === undefined || !existsSync(file)) {
    throw new GroundplaneError(
      "PROJECT_NOT_FOUND",
      `no groundplane.config.ts in ${start} or above: run "groundplane init" there, or go to the project's folder.`,
      { facts: { folder: start } },
    );
  }
  const root = dirname(file);
  const definition = await loadProjectDefinition(file);
  const stacks = new Map<string, LoadedStack>();
  for (const folder of definition.stacks) {
    const stack = await loadStack(resolve(root, folder));
    if (stacks.has(stack.name)) {
      throw new GroundplaneError(
        "PROJECT_INVALID",
        `two stacks are named "${stack.name}": rename one of them.`,
        {
          facts: { stack: stack.name },
        },
      );
    }
    stacks.set(stack.name, stack);
  }
  for (const stack of stacks.values()) {
    const missing = stack.dependsOn.find((name) => !stacks.has(name));
    if (missing !== undefined) {
      throw new GroundplaneError(
        "PROJECT_INVALID",
        `stack "${stack.name}" depends on "${missing}", which is not in the project: add its folder to defineProject's stacks.`,
        { facts: { stack: stack.name, missing } },
      );
    }
  }
  for (const environment of definition.environments) refuseHalfEnvironment(stacks, environment);
  return {
    root,
    file,
    dataFolder: join(root, ".groundplane"),
    definition,
    stacks,
    environments: new Map(definition.environments.map((environment) => [environment.name, environment])),
  };
}

function refuseHalfEnvironment(
  all: ReadonlyMap<string, LoadedStack>,
  { name: environment, stacks }: EnvironmentDefinition,
): void {
  for (const name of stacks ?? []) {
    const stack = all.get(name);
    if (stack === undefined) {
      throw new GroundplaneError(
        "PROJECT_INVALID",
        `environment "${environment}" names the stack "${name}", which is not in the project. It has: ${[...all.keys()].join(", ")}.`,
        { facts: { environment, stack: name } },
      );
    }
    const missing = stack.dependsOn.find((upstream) => stacks?.includes(upstream) !== true);
    if (missing !== undefined) {
      throw new GroundplaneError(
        "PROJECT_INVALID",
        `environment "${environment}" has the stack "${name}", which depends on "${missing}": add "${missing}" to the environment's stacks.`,
        { facts: { environment, stack: name, missing } },
      );
    }
  }
}

/** The stacks of an environment, in the project's order. */
export function stacksOf(
  { stacks }: Pick<LoadedProject, "stacks">,
  environment: Pick<EnvironmentDefinition, "stacks">,
): ReadonlyMap<string, LoadedStack> {
  const own = environment.stacks;
  return own === undefined ? stacks : new Map([...stacks].filter(([name]) => own.includes(name)));
}

/**
 * A stack of an environment.
 *
 * @throws {STACK_NOT_FOUND} when the project has no such stack, or the environment does not have it.
 */
export function requireStack(
  project: LoadedProject,
  name: string,
  environment: EnvironmentDefinition,
): LoadedStack {
  const stack = stacksOf(project, environment).get(name);
  if (stack !== undefined) return stack;
  if (project.stacks.has(name)) {
    const own = [...stacksOf(project, environment).keys()].join(", ");
    throw new GroundplaneError(
      "STACK_NOT_FOUND",
      `stack "${name}" is not in environment "${environment.name}", which has: ${own}. Name one of these, or add it to the environment's stacks in ${project.file}.`,
      { facts: { stack: name, environment: environment.name } },
    );
  }
  throw new GroundplaneError(
    "STACK_NOT_FOUND",
    `no stack is named "${name}". The project has: ${[...project.stacks.keys()].join(", ") || "none"}.`,
    { facts: { stack: name } },
  );
}

export function requireEnvironment(project: LoadedProject, name: string): EnvironmentDefinition {
  const environment = project.environments.get(name);
  if (environment !== undefined) return environment;
  throw new GroundplaneError(
    "ENVIRONMENT_NOT_FOUND",
    `no environment is named "${name}". The project has: ${[...project.environments.keys()].join(", ") || "none"}.`,
    { facts: { environment: name } },
  );
}
