import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import type { LoadedStack } from "../define/load-project.ts";
import { importDefault } from "../define/project-file.ts";
import { isStackDefinition } from "../define/stack.ts";
import { BUNDLE_FOLDER } from "./bundle-program.ts";
import type { ReturnPoint } from "./return-point.ts";

const PREFIX = "rollback-";

function cannotRun(point: ReturnPoint, stack: LoadedStack, why: string, cause?: unknown): GroundplaneError {
  return new GroundplaneError(
    "ROLLBACK_UNAVAILABLE",
    `the program of run ${point.run} cannot be run any more: ${why}. If a package is missing, install the one of then ("groundplane rollback --list" tells the runs); nothing was changed.`,
    { cause, facts: { run: point.run, stack: stack.name } },
  );
}

/**
 * Puts a kept program where its imports are found: into the stack's own folder, for one piece of work.
 *
 * @param name Of the piece of work.
 * @returns the stack with that program.
 * @throws {ROLLBACK_UNAVAILABLE} when it cannot be loaded there.
 */
export async function placeProgram(
  stack: LoadedStack,
  point: ReturnPoint,
  name: string,
): Promise<LoadedStack> {
  const folder = join(stack.folder, BUNDLE_FOLDER);
  const entry = join(folder, `${PREFIX}${name}.mjs`);
  let definition: unknown;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(entry, point.program, { mode: 0o600 });
    definition = await importDefault(entry);
  } catch (cause) {
    if (isGroundplaneError(cause)) throw cause;
    throw cannotRun(point, stack, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (!isStackDefinition(definition) || definition.stackName !== stack.name) {
    throw cannotRun(point, stack, `it does not define stack "${stack.name}"`);
  }
  const dependsOn = Object.values(definition.dependsOn).map((upstream) => upstream.stackName);
  return { ...stack, entry, definition, dependsOn };
}

/** Removes programs that were placed under a name that begins so. */
export async function removePlaced({ folder }: Pick<LoadedStack, "folder">, name: string): Promise<void> {
  const place = join(folder, BUNDLE_FOLDER);
  const files = await readdir(place).catch(() => []);
  const placed = files.filter((file) => file.startsWith(`${PREFIX}${name}`));
  await Promise.all(placed.map((file) => rm(join(place, file), { force: true })));
}
