import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type DriftCaveat, type DriftReport, GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { LoadedProject, LoadedStack } from "../define/load-project.ts";
import { copyState } from "../engine/copied-state.ts";
import { commandOptions, type EngineEnvironment } from "../engine/engine-environment.ts";
import { type EngineRunResult, runEngineChild } from "../engine/run-child.ts";
import { readState, type StackState } from "../engine/stack-state.ts";
import { makeWorkFolder, parseSettings, readStackFiles, removeWorkFolder } from "../engine/work-folder.ts";
import { refuseMixedState } from "../guard/sandbox-mixture.ts";
import { errorsOf } from "../pipeline/relay-engine.ts";
import { saltedSettings } from "../pipeline/run-context.ts";
import { requirePlugins } from "../plugins/project-plugins.ts";
import { driftItems, type ReadResources } from "./drift-items.ts";
import { ignoreDrift } from "./ignore-drift.ts";

export interface DriftSubject {
  readonly project: LoadedProject;
  readonly stack: LoadedStack;
  readonly environment: EnvironmentDefinition;
  readonly engine: EngineEnvironment;
  readonly signal?: AbortSignal | undefined;
}

function where({ stack, environment }: DriftSubject): string {
  return `"${stack.name}" in "${environment.name}"`;
}

function failed(subject: DriftSubject, result: EngineRunResult): GroundplaneError {
  const facts = { stack: subject.stack.name, environment: subject.environment.name, exitCode: result.code };
  if (result.ended === "cancelled") {
    return new GroundplaneError("ENGINE_FAILED", `reading the cloud for ${where(subject)} was cancelled.`, {
      facts,
    });
  }
  return new GroundplaneError(
    result.ended === "silent" ? "ENGINE_TIMEOUT" : "ENGINE_FAILED",
    `the cloud cannot be read for ${where(subject)}, so whether it drifted is not known; nothing was changed.\n${errorsOf(result.messages) || result.text.trim()}`,
    { facts },
  );
}

const referenceSchema = z.object({ name: z.templateLiteral(["organization/", z.string()]) });

/** Stacks that a stack refers to, as `organization/<project>/<stack>`: the engine reads their outputs again. */
function referredStacks({ resources }: StackState): readonly string[] {
  const names = resources.flatMap(({ type, inputs }) => {
    const parsed = referenceSchema.safeParse(inputs);
    return type === "pulumi:pulumi:StackReference" && parsed.success ? [parsed.data.name] : [];
  });
  return [...new Set(names)];
}

/** A backend of one's own with the stack's state, and those that it refers to. */
export async function copyStates(
  { stack, environment, engine }: Pick<DriftSubject, "stack" | "environment" | "engine">,
  workFolder: string,
  state: StackState,
): Promise<Readonly<Record<string, string>>> {
  const folder = join(workFolder, "state");
  const options = commandOptions(engine, workFolder);
  await Promise.all(
    referredStacks(state).map(async (name) => {
      const [, project = "", of = ""] = name.split("/");
      const referred = await readState({ project, stack: of }, options);
      // One that is gone is told by the engine, in its own words.
      if (referred.exists) await copyState(folder, { project, stack: of, state: referred });
    }),
  );
  return copyState(folder, { project: stack.name, stack: environment.name, state });
}

/**
 * Reads every resource of a state from the cloud. `pulumi refresh --preview-only` takes the lock of a file or S3
 * backend, so the engine works on a copy of the state in the work folder.
 *
 * @throws {ENGINE_FAILED} when a resource could not be read: that is no word on drift.
 * @throws {PLUGIN_NOT_INSTALLED} in a real environment.
 */
export async function readCloud(
  subject: DriftSubject,
  workFolder: string,
  state: StackState,
): Promise<ReadResources> {
  const { stack, environment, engine, signal } = subject;
  if (environment.cloud === "real") await requirePlugins(stack, engine.env);
  const copy = await copyStates(subject, workFolder, state);
  const result = await runEngineChild(
    {
      command: "drift",
      pulumi: engine.pulumi,
      workFolder,
      stackFolder: stack.folder,
      entry: stack.entry,
      stack: environment.name,
      policyPacks: [],
    },
    { env: { ...engine.env, ...copy }, limits: engine.limits, onMessage: () => undefined, signal },
  );
  if (result.code !== 0 || result.ended !== undefined) throw failed(subject, result);
  return driftItems(result.messages);
}

export interface DriftCheck {
  readonly clock: () => Date;
  /** Whether someone is changing the stack at this moment. */
  readonly isBeingChanged: () => Promise<boolean>;
}

function caveatsOf(before: StackState, after: StackState, changing: boolean): readonly DriftCaveat[] {
  return [
    ...(changing ? (["run-under-way"] as const) : []),
    ...(before.digest === after.digest ? [] : (["state-moved"] as const)),
    ...(after.pendingOperations.length > 0 ? (["pending-operations"] as const) : []),
  ];
}

/**
 * Compares a stack's state with the cloud. Nothing is written to the backend, no lock and no lease is taken.
 *
 * @throws {STACK_NOT_DEPLOYED} when there is nothing to compare.
 * @throws {ENGINE_FAILED} when a resource could not be read.
 * @throws {STATE_UNREADABLE}
 * @throws {STATE_CORRUPT}
 */
export async function checkDrift(subject: DriftSubject, check: DriftCheck): Promise<DriftReport> {
  const { project, stack, environment, engine } = subject;
  const workFolder = join(project.dataFolder, "work", `drift-${randomBytes(6).toString("hex")}`);
  const files = await readStackFiles(stack, environment.name);
  const settings = parseSettings(stack, environment.name, files);
  const options = commandOptions(engine, workFolder);
  try {
    await makeWorkFolder(
      workFolder,
      files,
      environment.name,
      saltedSettings({ settings, engine, environment }),
    );
    const changingBefore = await check.isBeingChanged();
    const state = await readState({ project: stack.name, stack: environment.name }, options);
    if (state.resources.length === 0) {
      throw new GroundplaneError(
        "STACK_NOT_DEPLOYED",
        `stack ${where(subject)} has no resources, so there is nothing that could drift: run "groundplane deploy ${environment.name} ${stack.name}" first.`,
        { facts: { stack: stack.name, environment: environment.name } },
      );
    }
    refuseMixedState(environment, state);
    await makeWorkFolder(
      workFolder,
      files,
      environment.name,
      saltedSettings({ settings, engine, environment }, state),
    );
    const { checked, items } = await readCloud(subject, workFolder, state);
    const after = await readState({ project: stack.name, stack: environment.name }, options);
    const changing = changingBefore || (await check.isBeingChanged());
    const now = check.clock();
    return {
      schema: "groundplane.dev/drift/v1",
      project: project.definition.name,
      stack: stack.name,
      environment: environment.name,
      sandbox: environment.cloud !== "real",
      checkedAt: now.toISOString(),
      state: state.digest,
      checked,
      ...ignoreDrift(items, environment.driftIgnores, now.toISOString().slice(0, 10)),
      caveats: [...caveatsOf(state, after, changing)],
    };
  } finally {
    await removeWorkFolder(workFolder);
  }
}
