import {
  blocks,
  type ChangeSet,
  type DriftItem,
  type Finding,
  GroundplaneError,
  hasChanges,
  type RunCost,
  type RunRecord,
  type Sha256,
  toSarif,
} from "@groundplane/contracts";
import { budgetFindings } from "../cost/budget-findings.ts";
import { estimateCost, recordedCost } from "../cost/estimate-cost.ts";
import type { ProgramDigest } from "../digest/program-digest.ts";
import { programDigest, reviewDigest } from "../digest/review-digest.ts";
import { readCloud } from "../drift/check-drift.ts";
import type { StackState } from "../engine/stack-state.ts";
import { refuseMixedState } from "../guard/sandbox-mixture.ts";
import { storeReviewPage } from "../review-page/store-review-page.ts";
import { keepFor } from "../rollback/kept-by-run.ts";
import { missingOf, storeKept } from "../rollback/return-point.ts";
import { endRollback } from "../rollback/rollback-times.ts";
import { trailOf, wayBackOf } from "../rollback/trail.ts";
import { exportFrom } from "./export.ts";
import { nothingToDestroy, type Preview, preview } from "./preview.ts";
import { currentState, type RunContext } from "./run-context.ts";
import { validate } from "./validate.ts";

/** One day, for rules that name no time of their own. */
const DEFAULT_EXPIRY_MINUTES = 60 * 24;

function expiryOf(context: RunContext, now: Date): string {
  const rule = context.run.record.approvalRule;
  const minutes = rule.type === "automatic" ? DEFAULT_EXPIRY_MINUTES : rule.expiresAfterMinutes;
  return new Date(now.getTime() + minutes * 60_000).toISOString();
}

/** Before the preview too, for the same reason: what the cloud changes meanwhile is caught by the re-check. */
async function driftToRefresh(
  context: RunContext,
  state: StackState,
): Promise<readonly DriftItem[] | undefined> {
  if (context.run.record.refresh !== true) return undefined;
  return state.resources.length === 0 ? [] : (await readCloud(context, context.workFolder, state)).items;
}

/** What the engine and the packs said of a change, before anyone decides. */
interface Reviewed {
  readonly planned: Preview;
  readonly findings: readonly Finding[];
  /** As the record has it. */
  readonly cost: RunCost;
  readonly stateDigest: Sha256;
  readonly program: ProgramDigest;
}

/** Says what the change costs; the whole estimate is in the run's file. */
function priceChange(context: RunContext, changeSet: ChangeSet): RunCost {
  const { run } = context;
  const cost = estimateCost(context, changeSet);
  run.storeArtifact("cost", "cost.json", asFile(cost));
  const { estimate, problem, budget } = cost;
  run.emit("stack.cost.estimated", {
    ...(estimate === undefined
      ? {}
      : { before: estimate.before, after: estimate.after, change: estimate.change }),
    ...(problem === undefined ? {} : { problem }),
    ...(budget === undefined ? {} : { budget }),
  });
  return cost;
}

/** Plans the change and lets everything look at it that may speak against it. */
async function review(context: RunContext, confirmed: readonly string[], now: Date): Promise<Reviewed> {
  const { run, environment } = context;
  // From before the preview: a state that moves meanwhile is caught by the re-check.
  const state = context.stateAtOpen ?? (await currentState(context));
  refuseMixedState(environment, state);
  const operation = run.record.operation === "destroy" ? "destroy" : "update";
  const planned =
    operation === "destroy" && state.resources.length === 0
      ? nothingToDestroy(context)
      : await preview(context, operation, await driftToRefresh(context, state));
  run.storeArtifact("change-set", "change-set.json", asFile(planned.changeSet));
  run.moveTo("VALIDATING");
  const [validated, program] = await Promise.all([
    validate(context, planned, state, confirmed, now.toISOString().slice(0, 10)),
    programDigest(context),
  ]);
  const cost = priceChange(context, planned.changeSet);
  const findings = [...validated, ...budgetFindings(cost)];
  run.storeArtifact("findings", "findings.json", asFile(findings));
  run.storeArtifact("sarif", "findings.sarif", asFile(toSarif(findings, { strict: environment.strict })));
  return { planned, findings, cost: recordedCost(cost), stateDigest: state.digest, program };
}

function asFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function block(
  context: RunContext,
  { planned, findings, cost }: Reviewed,
  confirmed: readonly string[],
  blocking: number,
): void {
  const { counts, assumes } = planned.changeSet;
  context.run.append({
    type: "review.recorded",
    counts,
    findings: [...findings],
    confirmed: [...confirmed],
    ...(assumes === undefined ? {} : { assumes }),
    cost,
  });
  endBlocked(context, planned.changeSet, blocking);
}

