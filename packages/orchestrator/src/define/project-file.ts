import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { GroundplaneError } from "@groundplane/contracts";
import { isProjectDefinition, type ProjectDefinition } from "./project.ts";

export const PROJECT_FILES = [
  "groundplane.config.ts",
  "groundplane.config.mts",
  "groundplane.config.js",
  "groundplane.config.mjs",
];

/** The project file in this folder or the nearest above it. */
export function findProjectFile(from: string): string | undefined {
  const names = PROJECT_FILES.map((file) => join(from, file));
  const found = names.find((file) => existsSync(file));
  if (found !== undefined) return found;
  const above = dirname(from);
  return above === from ? undefined : findProjectFile(above);
}

/** Modules are kept by URL: with the time of the last change in it, a long-lived process sees a changed definition. */
export async function importDefault(file: string): Promise<unknown> {
  const url = pathToFileURL(file);
  url.searchParams.set("changed", String((await stat(file)).mtimeMs));
  const module: { default?: unknown } = await import(url.href);
  return module.default;
}

/** The project's definition alone, without its stacks' programs. */
export async function loadProjectDefinition(file: string): Promise<ProjectDefinition> {
  const definition = await importDefault(file);
  if (!isProjectDefinition(definition)) {
    throw new GroundplaneError(
      "PROJECT_INVALID",
      `${file} must export defineProject({ … }) as its default.`,
      {
        facts: { file },
      },
    );
  }
  return definition;
}
