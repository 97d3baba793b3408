import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { DriftSubject } from "../drift/check-drift.ts";
import { commandOptions } from "../engine/engine-environment.ts";
import { readState, type StackState } from "../engine/stack-state.ts";
import { makeWorkFolder, parseSettings, readStackFiles, removeWorkFolder } from "../engine/work-folder.ts";
import { saltedSettings } from "../pipeline/run-context.ts";

/**
 * A stack's state, read outside of any run.
 *
 * @throws {STATE_UNREADABLE}
 * @throws {STATE_CORRUPT}
 */
export async function readStateOnly(subject: DriftSubject): Promise<StackState> {
  const { project, stack, environment, engine } = subject;
  const cwd = join(project.dataFolder, "work", `state-${randomBytes(6).toString("hex")}`);
  const files = await readStackFiles(stack, environment.name);
  const settings = parseSettings(stack, environment.name, files);
  try {
    await makeWorkFolder(cwd, files, environment.name, saltedSettings({ settings, engine, environment }));
    const named = { project: stack.name, stack: environment.name };
    return await readState(named, commandOptions(engine, cwd));
  } finally {
    await removeWorkFolder(cwd);
  }
}
