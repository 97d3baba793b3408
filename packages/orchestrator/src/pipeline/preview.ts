import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ChangeSet,
  canonicalJson,
  type DriftItem,
  GroundplaneError,
  jsonValueSchema,
} from "@groundplane/contracts";
import { buildChangeSet } from "../changes/change-set.ts";
import { withPlannedOutputs } from "../changes/planned-outputs.ts";
import { assumptionsOf } from "../changes/upstream-outputs.ts";
import type { EngineMessage, EngineRequest } from "../engine/engine-request.ts";
import { type EngineRunResult, runEngineChild } from "../engine/run-child.ts";
import { preparingNext } from "../engine/waiting-child.ts";
import { exemptionsOfStack } from "../policy/exemptions-of-stack.ts";
import { rulesOfPacks } from "../policy/review-change-set.ts";
import { engineRelay } from "./relay-engine.ts";
import { engineRequest, type RunContext } from "./run-context.ts";

export interface Preview {
  readonly result: EngineRunResult;
  readonly changeSet: ChangeSet;
  /** None for a destroy, and none when a policy failed inside the engine. */
  readonly plan: string | undefined;
}

/**
 * The packs as the engine takes them, each with the exemptions of its own rules in a config file: one of a rule that a pack
 * does not have makes the engine refuse the pack.
 */
export async function enginePacks(context: RunContext): Promise<EngineRequest["policyPacks"]> {
  const { packs, engine, environment, stack, workFolder } = context;
  const exemptions = exemptionsOfStack(environment.exemptions, stack.name);
  const rules = exemptions.length === 0 ? [] : await rulesOfPacks(packs, engine.env, engine.limits.policyMs);
  return Promise.all(
    packs.map(async (pack, index) => {
      const configFile = join(workFolder, `policy-config-${index}.json`);
      const own = exemptions.filter(({ rule }) => rules[index]?.has(rule) === true);
      const config = Object.fromEntries(
        own.map(({ rule }) => [rule, { exemptions: own.filter((exemption) => exemption.rule === rule) }]),
      );
      await writeFile(configFile, canonicalJson(jsonValueSchema.parse(config)));
      return { folder: pack.folder, configFile };
    }),
  );
}

/** The refresh before a preview tells of every resource once more; what it found is in the change set by itself. */
function withoutRefresh(messages: readonly EngineMessage[]): readonly EngineMessage[] {
  return messages.filter((message) => !("step" in message && message.step.operation === "refresh"));
}

/**
 * A plan that the engine saved.
 *
 * @throws {ENGINE_FAILED} when there is none: what cannot be bound to a plan is not reviewed.
 */
export function readPlan(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new GroundplaneError(
      "ENGINE_FAILED",
      "the engine's preview went well and left no plan. Nothing was changed.",
      { cause },
    );
  });
}

function subjectOf({ project, stack, environment }: RunContext) {
  return { project: project.definition.name, stack: stack.name, environment: environment.name };
}

/** An engine that is asked to destroy an empty stack writes the stack's own resource into it: it is not asked. */
export function nothingToDestroy(context: RunContext): Preview {
  return {
    result: { code: 0, text: "", messages: [] },
    changeSet: buildChangeSet({ ...subjectOf(context), operation: "destroy" }, []),
    plan: undefined,
  };
}

/** The engine does not tell a pack that hangs from a provider that does: without the packs it shows which it was. */
async function whyItFellSilent(
  context: RunContext,
  operation: ChangeSet["operation"],
): Promise<GroundplaneError> {
  const { run, packs, engine, signal } = context;
  const silence = `the engine said nothing for ${engine.limits.previewSilenceMs / 1000} s and was ended`;
  if (operation === "update" && packs.length > 0) {
    const request = engineRequest(context, "preview", { refresh: run.record.refresh === true });
    const again = await runEngineChild(request, {
      env: engine.env,
      limits: engine.limits,
      onMessage: () => undefined,
      signal,
    });
    if (again.code === 0 && again.ended === undefined) {
      const names = packs.map(({ name }) => name);
      return new GroundplaneError(
        "POLICY_PACK_FAILED",
        `${silence}, and without the policy packs the same preview goes through: one of ${names.join(", ")} hangs. What cannot be checked is not deployed; mend or remove the pack.`,
        { facts: { run: run.id, packs: names } },
      );
    }
  }
  return new GroundplaneError(
    "ENGINE_TIMEOUT",
    `${silence}: a provider, or the program, does not answer. A preview changes nothing, so it can be tried again.`,
    { facts: { run: run.id } },
  );
}

