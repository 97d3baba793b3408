import { blocks, type Finding, type Severity } from "./finding.ts";
import type { RuleSummary } from "./policy-review.ts";
import { nameOfUrn } from "./urn.ts";

export interface SarifOptions {
  /** Rules that were run; those without a finding appear too. @default - the rules of the findings */
  readonly rules?: readonly RuleSummary[];
  /** Version of the tool that made the findings. @default - left out */
  readonly toolVersion?: string;
  /** Whether what could not be evaluated counts as an error. @default true */
  readonly strict?: boolean;
}

/** The part of SARIF 2.1.0 that is written here. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly SarifRun[];
}

interface SarifRun {
  readonly tool: {
    readonly driver: { readonly name: string; readonly version?: string; readonly rules: SarifRule[] };
  };
  readonly columnKind: "utf16CodeUnits";
  readonly results: SarifResult[];
}

interface SarifRule {
  readonly id: string;
  readonly shortDescription: SarifText;
  readonly fullDescription?: SarifText;
  readonly help: SarifText;
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: Readonly<Record<string, string>>;
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: "fail";
  readonly level: SarifLevel;
  readonly message: SarifText;
  readonly locations?: {
    readonly logicalLocations: { fullyQualifiedName: string; name: string; kind: "resource" }[];
  }[];
  readonly suppressions?: { kind: "external"; status: "accepted"; justification: string }[];
  readonly properties: Readonly<Record<string, string>>;
}

interface SarifText {
  readonly text: string;
}

type SarifLevel = "error" | "warning" | "note";

// The scale on which code scanning services sort: CVSS v3's middle of each band.
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  low: "2.0",
  medium: "5.5",
  high: "8.0",
  critical: "9.5",
};

/**
 * Findings as a SARIF 2.1.0 log (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/). The URN is the logical
 * location, since a planned resource has no file. Exempted findings are there, as suppressed.
 */
export function toSarif(findings: readonly Finding[], options: SarifOptions = {}): SarifLog {
  const { strict = true, toolVersion } = options;
  const rules = new Map<string, SarifRule>();
  for (const rule of options.rules ?? []) rules.set(rule.id, sarifRule(rule));
  for (const finding of findings) {
    if (!rules.has(finding.rule)) rules.set(finding.rule, sarifRule({ ...finding, id: finding.rule }));
  }
  const indexes = new Map([...rules.keys()].map((id, index) => [id, index]));
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "groundplane",
            ...(toolVersion === undefined ? {} : { version: toolVersion }),
            rules: [...rules.values()],
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => sarifResult(finding, indexes.get(finding.rule) ?? -1, strict)),
      },
    ],
  };
}

type RuleFacts = Pick<RuleSummary, "id" | "title" | "severity" | "enforcement" | "remedy" | "source"> & {
  readonly why?: string;
};

function sarifRule(rule: RuleFacts): SarifRule {
  const source = rule.source === undefined ? "" : `\n\nSource: ${rule.source}`;
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    ...(rule.why === undefined ? {} : { fullDescription: { text: rule.why } }),
    help: { text: `${rule.remedy}${source}` },
    defaultConfiguration: { level: rule.enforcement === "mandatory" ? "error" : "warning" },
    properties: { "security-severity": SECURITY_SEVERITY[rule.severity], severity: rule.severity },
  };
}

function sarifResult(finding: Finding, ruleIndex: number, strict: boolean): SarifResult {
  const { urn, status } = finding;
  // An exemption lifts the block, not the level: its suppression is what takes the result off the list.
  const level = blocks(status === "exempted" ? { ...finding, status: "violation" } : finding, strict)
    ? "error"
    : finding.severity === "low"
      ? "note"
      : "warning";
  return {
    ruleId: finding.rule,
    ruleIndex,
    kind: "fail",
    level,
    message: { text: `${finding.message}. ${finding.remedy}` },
    ...(urn === undefined
      ? {}
      : {
          locations: [
            {
              logicalLocations: [{ fullyQualifiedName: urn, name: nameOfUrn(urn), kind: "resource" }],
            },
          ],
        }),
    ...(status === "exempted"
      ? { suppressions: [{ kind: "external", status: "accepted", justification: finding.message }] }
      : {}),
    properties: {
      status,
      severity: finding.severity,
      enforcement: finding.enforcement,
      pack: `${finding.pack.name}@${finding.pack.version}`,
      foundBy: finding.foundBy,
    },
  };
}