export function endBlocked(context: RunContext, changeSet: ChangeSet, blocking: number): void {
  const { run } = context;
  const message = `${blocking} ${blocking === 1 ? "finding blocks" : "findings block"} this change`;
  run.moveTo("BLOCKED", { reason: { code: "BLOCKED", message } });
  storeReviewPage(context, changeSet);
}

/** Only a preview may rest on what is not there. */
function refuseAssumptions({ run, planned }: RunContext): void {
  const stacks = Object.keys(planned);
  if (stacks.length === 0 || run.record.operation === "preview") return;
  throw new GroundplaneError(
    "UPSTREAM_NOT_DEPLOYED",
    `a ${run.record.operation} cannot be planned on outputs that ${stacks.join(", ")} will have: deploy them first.`,
    { facts: { run: run.id, stacks } },
  );
}

/** What was planned on outputs that are not there: it has no digest, and its plan is not kept. */
function endAssumed(
  context: RunContext,
  { planned: { changeSet }, findings, cost }: Reviewed,
  confirmed: readonly string[],
): void {
  const { counts, assumes = [] } = changeSet;
  const { run } = context;
  run.append({
    type: "review.recorded",
    counts,
    findings: [...findings],
    confirmed: [...confirmed],
    assumes,
    cost,
  });
  run.moveTo("READY_FOR_APPLY");
  endPreview(context, changeSet);
}

/** A preview ends here: with nothing to do, or closed because only a preview was asked for. */
export function endPreview(context: RunContext, changeSet: ChangeSet): void {
  const reason = { code: "PREVIEW_ONLY", message: "a preview was asked for, and nothing was applied" };
  context.run.moveTo(
    "DONE",
    hasChanges(changeSet) ? { outcome: "cancelled", reason } : { outcome: "unchanged" },
  );
  storeReviewPage(context, changeSet);
}

export function openReview(context: RunContext, changeSet: ChangeSet, digest: Sha256, now: Date): void {
  const { run } = context;
  const expiresAt = expiryOf(context, now);
  // First: a run that was killed in between must not wait without an end.
  run.append({ type: "review.opened", expiresAt });
  run.moveTo("WAIT_FOR_APPROVE");
  storeReviewPage(context, changeSet);
  run.emit("stack.review.ready", { digest, approvalsMissing: run.record.approvalsMissing, expiresAt });
}

/** What a failure of this deployment will do: who approves agrees to it. */
function onFailureOf({ run, environment }: RunContext): RunRecord["onFailure"] {
  if (run.record.operation !== "deploy") return undefined;
  const rule = environment.onFailure;
  if (rule === "stop") return { rule };
  const place = wayBackOf(trailOf(run.ofSameStack().map(({ record }) => record)));
  const to = place?.points.findLast(({ id }) => missingOf(run.other(id)).length === 0)?.id;
  return to === undefined ? { rule } : { rule, to };
}

/**
 * From PENDING to a review that can be approved, to BLOCKED, or to DONE when there is nothing to do.
 * Nothing is changed.
 */
export async function prepareReview(
  context: RunContext,
  confirmed: readonly string[],
  clock: () => Date,
): Promise<void> {
  const { run, environment } = context;
  const now = clock();
  run.moveTo("IN_PROGRESS");
  refuseAssumptions(context);
  const reviewed = await review(context, confirmed, now);
  const { planned, findings, cost, stateDigest, program } = reviewed;
  const { changeSet, plan } = planned;
  const blocking = findings.filter((finding) => blocks(finding, environment.strict)).length;
  if (blocking > 0) return block(context, reviewed, confirmed, blocking);

  if (changeSet.assumes !== undefined) return endAssumed(context, reviewed, confirmed);
  if (plan !== undefined) run.storeArtifact("plan", "plan.json", plan);
  const onFailure = onFailureOf(context);
  const digest = await reviewDigest(context, {
    operation: run.record.operation,
    changeSet,
    plan,
    stateDigest,
    program,
    confirmed,
    wayBack: onFailure?.to,
  });
  run.append({
    type: "review.recorded",
    counts: changeSet.counts,
    findings: [...findings],
    digest,
    confirmed: [...confirmed],
    upstreams: { ...context.upstreams },
    ...(onFailure === undefined ? {} : { onFailure }),
    cost,
  });
  run.moveTo("READY_FOR_APPLY");
  if (run.record.operation === "preview") return endPreview(context, changeSet);
  if (hasChanges(changeSet)) return openReview(context, changeSet, digest.digest, now);
  if (run.record.operation !== "destroy") storeKept(run, await keepFor(context));
  exportFrom(context, now, await currentState(context));
  endRollback(run, clock);
  run.moveTo("DONE", { outcome: "unchanged" });
}
