import { type Decision, GroundplaneError, type RunRecord } from "@groundplane/contracts";

type ReviewedRun = Pick<RunRecord, "id" | "requester" | "approvalRule" | "decisions" | "digest">;

/** Logins and addresses name the same person however they are capitalised. */
export const personOf = (actor: string): string => actor.toLowerCase();

/** Approvals that count: of this digest, by whom the rule allows, each person once. */
function approversOf(run: ReviewedRun): ReadonlySet<string> {
  const digest = run.digest?.digest;
  const approvals = run.decisions.filter(({ verdict, digest: of }) => verdict === "approve" && of === digest);
  return new Set(approvals.map(({ by }) => personOf(by)).filter((by) => refusal(run, by) === undefined));
}

/** How many approvals the rule still wants. */
export function approvalsMissing(run: ReviewedRun): number {
  const rule = run.approvalRule;
  const wanted = rule.type === "automatic" ? 0 : rule.type === "group" ? rule.count : 1;
  return Math.max(0, wanted - approversOf(run).size);
}

/** Why the rule does not take this person's approval; undefined when it does. */
function refusal(run: ReviewedRun, by: string): string | undefined {
  const rule = run.approvalRule;
  const isRequester = personOf(by) === personOf(run.requester);
  switch (rule.type) {
    case "automatic":
    case "any-person":
      return undefined;
    case "other-person":
      return isRequester ? "the rule wants someone other than the requester" : undefined;
    case "group":
      if (!rule.members.map(personOf).includes(personOf(by)))
        return `the rule wants members of the group: ${rule.members.join(", ")}`;
      return isRequester && !rule.requesterCounts ? "the requester's own approval does not count" : undefined;
  }
}

/**
 * Checks a decision before it is journaled.
 *
 * @throws {APPROVAL_REFUSED} when the rule does not take it, it is for another digest, or was given before.
 */
export function checkDecision(run: ReviewedRun, decision: Decision): void {
  const reason =
    decision.digest !== run.digest?.digest
      ? "it is for another review than the one that stands"
      : decision.verdict === "approve"
        ? (refusal(run, decision.by) ??
          (approversOf(run).has(personOf(decision.by)) ? "this person approved it already" : undefined))
        : undefined;
  if (reason === undefined) return;
  throw new GroundplaneError(
    "APPROVAL_REFUSED",
    `${decision.by} cannot ${decision.verdict} run ${run.id}: ${reason}.`,
    {
      facts: { run: run.id, by: decision.by, reason },
    },
  );
}
