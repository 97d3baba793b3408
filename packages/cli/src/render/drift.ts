import { type DriftCaveat, type DriftReport, openDrift } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { driftItemLines } from "./drift-item.ts";
import { plainText } from "./plain-text.ts";
import { table } from "./table.ts";

const CAVEATS: Readonly<Record<DriftCaveat, string>> = {
  "run-under-way":
    "a run is changing the stack: what it has done and not yet written to the state shows as drift",
  "state-moved": "the state was written while the cloud was read: look again",
  "pending-operations":
    "an operation never ended, and what it made was not read: groundplane resume tells more",
};

function mendLines({ environment, stack }: DriftReport, style: Style): string[] {
  const where = `${environment} ${stack} --refresh`;
  return [
    "",
    style.bold("To bring the cloud back, two steps:"),
    ...table(
      [
        [`groundplane preview ${where}`, style.dim("see what that changes")],
        [`groundplane deploy ${where}`, style.dim("review, approve and apply it, like any deployment")],
      ],
      "  ",
    ),
    style.dim("To keep what the cloud has, put it into the program first, then do the same."),
  ];
}

function countLine(report: DriftReport, style: Style): string {
  const open = openDrift(report).length;
  const ignored = report.items.length - open;
  const covered = ignored === 0 ? "" : `, ${ignored} ignored`;
  const read = `${report.checked} ${report.checked === 1 ? "resource" : "resources"} read${covered}`;
  return open === 0 ? `${style.green("no drift")}, ${read}` : `${style.yellow(`${open} drifted`)}, ${read}`;
}

/** One report: what differs, state → cloud, and how to mend it. */
export function driftLines(report: DriftReport, style: Style): string[] {
  const sandbox = report.sandbox ? style.dim("  (sandbox)") : "";
  const notes = [
    ...report.caveats.map((caveat) => CAVEATS[caveat]),
    ...report.expiredIgnores.map(({ resource, property, who, until }) =>
      plainText(
        `a rule of ${who} for ${property ?? "everything"} of ${resource} ended on ${until} and hides nothing`,
      ),
    ),
  ];
  return [
    `${style.bold(`${report.environment}/${report.stack}`)}: ${countLine(report, style)}${sandbox}`,
    ...notes.map((note) => style.yellow(`  note: ${note}`)),
    ...report.items.flatMap((item) => driftItemLines(item, style)),
    ...(openDrift(report).length === 0 ? [] : mendLines(report, style)),
  ];
}

/** Kept reports, a line each. */
export function driftHistoryLines(reports: readonly DriftReport[], style: Style): string[] {
  if (reports.length === 0) return ["No drift report is kept."];
  return table(reports.map((report) => [report.checkedAt, countLine(report, style)]));
}
