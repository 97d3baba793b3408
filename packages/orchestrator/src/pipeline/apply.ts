import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ChangeOperation,
  type ChangeSet,
  changeSetSchema,
  GroundplaneError,
  hasChanges,
  isGroundplaneError,
  type ReviewDigest,
  type Sha256,
} from "@groundplane/contracts";
import { buildChangeSet, operationOf } from "../changes/change-set.ts";
import { withPlannedOutputs } from "../changes/planned-outputs.ts";
import type { ProgramDigest } from "../digest/program-digest.ts";
import { movedParts, programDigest, reviewDigest } from "../digest/review-digest.ts";
import { readCloud } from "../drift/check-drift.ts";
import type { EngineMessage, EngineRequest } from "../engine/engine-request.ts";
import { type EngineRunResult, runEngineChild } from "../engine/run-child.ts";
import type { StackState } from "../engine/stack-state.ts";
import { preparingNext } from "../engine/waiting-child.ts";
import type { HeldLease } from "../lease/hold-lease.ts";
import { openEngineLog } from "../recovery/engine-log.ts";
import { pendingAdvice } from "../recovery/pending-report.ts";
import { missingOf } from "../rollback/return-point.ts";
import { enginePacks, readPlan } from "./preview.ts";
import { engineRelay, reasonOf } from "./relay-engine.ts";
import { currentState, engineRequest, type RunContext } from "./run-context.ts";

function storedChangeSet(context: RunContext): ChangeSet {
  return changeSetSchema.parse(JSON.parse(context.run.readArtifact("change-set")));
}

/** Who approved was told that a failure goes back there. */
function requireWayBack(run: RunContext["run"]): void {
  const to = run.record.onFailure?.to;
  const missing = to === undefined ? [] : missingOf(run.other(to));
  if (missing.length === 0) return;
  throw new GroundplaneError(
    "APPROVAL_VOID",
    `it was reviewed with a way back to run ${to}, whose ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} gone or changed since. Nothing was applied; deploy again for a new review.`,
    { facts: { run: run.id, to: to ?? "", missing: [...missing] } },
  );
}

/**
 * Compares everything that was reviewed with what stands now.
 *
 * @param program Where it was computed already. @default - it is computed
 * @throws {APPROVAL_VOID} naming what moved.
 */
export async function requireReviewed(
  context: RunContext,
  changeSet: ChangeSet,
  stateDigest: Sha256,
  program?: ProgramDigest,
): Promise<ReviewDigest> {
  const { run } = context;
  const reviewed = run.record.digest;
  if (reviewed === undefined) {
    throw new GroundplaneError("APPROVAL_VOID", `run ${run.id} was never reviewed.`, {
      facts: { run: run.id },
    });
  }
  const now = await reviewDigest(context, {
    operation: run.record.operation,
    changeSet,
    plan: run.record.artifacts["plan"] === undefined ? undefined : run.readArtifact("plan"),
    stateDigest,
    ...(program === undefined ? {} : { program }),
    confirmed: run.record.confirmed,
    wayBack: run.record.onFailure?.to,
  });
  requireWayBack(run);
  const moved = movedParts(reviewed, now);
  if (moved.length === 0) return now;
  run.emit("stack.review.void", { moved: [...moved] });
  throw new GroundplaneError(
    "APPROVAL_VOID",
    `what was reviewed has moved since: ${moved.join(", ")}. Nothing was applied; ask again for a new review.`,
    { facts: { run: run.id, moved: [...moved] } },
  );
}

/**
 * Compares what was reviewed with what stands now, in the state and in the program.
 *
 * @throws {APPROVAL_VOID} naming what moved.
 */
export async function recheckReview(
  context: RunContext,
): Promise<{ readonly digest: ReviewDigest; readonly state: StackState }> {
  const stored = storedChangeSet(context);
  const [state, program] = await Promise.all([currentState(context), programDigest(context)]);
  // A plan binds where it leads to, not from where: a cloud that drifted on was not reviewed.
  const changeSet =
    stored.refreshed === undefined || state.resources.length === 0
      ? stored
      : { ...stored, refreshed: [...(await readCloud(context, context.workFolder, state)).items] };
  return { digest: await requireReviewed(context, changeSet, state.digest, program), state };
}

function countsOf(messages: readonly EngineMessage[]): Partial<Record<ChangeOperation, number>> {
  const summary = messages.findLast((message) => message.kind === "summary");
  if (summary?.kind !== "summary") return {};
  const counts: Partial<Record<ChangeOperation, number>> = {};
  for (const [engineOperation, count] of Object.entries(summary.counts)) {
    const operation = operationOf(engineOperation);
    if (operation !== undefined) counts[operation] = (counts[operation] ?? 0) + count;
  }
  return counts;
}

function stepsDone(result: EngineRunResult): number {
  return result.messages.filter(
    (message) => message.kind === "step.finished" && message.step.operation !== "same",
  ).length;
}

