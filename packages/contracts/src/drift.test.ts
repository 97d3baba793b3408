import { describe, expect, test } from "vitest";
import { type DriftIgnore, type DriftItem, type DriftReport, driftIgnoreSchema, openDrift } from "./drift.ts";
import { driftFindings } from "./drift-findings.ts";
import { toSarif } from "./findings-sarif.ts";
import { SECRET_MARK } from "./marked-value.ts";

const rule: DriftIgnore = {
  resource: "*",
  property: "tags.*",
  reason: "a cost tool writes tags",
  who: "ann",
  until: "2026-12-31",
};
const vpc = "urn:pulumi:dev::base::aws:ec2/vpc:Vpc::main";
const changed = (properties: DriftItem["properties"]): DriftItem => ({
  urn: vpc,
  type: "aws:ec2/vpc:Vpc",
  name: "main",
  id: "vpc-1",
  kind: "changed",
  properties,
});
const tag = { path: "tags.Team", kind: "update", before: "ann", after: "eve" } as const;
const dns = { path: "enableDnsSupport", kind: "update", before: true, after: false } as const;

const report = (items: readonly DriftItem[], expiredIgnores: readonly DriftIgnore[] = []): DriftReport => ({
  schema: "groundplane.dev/drift/v1",
  project: "test",
  stack: "base",
  environment: "dev",
  sandbox: true,
  checkedAt: "2026-11-21T12:00:00.000Z",
  state: `sha256:${"0".repeat(64)}`,
  checked: 3,
  items: [...items],
  expiredIgnores: [...expiredIgnores],
  caveats: [],
});

describe("an ignore rule", () => {
  test("fails when its reason is short, its day is none, or a field is misspelt", () => {
    const wrong = [
      { ...rule, reason: "because" },
      { ...rule, until: "soon" },
      { ...rule, propertys: "tags.*" },
    ];
    expect(driftIgnoreSchema.safeParse(rule).success).toBe(true);
    expect(wrong.map((value) => driftIgnoreSchema.safeParse(value).success)).toEqual([false, false, false]);
  });
});

describe("open drift", () => {
  test("is every item of which something is not ignored", () => {
    const ignored = changed([{ ...tag, ignoredBy: rule }]);
    const partly = changed([{ ...tag, ignoredBy: rule }, dns]);
    const whole: DriftItem = { ...changed([]), kind: "missing", ignoredBy: rule };
    const gone: DriftItem = { ...changed([]), kind: "missing" };
    expect(openDrift(report([ignored, partly, whole, gone]))).toEqual([partly, gone]);
  });

  test("counts a change of which the provider names no property", () => {
    expect(openDrift(report([changed([])]))).toHaveLength(1);
  });
});

describe("findings of drift", () => {
  test("name each property with the cloud's and the state's value", () => {
    const [finding] = driftFindings(report([changed([dns, tag])]));
    expect(finding).toMatchObject({ rule: "drift-changed", status: "violation", urn: vpc });
    expect(finding?.message).toBe(
      'enableDnsSupport is false in the cloud and true in the state; tags.Team is "eve" in the cloud and "ann" in the state',
    );
  });

  test("say of a secret only that it is another one", () => {
    const secret = { path: "value", kind: "update", before: SECRET_MARK, after: SECRET_MARK } as const;
    const [finding] = driftFindings(report([changed([secret])]));
    expect(finding?.message).toBe("value is another secret in the cloud and a secret in the state");
  });

  test("become SARIF: missing is an error, changed a warning, ignored is suppressed with its reason", () => {
    const gone: DriftItem = { ...changed([]), kind: "missing" };
    const expired = { ...rule, until: "2026-01-31" };
    const findings = driftFindings(report([gone, changed([dns, { ...tag, ignoredBy: rule }])], [expired]));
    const results = toSarif(findings).runs[0]?.results ?? [];
    expect(
      results.map(({ ruleId, level, suppressions }) => [ruleId, level, suppressions?.length ?? 0]),
    ).toEqual([
      ["drift-missing", "error", 0],
      ["drift-changed", "warning", 0],
      ["drift-changed", "warning", 1],
      ["drift-ignore-expired", "warning", 0],
    ]);
    expect(results[2]?.suppressions?.[0]?.justification).toContain(
      "until 2026-12-31 by ann: a cost tool writes tags",
    );
    expect(results[1]?.message.text).not.toContain("tags.Team");
  });
});
