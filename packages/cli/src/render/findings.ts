import { type Finding, nameOfUrn } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { oneLine } from "./plain-text.ts";

const SEVERITY_RANK = { critical: 0, high: 1, medium: 2, low: 3 } as const;

function rank(finding: Finding): number {
  const exempted = finding.status === "exempted" ? 100 : 0;
  const advisory = finding.enforcement === "advisory" ? 10 : 0;
  return exempted + advisory + SEVERITY_RANK[finding.severity];
}

function mark(finding: Finding, style: Style): string {
  if (finding.status === "exempted") return style.dim("○");
  return finding.enforcement === "mandatory" ? style.red("✖") : style.yellow("!");
}

function statusWord(finding: Finding): string {
  if (finding.status === "violation") return finding.enforcement;
  return finding.status === "exempted" ? "exempted" : `${finding.enforcement}, could not be evaluated`;
}

function findingLines(finding: Finding, style: Style): string[] {
  const where = finding.urn === undefined ? "the stack" : oneLine(nameOfUrn(finding.urn));
  const head = `  ${mark(finding, style)} ${style.bold(finding.rule)}  ${finding.severity}, ${statusWord(finding)}`;
  const fix =
    finding.status === "exempted" || finding.remedy === "" ? [] : [`      Fix: ${oneLine(finding.remedy)}`];
  const source = finding.source === undefined ? [] : [style.dim(`      Source: ${oneLine(finding.source)}`)];
  return [head, `      ${style.bold(where)}: ${oneLine(finding.message)}`, ...fix, ...source];
}

/** Findings, the ones that stop a run first, each with its remedy. Empty when there are none. */
export function findingsLines(findings: readonly Finding[], style: Style): string[] {
  if (findings.length === 0) return [];
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b) || a.rule.localeCompare(b.rule));
  return [style.bold("Findings"), ...sorted.flatMap((finding) => findingLines(finding, style))];
}

/** `2 mandatory, 1 advisory, 1 exempted`, or `no findings`. */
export function findingsCount(findings: readonly Finding[]): string {
  const open = findings.filter((finding) => finding.status !== "exempted");
  const parts: [number, string][] = [
    [open.filter((finding) => finding.enforcement === "mandatory").length, "mandatory"],
    [open.filter((finding) => finding.enforcement === "advisory").length, "advisory"],
    [findings.length - open.length, "exempted"],
  ];
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return words.length === 0 ? "no findings" : words.join(", ");
}
