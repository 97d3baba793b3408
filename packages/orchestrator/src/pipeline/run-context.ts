import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  GroundplaneError,
  jsonValueSchema,
  type RunId,
  runIdSchema,
  type Sha256,
  writesStateAlone,
} from "@groundplane/contracts";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { LoadedProject, LoadedStack } from "../define/load-project.ts";
import type { PlannedUpstream, PlannedUpstreams } from "../define/planned-upstream-schema.ts";
import { commandOptions, type EngineEnvironment } from "../engine/engine-environment.ts";
import type { EngineRequest } from "../engine/engine-request.ts";
import { type PulumiCommandOptions, runPulumi } from "../engine/pulumi-cli.ts";
import { readState, type StackState, stackOutputsOf } from "../engine/stack-state.ts";
import { WaitingChild } from "../engine/waiting-child.ts";
import {
  checkSettings,
  holdsSecrets,
  makeWorkFolder,
  parseSettings,
  readStackFiles,
  removeWorkFolder,
  type StackFiles,
  type StackSettings,
} from "../engine/work-folder.ts";
import { sha256Of } from "../journal/entry-hash.ts";
import { requirePlugins } from "../plugins/project-plugins.ts";
import type { PolicyPackFolder } from "../policy/policy-pack.ts";
import { findPolicyPack } from "../policy/policy-pack.ts";
import { placeProgram, removePlaced } from "../rollback/placed-program.ts";
import type { ReturnPoint } from "../rollback/return-point.ts";
import type { JournaledRun } from "./journaled-run.ts";

/** What every step of one run works with. */
export interface RunContext {
  readonly project: LoadedProject;
  readonly stack: LoadedStack;
  readonly environment: EnvironmentDefinition;
  readonly engine: EngineEnvironment;
  readonly run: JournaledRun;
  readonly packs: readonly PolicyPackFolder[];
  /** The stack's settings as the run found them, or as they stood at the run it returns to. */
  readonly files: StackFiles;
  readonly settings: StackSettings;
  /** What a way back goes back to: the stack's program is that one's. @default - the program that stands */
  readonly returnPoint?: ReturnPoint | undefined;
  /** Outputs of the stacks it depends on, by stack: their hash, as the program sees their values. */
  readonly upstreams: Readonly<Record<string, Sha256>>;
  /** Upstreams whose outputs are not there as they will be. Only for a preview, and empty where all is deployed. */
  readonly planned: PlannedUpstreams;
  readonly workFolder: string;
  /** The stack's state when the work began, where it was read: it may have moved since. */
  readonly stateAtOpen?: StackState;
  /** Where this run's next engine child starts early. */
  readonly children: WaitingChild;
  readonly signal?: AbortSignal | undefined;
}

export function pulumiOptions(context: RunContext): PulumiCommandOptions {
  return commandOptions(context.engine, context.workFolder);
}

/** A request to the engine's child for this run's stack. */
export function engineRequest(
  context: RunContext,
  command: EngineRequest["command"],
  more: Pick<EngineRequest, "plan" | "refresh" | "preflightMs"> & {
    readonly packs?: EngineRequest["policyPacks"];
  } = {},
): EngineRequest {
  return {
    command,
    pulumi: context.engine.pulumi,
    workFolder: context.workFolder,
    stackFolder: context.stack.folder,
    entry: context.stack.entry,
    ...(context.returnPoint === undefined ? {} : { entryDigest: context.returnPoint.programDigest }),
    stack: context.environment.name,
    policyPacks: more.packs ?? [],
    ...(more.plan === undefined ? {} : { plan: more.plan }),
    ...(more.refresh === true ? { refresh: true } : {}),
    ...(more.preflightMs === undefined ? {} : { preflightMs: more.preflightMs }),
    ...(Object.keys(context.planned).length > 0 ? { planned: context.planned } : {}),
    ...(command === "up" || command === "destroy" ? { message: `groundplane ${context.run.id}` } : {}),
  };
}

/** Reads what stands, after the work folder was made. */
export function currentState(context: RunContext): Promise<StackState> {
  return readState({ project: context.stack.name, stack: context.environment.name }, pulumiOptions(context));
}

/**
 * Settings with the salt or data key under which secrets are encrypted: the file's, else the state's. A sandbox's
 * passphrase goes with its data folder, so a salt that was left in a file without secrets says nothing.
 */
