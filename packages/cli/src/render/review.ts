import type { Review } from "@groundplane/orchestrator";
import type { Style } from "../terminal.ts";
import { ruleText } from "./approval.ts";
import { dangerLines, stateOnlyLines } from "./change-set.ts";
import { costLines, costRows } from "./cost.ts";
import { countsLine } from "./counts.ts";
import { dateTime } from "./duration.ts";
import { findingsLines } from "./findings.ts";
import { table } from "./table.ts";
import { onFailureText } from "./way-back.ts";

/** What an approver decides about. */
export function reviewLines(review: Review, style: Style): string[] {
  const { run, changeSet, digest } = review;
  const approved = run.decisions
    .filter((decision) => decision.verdict === "approve")
    .map((decision) => decision.by);
  const onFailure = onFailureText(run);
  const facts = table(
    [
      ["Run", run.id],
      ["Change", countsLine(changeSet.counts, "planned", style)],
      ...costRows(run, style),
      ["Asked by", run.requester],
      ["Rule", ruleText(run.approvalRule)],
      ...(approved.length > 0 ? [["Approved by", approved.join(", ")]] : []),
      ["Missing", `${run.approvalsMissing} ${run.approvalsMissing === 1 ? "approval" : "approvals"}`],
      ...(run.returnTo === undefined ? [] : [["Goes back to", run.returnTo]]),
      ...(onFailure === undefined ? [] : [["If it fails", onFailure]]),
      ...(run.expiresAt === undefined ? [] : [["Lapses", dateTime(run.expiresAt)]]),
      ["Digest", digest],
    ],
    "  ",
  );
  const dangers = dangerLines(changeSet, style);
  const findings = findingsLines(run.findings, style);
  const cost = costLines(run, style);
  return [
    `${style.bold(`Review of ${run.environment}/${run.stack}`)}  ${run.sandbox ? "sandbox" : style.bold("REAL CLOUD")}, ${run.operation}`,
    ...stateOnlyLines(changeSet, style),
    ...facts,
    ...(dangers.length === 0 ? [] : ["", style.bold("Replaced or deleted"), ...dangers]),
    ...(cost.length === 0 ? [] : ["", ...cost]),
    ...(findings.length === 0 ? [] : ["", ...findings]),
    "",
    `  Property by property: groundplane diff ${run.id}`,
  ];
}
