import type { RunRecord } from "@groundplane/contracts";
import { expect, test } from "vitest";
import { runRecord } from "../../../../test/run-record.ts";
import { expectedTimes, workedMs } from "./expected-times.ts";

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 21, 9, 0, seconds)).toISOString();

test("the time in which a run waited for people is not work", () => {
  const timeline: RunRecord["timeline"] = [
    { state: "PENDING", at: at(0) },
    { state: "WAIT_FOR_APPROVE", at: at(4) },
    { state: "APPLYING", at: at(3000) },
    { state: "DONE", at: at(3006) },
  ];
  expect(workedMs({ timeline })).toBe(10_000);
});

test("a stack takes as long as its last such run; one without counts as the mean of the others", () => {
  const took = (stack: string, seconds: number, change: Partial<RunRecord> = {}) =>
    runRecord({
      stack,
      timeline: [
        { state: "PENDING", at: at(0) },
        { state: "DONE", at: at(seconds) },
      ],
      ...change,
    });
  const runs = new Map([
    ["network", [took("network", 900, { outcome: "failed" }), took("network", 10), took("network", 99)]],
    ["data", [took("data", 500, { operation: "destroy" }), took("data", 30)]],
  ]);
  const expected = expectedTimes(["network", "data", "app"], "deploy", (stack) => runs.get(stack) ?? []);
  expect(["network", "data", "app"].map(expected)).toEqual([10_000, 30_000, 20_000]);
  expect(expectedTimes(["app", "dns"], "deploy", () => [])("app")).toBe(1);
});
