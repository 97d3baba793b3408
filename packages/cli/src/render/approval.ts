import { type ApprovalRule, brakeHolds, decisionsMissing, type RunRecord } from "@groundplane/contracts";
import { brakeText } from "./cost.ts";

/** The rule, as a sentence that begins small. */
export function ruleText(rule: ApprovalRule): string {
  switch (rule.type) {
    case "automatic":
      return "automatic: nobody is asked";
    case "any-person":
      return "one person, who may be the requester";
    case "other-person":
      return "one person other than the requester";
    case "group": {
      const requester = rule.requesterCounts ? "" : "; the requester's own does not count";
      return `${rule.count} of ${rule.members.join(", ")}${requester}`;
    }
  }
}

/** Why this person cannot approve this run, or undefined when they can. The orchestrator has the last word. */
export function whyNotApprove(run: RunRecord, actor: string): string | undefined {
  const rule = run.approvalRule;
  if (run.decisions.some((decision) => decision.by === actor && decision.verdict === "approve")) {
    return `${actor} has approved it already`;
  }
  if (rule.type === "other-person" && actor === run.requester) {
    return `${actor} asked for it, and the rule wants someone else`;
  }
  if (rule.type === "group") {
    if (!rule.members.includes(actor)) return `${actor} is not one of ${rule.members.join(", ")}`;
    if (!rule.requesterCounts && actor === run.requester) {
      return `${actor} asked for it, and the requester's own approval does not count`;
    }
  }
  return undefined;
}

/** Who can still approve, as it goes after `--as`: a name where one is known. */
export function nextApprover(run: RunRecord): string {
  const rule = run.approvalRule;
  const members = rule.type === "group" ? rule.members : [];
  return members.find((member) => whyNotApprove(run, member) === undefined) ?? "<login>";
}

/** `1 approval is missing: one person other than the requester (ada)`. */
export function missingText(run: RunRecord): string {
  const held = brakeHolds(run);
  const count = decisionsMissing(run);
  if (held && count === 0) return brakeText(run);
  const wanted = `${count} ${count === 1 ? "approval is" : "approvals are"} missing`;
  const requester = run.approvalRule.type === "other-person" ? ` (${run.requester})` : "";
  const brake = held ? `; and ${brakeText(run)}` : "";
  return `${wanted}: ${ruleText(run.approvalRule)}${requester}${brake}`;
}