export function saltedSettings(
  { settings, engine, environment }: Pick<RunContext, "settings" | "engine" | "environment">,
  state?: StackState,
): StackSettings {
  const { encryptionsalt, ...rest } = settings;
  const kept = environment.cloud === "real" || holdsSecrets(settings) ? encryptionsalt : undefined;
  const salt = kept ?? state?.salt;
  return {
    ...(engine.secretsProvider === "passphrase" ? {} : { secretsprovider: engine.secretsProvider }),
    ...(state?.encryptedKey === undefined ? {} : { encryptedkey: state.encryptedKey }),
    ...rest,
    ...(salt === undefined ? {} : { encryptionsalt: salt }),
  };
}

/** What an upstream's own preview says of its outputs, before it is known whether it stands already. */
export type PlannedOutputs = Readonly<Record<string, Omit<PlannedUpstream, "deployed">>>;

export interface OpenRunOptions {
  readonly project: LoadedProject;
  readonly stack: LoadedStack;
  readonly environment: EnvironmentDefinition;
  readonly engine: EngineEnvironment;
  readonly run: JournaledRun;
  /** Work with the program and settings of that run. @default - with what stands in the stack's folder */
  readonly returnPoint?: ReturnPoint | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Outputs that other stacks are planned to have; the run must be a preview. @default - those that they have */
  readonly plannedOutputs?: PlannedOutputs;
  /** The run that last changed the stack, when one did: then there must be a state. */
  readonly changedBy?: RunId | undefined;
}

/**
 * Makes what a run needs before the engine is asked anything: packs found, config checked, a work folder of its
 * own, the Pulumi stack there.
 *
 * @throws {ROLLBACK_UNAVAILABLE} when the program to go back to cannot be loaded.
 * @throws {PLUGIN_NOT_INSTALLED} in a real environment.
 */
export async function openRunContext(options: OpenRunOptions): Promise<RunContext> {
  const { project, environment, run, returnPoint } = options;
  if (writesStateAlone(run.record.operation)) return openStateContext(options);
  // One for each piece of work, not for each run: two people may approve one run at the same moment.
  const name = `${run.id}-${randomBytes(4).toString("hex")}`;
  const workFolder = join(workFolders(project), name);
  const children = new WaitingChild(options.engine.env);
  // A run that waits for its preview or its up will want one next.
  if (run.record.state === "PENDING" || run.record.state === "WAIT_FOR_APPROVE") children.prepare();
  try {
    if (environment.cloud === "real") await requirePlugins(options.stack, options.engine.env);
    const packs = await Promise.all(
      environment.policyPacks.map((pack) => findPolicyPack(pack, project.root)),
    );
    const stack =
      returnPoint === undefined ? options.stack : await placeProgram(options.stack, returnPoint, name);
    const files = returnPoint?.files ?? (await readStackFiles(stack, environment.name));
    const settings = parseSettings(stack, environment.name, files);
    checkSettings(stack, environment.name, settings, files);
    const context: RunContext = {
      ...options,
      stack,
      packs,
      files,
      settings,
      workFolder,
      children,
      upstreams: {},
      planned: {},
    };
    await makeWorkFolder(workFolder, files, environment.name, saltedSettings(context));
    const found = await currentState(context);
    if (!found.exists && options.changedBy !== undefined) throw stateGone(context, options.changedBy);
    const stateAtOpen = found.exists ? found : await createStack(context);
    await makeWorkFolder(workFolder, files, environment.name, saltedSettings(context, stateAtOpen));
    return { ...context, stateAtOpen, ...(await readUpstreams(context, options.plannedOutputs ?? {})) };
  } catch (error) {
    children.close();
    await removeWorkFolder(workFolder);
    await removePlaced(options.stack, name);
    throw error;
  }
}

/** For work on the state alone: neither program nor packs run, and what stands may be no state at all. */
async function openStateContext(options: OpenRunOptions): Promise<RunContext> {
  const { project, stack, environment, run } = options;
  const files = await readStackFiles(stack, environment.name);
  const settings = parseSettings(stack, environment.name, files);
  const workFolder = join(workFolders(project), `${run.id}-${randomBytes(4).toString("hex")}`);
  const context: RunContext = {
    ...{ ...options, files, settings, workFolder },
    children: new WaitingChild(options.engine.env),
    ...{ packs: [], upstreams: {}, planned: {} },
  };
  await makeWorkFolder(workFolder, files, environment.name, saltedSettings(context));
  return context;
}

