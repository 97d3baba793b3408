import { blocks, type Finding, SEVERITIES } from "./finding.ts";

/**
 * Findings as plain lines, no colour: those that block first, then by severity; two lines each, and a count at
 * the end. An empty list says so.
 */
export function toText(findings: readonly Finding[], options: { readonly strict?: boolean } = {}): string {
  const { strict = true } = options;
  if (findings.length === 0) return "No findings.\n";
  const sorted = findings
    .map((finding) => ({ finding, blocking: blocks(finding, strict) }))
    .sort((a, b) => Number(b.blocking) - Number(a.blocking) || rank(b.finding) - rank(a.finding));
  const blocking = sorted.filter((entry) => entry.blocking).length;
  const exempted = findings.filter((finding) => finding.status === "exempted").length;
  return [
    ...sorted.map((entry) => lines(entry.finding, entry.blocking)),
    `${findings.length} finding${findings.length === 1 ? "" : "s"}: ${blocking} blocking, ${exempted} exempted.`,
    "",
  ].join("\n");
}

const rank = (finding: Finding): number => SEVERITIES.indexOf(finding.severity);

function lines(finding: Finding, blocking: boolean): string {
  const verdict = blocking ? "BLOCKS" : finding.status === "exempted" ? "exempted" : "advisory";
  const source = finding.source === undefined ? "" : ` (${finding.source})`;
  const mend = finding.status === "exempted" ? [] : [`    mend: ${finding.remedy}`];
  return [
    `${verdict} ${finding.severity} ${finding.rule}: ${finding.message}${source}`,
    `    ${finding.urn ?? "the stack"}`,
    ...mend,
  ].join("\n");
}
