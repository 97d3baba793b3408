import type { CostItem, RunCost } from "@groundplane/contracts";
import picocolors from "picocolors";
import { expect, test } from "vitest";
import { runRecord, SHA, waitingRun } from "../run.fixture.ts";
import { runSummaryLines } from "./run-summary.ts";

const plain = picocolors.createColors(false);

const NAT = "aws:ec2/natGateway:NatGateway";
const charge = { what: "hours", unit: "hour", unitUsd: 0.045 } as const;
const range = (low: number, expected = low, high = low) => ({ low, expected, high });

const items: CostItem[] = [
  {
    ...{ urn: "urn:a", type: NAT, name: "nat", operation: "create", unknown: [] },
    after: range(33, 37, 78),
    charges: [{ ...charge, quantity: range(730), monthlyUsd: range(33, 37, 78) }],
  },
  {
    ...{ urn: "urn:b", type: "aws:odd/thing:Thing", name: "odd\u001b[31m", operation: "create", charges: [] },
    after: range(0),
    unknown: ["this version has no figures for aws:odd/thing:Thing"],
  },
  {
    ...{ urn: "urn:c", type: "aws:kms/key:Key", name: "old", operation: "delete", unknown: [] },
    before: range(1),
    charges: [{ ...charge, quantity: range(1), monthlyUsd: range(1) }],
  },
];

const cost: RunCost = {
  estimate: {
    ...{
      schema: "groundplane.dev/cost/v1",
      currency: "USD",
      prices: { asOf: "2026-01-01", source: "a test" },
    },
    before: { ...range(11), unknown: 0 },
    after: { ...range(43, 47, 88), unknown: 1 },
    change: { ...range(32, 36, 77), unknown: 1 },
    items,
    assumptions: [
      { ...{ name: "natGatewayGb", unit: "GB", about: "data", given: false }, ...range(10, 100, 1000) },
    ],
  },
};

const held: RunCost = {
  ...cost,
  budget: {
    ...{ monthlyUsd: 50, forecast: { ...range(43, 47, 88), unknown: 1 }, percent: 94, stacks: [] },
    ...{ brake: "it brings the environment to 47.00 USD a month", liftedBy: ["grace", "linus"] },
  },
};

test("tells the bill in sum and by resource, and what it rests on", () => {
  expect(runSummaryLines(runRecord({ cost }), plain, { next: [] }).join("\n")).toMatchInlineSnapshot(`
    "dev/network  ✔ applied  (sandbox)
      Changes  3 created, 1 unchanged
      Cost     +36.00 (+32.00 to +77.00) plus 1 unknown USD a month; the stack then 47.00 (43.00 to 88.00) plus 1 unknown
      Run      run-20261121-051229-abc123, deploy by ada, 12 s

    Cost USD a month, list prices of 2026-01-01
      +  aws:ec2:NatGateway  nat  +37.00 (+33.00 to +78.00)
      +  aws:odd:Thing       odd  unknown                    this version has no figures for aws:odd/thing:Thing
      -  aws:kms:Key         old  -1.00
      Assumed: natGatewayGb 100 GB"
  `);
});

test("tells that the brake holds, who may lift it, and the command", () => {
  const text = runSummaryLines(
    waitingRun({ cost: held, approvalRule: { type: "automatic" }, approvalsMissing: 1 }),
    plain,
  ).join("\n");
  expect(text).toContain("Budget     94 % of 50 USD a month, all stacks of the environment; the brake holds");
  expect(text).toContain("Waits for  the budget's brake to be lifted by grace or linus");
  expect(text).toContain('--as grace --reason "<why>"');
  expect(text).not.toContain("groundplane approve");
});

test("tells both where an approval is missing too, and neither once it was lifted", () => {
  const both = runSummaryLines(waitingRun({ cost: held, approvalsMissing: 2 }), plain).join("\n");
  expect(both).toContain(
    "1 approval is missing: one person other than the requester (ada); and the budget's brake to be lifted by grace",
  );
  expect(both).toContain("groundplane approve");
  const lift = { by: "grace", reason: "load test until Friday", digest: SHA, at: "2026-11-21T05:20:00.000Z" };
  const lifted = runSummaryLines(waitingRun({ cost: held, budgetLift: lift }), plain).join("\n");
  expect(lifted).not.toContain("lift-budget");
  expect(lifted).not.toContain("brake");
});

test("tells why there is no estimate", () => {
  const text = runSummaryLines(runRecord({ cost: { problem: "the price table is gone" } }), plain).join("\n");
  expect(text).toContain("Cost     not estimated: the price table is gone");
});
