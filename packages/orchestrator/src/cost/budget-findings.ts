import { type Finding, type RunCost, totalText } from "@groundplane/contracts";
import { OWN_PACK } from "../policy/own-pack.ts";

const SHARED = {
  enforcement: "advisory",
  status: "violation",
  pack: OWN_PACK,
  foundBy: "pipeline",
} as const satisfies Partial<Finding>;

/** What the budget says of a change. The brake itself is no blocking finding: a person may lift it. */
export function budgetFindings({ budget, estimate }: RunCost): readonly Finding[] {
  if (budget === undefined) return [];
  const { brake, forecast, percent = 0, monthlyUsd, liftedBy } = budget;
  const findings: Finding[] = [];
  if (brake !== undefined) {
    const who =
      liftedBy.length === 0 ? "nobody: budget.liftedBy of the environment is empty" : liftedBy.join(", ");
    findings.push({
      ...SHARED,
      rule: "budget-brake",
      title: "The budget's brake holds this change",
      severity: "high",
      message: brake,
      remedy: `Make it cheaper, raise the budget, or let someone lift the brake for this run with "groundplane lift-budget". It may be lifted by ${who}.`,
    });
  }
  if (estimate !== undefined && percent > 100) {
    findings.push({
      ...SHARED,
      rule: "budget-exceeded",
      title: "The forecast is above the budget",
      severity: "critical",
      message: `the environment would cost ${totalText(forecast)} USD a month, ${percent} % of its budget of ${monthlyUsd} USD`,
      remedy: "Make it cheaper, or raise the environment's budget.",
    });
  }
  if (forecast.unknown > 0) {
    findings.push({
      ...SHARED,
      rule: "budget-incomplete",
      title: "The forecast does not have everything",
      severity: "medium",
      message: `${forecast.unknown} ${forecast.unknown === 1 ? "part has" : "parts have"} no figure and ${forecast.unknown === 1 ? "is" : "are"} not in the forecast`,
      remedy: `"cost.json" of the run tells which and why; a stack without an estimate gets one with its next run.`,
    });
  }
  return findings;
}
