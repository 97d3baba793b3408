import { type Finding, toSarif, toText } from "@groundplane/contracts";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";

const urn = "urn:pulumi:dev::shop::aws:ec2/securityGroup:SecurityGroup::bastion";
const violation: Finding = {
  rule: "no-open-ingress",
  title: "Nothing is open",
  severity: "critical",
  enforcement: "mandatory",
  status: "violation",
  urn,
  message: "ingress[0] opens tcp port 22 to 0.0.0.0/0",
  remedy: "Name the networks.",
  source: "AWS FSBP EC2.18",
  pack: { name: "baseline", version: "1.0.0" },
  foundBy: "change-set",
};
const { urn: _urn, source: _source, ...ofStack } = violation;
const findings: readonly Finding[] = [
  { ...ofStack, rule: "advice", severity: "low", enforcement: "advisory", message: "could be better" },
  violation,
  { ...violation, status: "exempted", message: "open (exempted until 2027-01-01 by anna: the move)" },
  { ...violation, status: "not-evaluated", message: "cannot be evaluated: cidr is unknown" },
];

describe("findings as SARIF", () => {
  it("is a log of version 2.1.0 with rules, levels, logical locations and suppressions", () => {
    // The type is that of the published schema.
    const log: Log = JSON.parse(JSON.stringify(toSarif(findings, { toolVersion: "1.2.3" })));
    const [run] = log.runs;
    expect(log.version).toBe("2.1.0");
    expect(run?.tool.driver).toMatchObject({ name: "groundplane", version: "1.2.3" });
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(["advice", "no-open-ingress"]);
    expect(run?.tool.driver.rules?.[1]).toMatchObject({
      shortDescription: { text: "Nothing is open" },
      help: { text: "Name the networks.\n\nSource: AWS FSBP EC2.18" },
      defaultConfiguration: { level: "error" },
      properties: { "security-severity": "9.5" },
    });
    expect(run?.results?.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
      ["advice", 0, "note"],
      ["no-open-ingress", 1, "error"],
      ["no-open-ingress", 1, "error"],
      ["no-open-ingress", 1, "error"],
    ]);
    expect(run?.results?.[0]?.locations).toBeUndefined();
    expect(run?.results?.[1]?.locations?.[0]?.logicalLocations).toEqual([
      { fullyQualifiedName: urn, name: "bastion", kind: "resource" },
    ]);
    expect(run?.results?.map(({ suppressions }) => suppressions?.[0])).toEqual([
      undefined,
      undefined,
      { kind: "external", status: "accepted", justification: expect.stringContaining("by anna: the move") },
      undefined,
    ]);
  });

  it("ranks what could not be evaluated below an error where that does not block", () => {
    expect(toSarif(findings, { strict: false }).runs[0]?.results[3]?.level).toBe("warning");
  });

  it("lists rules that found nothing, and an empty run has results", () => {
    const log = toSarif([], {
      rules: [{ id: "quiet", title: "T", severity: "low", enforcement: "advisory", why: "W", remedy: "R" }],
    });
    expect(log.runs[0]?.tool.driver.rules).toHaveLength(1);
    expect(log.runs[0]?.results).toEqual([]);
  });
});

describe("findings as text", () => {
  it("puts what blocks first, and names resource and remedy", () => {
    expect(
      toText(findings),
    ).toBe(`BLOCKS critical no-open-ingress: ingress[0] opens tcp port 22 to 0.0.0.0/0 (AWS FSBP EC2.18)
    ${urn}
    mend: Name the networks.
BLOCKS critical no-open-ingress: cannot be evaluated: cidr is unknown (AWS FSBP EC2.18)
    ${urn}
    mend: Name the networks.
exempted critical no-open-ingress: open (exempted until 2027-01-01 by anna: the move) (AWS FSBP EC2.18)
    ${urn}
advisory low advice: could be better
    the stack
    mend: Name the networks.
4 findings: 2 blocking, 1 exempted.
`);
    expect(toText(findings, { strict: false })).toContain("4 findings: 1 blocking");
    expect(toText([])).toBe("No findings.\n");
  });
});