/** When the engine was stopped because the lease was lost: by the parent, or by the child itself. */
async function lostDuring(
  context: RunContext,
  held: HeldLease,
  result: EngineRunResult,
): Promise<GroundplaneError | undefined> {
  try {
    held.checkNow();
    return undefined;
  } catch (lost) {
    if (!isGroundplaneError(lost)) throw lost;
    return new GroundplaneError(
      "LEASE_LOST",
      `${lost.message} The engine was stopped after ${stepsDone(result)} of its steps; ${await whatStands(context)}`,
      { cause: lost, facts: lost.facts },
    );
  }
}

/** What stands after an engine that failed, as far as it can be said. */
async function whatStands(context: RunContext): Promise<string> {
  const state = await currentState(context).catch(() => undefined);
  if (state === undefined)
    return "what it made is in the state, which cannot be read at this moment. Mend the backend, then deploy again.";
  if (state.pendingOperations.length === 0)
    return "what it made is in the state, and the next deploy goes on from there.";
  const subject = { stack: context.stack.name, environment: context.environment.name };
  return `the stack is uncertain: ${pendingAdvice(state.pendingOperations, subject)}`;
}

async function failure(context: RunContext, result: EngineRunResult): Promise<GroundplaneError> {
  const { run } = context;
  const told = reasonOf(result, context);
  const done = stepsDone(result);
  const how =
    result.ended === "cancelled"
      ? "was cancelled"
      : result.ended === "silent"
        ? "fell silent and was ended"
        : "failed";
  return new GroundplaneError(
    result.ended === "silent" ? "ENGINE_TIMEOUT" : "ENGINE_FAILED",
    `the engine ${how} after ${done} of its steps; ${await whatStands(context)}\n${told}`,
    { facts: { run: run.id, exitCode: result.code, steps: done } },
  );
}

async function applyWith(
  context: RunContext,
  held: HeldLease,
  request: EngineRequest,
  kind: "up" | "destroy",
): Promise<void> {
  const { run } = context;
  const startedAt = performance.now();
  run.emit(`stack.${kind}.started`, { fence: held.lease.fence });
  const relay = engineRelay(run);
  const log = openEngineLog(run);
  const listener = (message: EngineMessage): void => {
    log.write(message);
    relay(message);
  };
  const result = await runEngineChild(request, {
    env: context.engine.env,
    limits: context.engine.limits,
    children: context.children,
    // An up is followed by the preview that verifies it.
    onMessage: kind === "up" ? preparingNext(context.children, listener) : listener,
    signal: context.signal,
    lease: held,
  });
  log.close();
  run.emit(`stack.${kind}.finished`, {
    counts: countsOf(result.messages),
    durationMs: performance.now() - startedAt,
  });
  if (result.code === 0 && result.ended === undefined) return;
  throw (await lostDuring(context, held, result)) ?? (await failure(context, result));
}

/**
 * Brings the stack where this saved plan leads.
 *
 * @throws {ENGINE_FAILED} when a step failed; what was made is in the state.
 */
export async function applyPlan(context: RunContext, held: HeldLease, plan: string): Promise<void> {
  const planFile = join(context.workFolder, "plan.json");
  await writeFile(planFile, plan, { mode: 0o600 });
  const request = engineRequest(context, "up", {
    plan: planFile,
    packs: await enginePacks(context),
    refresh: context.run.record.refresh === true,
  });
  await applyWith(context, held, request, "up");
}

/**
 * Runs exactly what was approved: the saved plan, or the reviewed destroy.
 *
 * @throws {ENGINE_FAILED} when a step failed; what was made is in the state.
 * @throws {LEASE_LOST} when the stack's lease was lost meanwhile: the engine was stopped.
 */
export async function applyReviewed(context: RunContext, held: HeldLease): Promise<void> {
  const { run } = context;
  if (run.record.operation === "destroy") {
    await applyWith(context, held, engineRequest(context, "destroy"), "destroy");
  } else {
    await applyPlan(context, held, run.readArtifact("plan"));
  }
}

/**
 * Asks the engine once more: after an up it must have nothing to do.
 *
 * @throws {VERIFICATION_FAILED} naming what it would still change.
 */
export async function previewShowsNothing(context: RunContext): Promise<void> {
  const planFile = join(context.workFolder, "verified-plan.json");
  const result = await runEngineChild(engineRequest(context, "preview", { plan: planFile }), {
    env: context.engine.env,
    limits: context.engine.limits,
    children: context.children,
    onMessage: () => undefined,
    signal: context.signal,
  });
  if (result.code !== 0) {
    throw new GroundplaneError(
      "VERIFICATION_FAILED",
      `the stack was applied, and a preview of it fails: ${reasonOf(result, context)}`,
      { facts: { run: context.run.id } },
    );
  }
  const subject = {
    project: context.project.definition.name,
    stack: context.stack.name,
    environment: context.environment.name,
    operation: "update" as const,
  };
  const again = withPlannedOutputs(buildChangeSet(subject, result.messages), await readPlan(planFile));
  if (!hasChanges(again)) return;
  const names = [
    ...again.changes.map(({ operation, urn }) => `${operation} ${urn}`),
    ...again.outputs.map(({ path }) => `output ${path}`),
  ];
  throw new GroundplaneError(
    "VERIFICATION_FAILED",
    `the stack was applied, and a preview still shows changes: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}.`,
    { facts: { run: context.run.id, changes: names } },
  );
}
