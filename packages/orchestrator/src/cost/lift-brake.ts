import {
  brakeHolds,
  budgetLiftSchema,
  GroundplaneError,
  isBrakeLifted,
  type RunRecord,
} from "@groundplane/contracts";
import { personOf } from "../approval/approval-rule.ts";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { RunContext } from "../pipeline/run-context.ts";
import { budgetOf, type Costed } from "./estimate-cost.ts";

export interface LiftOptions {
  readonly by: string;
  /** Why it may cost that much; at least ten characters. */
  readonly reason: string;
  readonly now: Date;
}

/**
 * Journals that someone lets a run pass the budget's brake, for the review that stands.
 *
 * @throws {RUN_STATE_CONFLICT} when no brake holds it.
 * @throws {APPROVAL_REFUSED} when this person may not.
 * @throws {INVALID_ARGUMENT} when there is no reason.
 */
export function liftBrake(
  run: RunContext["run"],
  environment: Pick<EnvironmentDefinition, "name" | "protected">,
  { by, reason, now }: LiftOptions,
): void {
  run.requireState("WAIT_FOR_APPROVE");
  const { record } = run;
  if (!brakeHolds(record)) {
    throw new GroundplaneError(
      "RUN_STATE_CONFLICT",
      `the budget does not hold run ${run.id}: there is nothing to lift. "groundplane status ${run.id}" tells what it waits for.`,
      { facts: { run: run.id } },
    );
  }
  const liftedBy = record.cost?.budget?.liftedBy ?? [];
  const refusal = !liftedBy.map(personOf).includes(personOf(by))
    ? `budget.liftedBy of "${environment.name}" names ${liftedBy.join(", ") || "nobody"}`
    : environment.protected && personOf(by) === personOf(record.requester)
      ? `"${environment.name}" is protected, and there the requester may not lift the brake`
      : undefined;
  if (refusal !== undefined) {
    throw new GroundplaneError(
      "APPROVAL_REFUSED",
      `${by} cannot lift the brake of run ${run.id}: ${refusal}.`,
      {
        facts: { run: run.id, by, liftedBy: [...liftedBy] },
      },
    );
  }
  const lift = budgetLiftSchema.safeParse({
    by,
    reason,
    digest: record.digest?.digest,
    at: now.toISOString(),
  });
  if (!lift.success) {
    const issue = lift.error.issues[0];
    throw new GroundplaneError("INVALID_ARGUMENT", `${issue?.path.join(".")}: ${issue?.message}.`, {
      facts: { run: run.id, by },
    });
  }
  run.append({ type: "budget.lifted", lift: lift.data });
  run.emit("stack.budget.lifted", {
    by,
    reason: lift.data.reason,
    approvalsMissing: run.record.approvalsMissing,
  });
}

/** Why a run that the brake holds is not applied, and what lets it pass. */
function howToLift({ id, cost }: RunRecord): string {
  const people = cost?.budget?.liftedBy ?? [];
  const lift =
    people.length === 0
      ? "budget.liftedBy names nobody who could lift that: change the budget in the code, and deploy again"
      : `${people.join(" or ")} may lift that with: groundplane lift-budget ${id} --reason "<why>"`;
  return `no approval is missing of run ${id}: the budget holds it, as ${cost?.budget?.brake}. ${lift}`;
}

/** The error of runs that only the budget's brake holds: each is named, with what lifts it. */
export function heldByBrake(runs: readonly RunRecord[]): GroundplaneError {
  return new GroundplaneError("BUDGET_BRAKE", runs.map(howToLift).join("\n"), {
    facts: { runs: runs.map(({ id }) => id) },
  });
}

/**
 * Looks once more right before up: other stacks may have become dearer since the review.
 *
 * @throws {BUDGET_BRAKE} when the brake would hold it now, and nobody lifted it.
 */
export function requireWithinBudget(context: Costed): void {
  const { run } = context;
  const { cost } = run.record;
  if (cost === undefined || isBrakeLifted(run.record)) return;
  const brake = budgetOf(context, cost)?.brake ?? cost.budget?.brake;
  if (brake === undefined) return;
  throw new GroundplaneError(
    "BUDGET_BRAKE",
    `the budget of "${context.environment.name}" holds run ${run.id} by now: ${brake}. Nothing was changed; deploy again for a review in which the brake can be lifted.`,
    { facts: { run: run.id } },
  );
}