/** @throws {UPSTREAM_NOT_DEPLOYED} naming the stacks to deploy first. */
async function readUpstreams(
  context: RunContext,
  plannedOutputs: PlannedOutputs,
): Promise<Pick<RunContext, "upstreams" | "planned">> {
  const { stack, environment } = context;
  const states = await Promise.all(
    stack.dependsOn.map(async (name) => ({
      name,
      state: await readState({ project: name, stack: environment.name }, pulumiOptions(context)),
    })),
  );
  const missing = states
    .filter(({ name, state }) => state.resources.length === 0 && plannedOutputs[name] === undefined)
    .map(({ name }) => name);
  // A destroy runs no program: it can go on where an earlier one ended, with an upstream gone already.
  if (missing.length > 0 && context.run.record.operation !== "destroy") {
    throw new GroundplaneError(
      "UPSTREAM_NOT_DEPLOYED",
      `stack "${stack.name}" needs the outputs of ${missing.join(", ")}, not deployed in "${environment.name}": deploy ${missing.length === 1 ? "it" : "them"} first.`,
      { facts: { stack: stack.name, environment: environment.name, missing } },
    );
  }
  const planned = states.flatMap(({ name, state }): [string, PlannedUpstream][] => {
    const outputs = plannedOutputs[name];
    if (outputs === undefined) return [];
    const deployed = state.resources.length > 0;
    const moves = Object.keys(outputs.changed).length > 0 || outputs.removed.length > 0;
    return deployed && !moves ? [] : [[name, { ...outputs, deployed }]];
  });
  return {
    upstreams: Object.fromEntries(
      states.map(({ name, state }) => [name, sha256Of(jsonValueSchema.parse(stackOutputsOf(state)))]),
    ),
    planned: Object.fromEntries(planned),
  };
}

/** Taken for a stack that was never made, everything in it would be made a second time. */
function stateGone({ stack, environment }: RunContext, changedBy: RunId): GroundplaneError {
  return new GroundplaneError(
    "STATE_UNREADABLE",
    `the backend has no state of "${stack.name}" in "${environment.name}", and run ${changedBy} changed that stack. Nothing was changed. Look whether the backend is the right one and is mounted; if its state is lost, \`groundplane restore ${environment.name} ${stack.name}\` puts back the newest that a run kept. Only if the stack was removed on purpose, make an empty one with \`pulumi stack init ${environment.name}\`.`,
    { facts: { stack: stack.name, environment: environment.name, changedBy } },
  );
}

/** Of two that begin at once, the second takes what the first made. */
export async function createStack(context: RunContext): Promise<StackState> {
  const { name } = context.environment;
  const created = await runPulumi(
    [
      "stack",
      "init",
      `--stack=${name}`,
      `--secrets-provider=${context.engine.secretsProvider}`,
      "--no-select",
    ],
    pulumiOptions(context),
  );
  const state = await currentState(context);
  if (state.exists) return state;
  throw new GroundplaneError(
    "STATE_UNREADABLE",
    `the Pulumi stack "${name}" of "${context.stack.name}" cannot be made: ${created.stderr.trim().split("\n").at(-1)}. Mend the backend; nothing was changed.`,
    { facts: { stack: context.stack.name, environment: name } },
  );
}

const workFolders = (project: LoadedProject): string => join(project.dataFolder, "work");

/** Runs that are worked on, or whose process was killed while it did. */
export async function runsWithLeftWork(project: LoadedProject): Promise<readonly RunId[]> {
  const folders = await readdir(workFolders(project)).catch(() => []);
  const ids = folders.map((name) => runIdSchema.safeParse(name.slice(0, name.lastIndexOf("-"))));
  return [...new Set(ids.flatMap(({ data }) => data ?? []))];
}

/** Deletes what killed processes left of a run's work. */
export async function removeLeftWork(project: LoadedProject, run: RunId, stack: LoadedStack): Promise<void> {
  const left = await readdir(workFolders(project)).catch(() => []);
  const folders = left.filter((name) => name.startsWith(`${run}-`));
  await Promise.all(folders.map((name) => removeWorkFolder(join(workFolders(project), name))));
  await removePlaced(stack, `${run}-`);
}

export async function closeRunContext({
  children,
  workFolder,
  stack,
  returnPoint,
}: RunContext): Promise<void> {
  children.close();
  await removeWorkFolder(workFolder);
  if (returnPoint !== undefined) await removePlaced(stack, basename(workFolder));
}
