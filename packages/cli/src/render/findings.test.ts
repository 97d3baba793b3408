import picocolors from "picocolors";
import { expect, test } from "vitest";
import { finding } from "../run.fixture.ts";
import { findingsCount, findingsLines } from "./findings.ts";

const plain = picocolors.createColors(false);
const mixed = [
  finding({
    rule: "old-tag",
    enforcement: "advisory",
    severity: "low",
    remedy: "Rename it.",
    message: "tag\nis old",
  }),
  finding({ rule: "known", status: "exempted" }),
  finding(),
  finding({ rule: "unknown-key", status: "not-evaluated", severity: "critical" }),
];

test("shows what blocks first, by severity, with the remedy", () => {
  expect(findingsLines(mixed, plain).join("\n")).toMatchInlineSnapshot(`
    "Findings
      ✖ unknown-key  critical, mandatory, could not be evaluated
          web: ingress[0] lets 0.0.0.0/0 reach port 22.
          Fix: Name the networks that need it.
          Source: manual, section 4
      ✖ no-open-ingress  high, mandatory
          web: ingress[0] lets 0.0.0.0/0 reach port 22.
          Fix: Name the networks that need it.
          Source: manual, section 4
      ! old-tag  low, advisory
          web: tag is old
          Fix: Rename it.
          Source: manual, section 4
      ○ known  high, exempted
          web: ingress[0] lets 0.0.0.0/0 reach port 22.
          Source: manual, section 4"
  `);
});

test("speaks of the stack where a finding has no resource", () => {
  const { urn: _urn, ...whole } = finding();
  expect(findingsLines([whole], plain)[2]).toBe("      the stack: ingress[0] lets 0.0.0.0/0 reach port 22.");
});

test("counts what is open and what is exempted", () => {
  expect(findingsCount(mixed)).toBe("2 mandatory, 1 advisory, 1 exempted");
  expect(findingsCount([])).toBe("no findings");
  expect(findingsLines([], plain)).toEqual([]);
});