/** Whether nobody is asked in between. */
function isFollowedByUp({ run: { record } }: RunContext): boolean {
  return record.operation !== "preview" && record.approvalRule.type === "automatic";
}

/** How long the stack's preflight may take; undefined where none is run. */
function preflightLimit({ stack, environment, engine }: RunContext): number | undefined {
  const runs = environment.cloud === "real" && stack.definition.preflight !== undefined;
  return runs ? engine.limits.preflightMs : undefined;
}

function refuseUnready({ run, stack }: RunContext, messages: readonly EngineMessage[]): void {
  const problems = messages.flatMap((message) => (message.kind === "preflight" ? message.problems : []));
  if (problems.length === 0) return;
  const subjects = new Map<string, readonly string[]>();
  for (const { subject, problem, remedy } of problems) {
    const told = `${problem} (${remedy})`;
    subjects.set(told, [...(subjects.get(told) ?? []), subject]);
  }
  const lines = [...subjects].map(([told, names]) => `${names.join(", ")}: ${told}`);
  throw new GroundplaneError(
    "PREFLIGHT_FAILED",
    `"${stack.name}" cannot be deployed before this is mended; nothing was made.\n${lines.join("\n")}`,
    { facts: { run: run.id, problems: problems.map((one) => ({ ...one })) } },
  );
}

/**
 * Asks the engine what would change; nothing is changed.
 *
 * @param refreshed What differs in the cloud, for a preview that begins with reading it.
 * @throws {ENGINE_TIMEOUT} when the engine fell silent.
 * @throws {POLICY_PACK_FAILED} when it did so because of a pack.
 * @throws {PREFLIGHT_FAILED} naming everything that the stack's preflight found: the engine was not started.
 */
export async function preview(
  context: RunContext,
  operation: ChangeSet["operation"],
  refreshed?: readonly DriftItem[],
): Promise<Preview> {
  const { run } = context;
  const startedAt = performance.now();
  const preflightMs = operation === "destroy" ? undefined : preflightLimit(context);
  run.emit(preflightMs === undefined ? "stack.preview.started" : "stack.preflight.started", {});
  await mkdir(run.folder, { recursive: true, mode: 0o700 });
  const planFile = join(context.workFolder, "plan.json");
  const result = await runEngineChild(
    operation === "destroy"
      ? engineRequest(context, "destroy-preview")
      : engineRequest(context, "preview", {
          plan: planFile,
          packs: await enginePacks(context),
          refresh: refreshed !== undefined,
          preflightMs,
        }),
    {
      env: context.engine.env,
      limits: context.engine.limits,
      children: context.children,
      onMessage: isFollowedByUp(context)
        ? preparingNext(context.children, engineRelay(run))
        : engineRelay(run),
      signal: context.signal,
    },
  );
  refuseUnready(context, result.messages);
  if (result.ended === "silent") throw await whyItFellSilent(context, operation);
  const plan = operation === "destroy" || result.code !== 0 ? undefined : await readPlan(planFile);
  const told = buildChangeSet({ ...subjectOf(context), operation }, withoutRefresh(result.messages));
  const built = plan === undefined ? told : withPlannedOutputs(told, plan);
  const changeSet: ChangeSet = {
    ...built,
    ...(refreshed === undefined ? {} : { refreshed: [...refreshed] }),
    ...(Object.keys(context.planned).length === 0 ? {} : { assumes: [...assumptionsOf(context.planned)] }),
  };
  run.emit("stack.preview.finished", { counts: changeSet.counts, durationMs: performance.now() - startedAt });
  return { result, changeSet, plan };
}
