import { runIdSchema } from "@groundplane/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newRunId } from "./run-id.ts";

const dates = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2100-01-01T00:00:00Z"),
  noInvalidDate: true,
});

test("is in the form of the contract, in UTC", () => {
  expect(newRunId(new Date("2026-11-21T23:59:58.999+01:00"))).toMatch(/^run-20261121-225958-[0-9a-z]{6}$/);
  fc.assert(fc.property(dates, (now) => runIdSchema.safeParse(newRunId(now)).success));
});

test("sorts by time, to the second", () => {
  fc.assert(
    fc.property(dates, fc.integer({ min: 1000, max: 1_000_000_000 }), (now, laterMs) => {
      expect(newRunId(now) < newRunId(new Date(now.getTime() + laterMs))).toBe(true);
    }),
  );
});

test("tells runs of one moment apart", () => {
  const now = new Date();
  expect(new Set(Array.from({ length: 1000 }, () => newRunId(now))).size).toBe(1000);
});
