import { blocks, type Finding, GroundplaneError } from "@groundplane/contracts";
import { assumptionsOf } from "../changes/upstream-outputs.ts";
import type { StackState } from "../engine/stack-state.ts";
import { guardData, strayConfirmations } from "../guard/data-guard.ts";
import { failedByProtection, guardProtection } from "../guard/protection.ts";
import { exemptionsOfStack } from "../policy/exemptions-of-stack.ts";
import { OWN_PACK } from "../policy/own-pack.ts";
import { reviewChangeSet } from "../policy/review-change-set.ts";
import { withUnaccounted } from "../recovery/unaccounted.ts";
import { wayBackFindings } from "../rollback/way-back-findings.ts";
import type { Preview } from "./preview.ts";
import { engineFindings, errorDiagnostics, mergeFindings, reasonOf } from "./relay-engine.ts";
import type { RunContext } from "./run-context.ts";

function pendingFindings(state: StackState, { stack, environment, run }: RunContext): readonly Finding[] {
  const command = `groundplane pending ${environment.name} ${stack.name}`;
  const operations = withUnaccounted(state, run.ofSameStack()).pendingOperations;
  return operations.map(({ type, urn, needs }) => ({
    rule: "pending-operation",
    title: "An earlier operation never ended",
    severity: "critical",
    enforcement: "mandatory",
    status: "violation",
    urn,
    message:
      needs === undefined
        ? `the state says that ${type} was begun and not ended: it may have happened or not`
        : "a run made it, and the state that was restored since does not know it: it would be made twice",
    remedy: `"${command}" tells what is known of it. Look whether it exists, then settle it: --adopt <urn>=<id> takes it into the state, --gone <urn> clears the mark; what was being updated or deleted is read from the cloud with --read.`,
    pack: OWN_PACK,
    foundBy: "pipeline",
  }));
}

/**
 * The engine shortens a path of more than 75 characters to its first two and last two parts
 * (pkg/engine/update.go, abbreviateFilePath).
 */
function nameInEngine(folder: string): string {
  const parts = folder.split("/");
  return folder.length > 75 && parts.length > 4
    ? [...parts.slice(0, 2), "...", ...parts.slice(-2)].join("/")
    : folder;
}

/** Packs that the engine was given and did not say it ran: their silence is no pass. */
function silentPacks(context: RunContext, preview: Preview): readonly string[] {
  if (preview.changeSet.operation === "destroy") return [];
  const summary = preview.result.messages.findLast((message) => message.kind === "summary");
  const ran = summary?.kind === "summary" ? summary.packs : [];
  return context.packs
    .filter((pack) => !ran.some((name) => name.endsWith(`|local|${nameInEngine(pack.folder)}`)))
    .map(({ name }) => name);
}

/**
 * Tells a failure apart that is nobody's mistake: something is needed that is known only once an upstream is deployed.
 * Any failure of a preview on outputs that are not known counts as one, with the engine's words beside it.
 */
function refuseUnknownUpstream({ run, stack, environment, planned }: RunContext, told: string): void {
  const unknown = assumptionsOf(planned).filter(({ known }) => !known);
  if (unknown.length === 0) return;
  const stacks = [...new Set(unknown.map((one) => one.stack))].join(", ");
  const outputs = unknown.map((one) => `${one.stack}.${one.output}`);
  throw new GroundplaneError(
    "UPSTREAM_NOT_KNOWN",
    `the preview of "${stack.name}" has to wait for ${stacks} in "${environment.name}": not known yet: ${outputs.join(", ")}. Deploy ${stacks}, then preview it again.\n${told}`,
    { facts: { run: run.id, stack: stack.name, outputs } },
  );
}

/**
 * Everything that speaks for or against the planned change.
 *
 * @throws {UPSTREAM_NOT_KNOWN} when it failed on outputs of an upstream that are not known yet.
 * @throws {ENGINE_FAILED} when the preview failed for another reason than a policy or protection.
 * @throws {POLICY_PACK_FAILED} when a pack could not check it.
 * @throws {CONFIRMATION_REQUIRED} when a confirmation names what the change does not lose.
 */
export async function validate(
  context: RunContext,
  preview: Preview,
  state: StackState,
  confirmed: readonly string[],
  today: string,
): Promise<readonly Finding[]> {
  const { run } = context;
  const startedAt = performance.now();
  run.emit("stack.policy.started", { packs: context.packs.map(({ name, version }) => `${name}@${version}`) });
  const inEngine = engineFindings(preview.result.messages);
  const policyFailed = inEngine.some(
    ({ enforcement, status }) => enforcement === "mandatory" && status === "violation",
  );
  const errors = errorDiagnostics(preview.result.messages);
  const isProtected = preview.result.code !== 0 && failedByProtection(errors);
  const blockedInEngine = policyFailed || isProtected;
  if (preview.result.code !== 0 && !blockedInEngine) {
    const told = reasonOf(preview.result, context);
    refuseUnknownUpstream(context, told);
    throw new GroundplaneError("ENGINE_FAILED", `the preview failed; nothing was changed.\n${told}`, {
      facts: { run: run.id, exitCode: preview.result.code },
    });
  }
  const silent = blockedInEngine ? [] : silentPacks(context, preview);
  if (silent.length > 0) {
    throw new GroundplaneError(
      "POLICY_PACK_FAILED",
      `the engine did not run ${silent.join(", ")}: what was not checked is not deployed. "groundplane doctor" looks at the packs.`,
      { facts: { packs: [...silent] } },
    );
  }
  // What protection kept the engine from planning may be just what was confirmed.
  const stray = isProtected ? [] : strayConfirmations(preview.changeSet, confirmed);
  if (stray.length > 0) {
    throw new GroundplaneError(
      "CONFIRMATION_REQUIRED",
      `confirmed, but not deleted or replaced by this change: ${stray.join(", ")}. Check the URN; "groundplane diff" shows those of the change.`,
      { facts: { urns: [...stray] } },
    );
  }
  const exemptions = exemptionsOfStack(context.environment.exemptions, context.stack.name);
  const request = { changeSet: preview.changeSet, exemptions, today };
  const inReview = await reviewChangeSet(
    context.packs,
    request,
    context.engine.env,
    context.engine.limits.policyMs,
  );
  const findings = [
    ...pendingFindings(state, context),
    ...guardProtection(preview.changeSet, state, errors),
    ...guardData(preview.changeSet, confirmed),
    ...(await wayBackFindings(context, preview.changeSet, state)),
    ...mergeFindings(inEngine, inReview),
  ];
  run.emit("stack.policy.finished", {
    findings,
    blocking: findings.filter((finding) => blocks(finding, context.environment.strict)).length,
    durationMs: performance.now() - startedAt,
  });
  return findings;
}
