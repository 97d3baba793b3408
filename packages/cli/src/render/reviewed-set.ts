import type { ChangeSet, RunRecord } from "@groundplane/contracts";
import type { EnvironmentApproval, ReviewedSet } from "@groundplane/orchestrator";
import { quotedForShell } from "../quoted-for-shell.ts";
import type { Style } from "../terminal.ts";
import { missingText } from "./approval.ts";
import { dangerLines } from "./change-set.ts";
import { countsLine } from "./counts.ts";
import { plainText } from "./plain-text.ts";
import { table } from "./table.ts";

/** Enough of a digest to tell two apart; the whole one is beside the set. */
const shortDigest = (run: RunRecord): string => run.digest?.digest.slice(0, "sha256:".length + 12) ?? "none";

function findingsText({ findings }: RunRecord): string {
  return findings.length === 1 ? "1 finding" : `${findings.length} findings`;
}

/** What waits in an environment, a line each, what is lost, and the set's digest. */
export function reviewedSetLines(
  set: ReviewedSet,
  changeSetOf: (run: string) => ChangeSet,
  style: Style,
): string[] {
  const { environment, runs, digest } = set;
  if (runs.length === 0) return [`${environment}: nothing waits for approval.`];
  const rows = runs.map((run) => [
    style.bold(run.stack),
    countsLine(run.counts, "planned", style),
    findingsText(run),
    `by ${plainText(run.requester)}`,
    missingText(run),
    style.dim(shortDigest(run)),
    style.dim(run.id),
  ]);
  const dangers = runs.flatMap((run) => {
    const lines = dangerLines(changeSetOf(run.id), style);
    return lines.length === 0 ? [] : [`  ${style.bold(run.stack)}`, ...lines];
  });
  const sandbox = runs.every((run) => run.sandbox) ? "sandbox" : style.bold("REAL CLOUD");
  return [
    `${style.bold(`Reviewed in ${environment}`)}  ${sandbox}, ${runs.length} ${runs.length === 1 ? "run" : "runs"}`,
    ...table(rows, "  "),
    ...(dangers.length === 0 ? [] : ["", style.bold("Replaced or deleted"), ...dangers]),
    "",
    `  Digest of the set: ${digest}`,
  ];
}

/** The command that approves exactly this set. */
export function approveSetCommand({ environment, digest }: ReviewedSet): string {
  return `groundplane approve --environment ${quotedForShell(environment)} --digest ${digest}`;
}

/** What a decision on the whole set could not begin, and whose review it made void. */
export function approvalNotes({ voided, problems }: EnvironmentApproval, style: Style): string[] {
  return [
    ...voided.map(({ stack, because }) =>
      style.yellow(
        `  ${stack}: its review is void, as ${because.join(", ")} hands on something else now. Deploy it again for a new one.`,
      ),
    ),
    ...[...problems].map(([stack, error]) =>
      style.red(`  ${stack}: not begun, and still waits: ${plainText(error.message)}`),
    ),
  ];
}
