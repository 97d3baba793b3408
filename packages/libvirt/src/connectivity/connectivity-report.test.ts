import { describe, expect, test } from "vitest";
import { connectivityProblem, reportOf } from "./connectivity-report.ts";
import type { Seen } from "./probe-script.ts";
import type { FlowProof } from "./prove-flows.ts";

const R820 = { name: "r820", address: "10.220.1.11" };
const proof = (from: string, seen: Seen, holds = false): FlowProof => ({
  ...{ from: { name: from, address: from }, to: R820, port: 22, expected: "refused", purposes: [] },
  ...{ seen, holds, message: `${from} to r820` },
  ...(seen === "unknown" ? { why: `${from} is off` } : {}),
});
const report = (flows: readonly FlowProof[], canTry = true) => reportOf(flows, () => canTry, []);

describe("connectivityProblem", () => {
  test("is none where all that was tried holds, and machines that nobody could log in to do not count", () => {
    expect(connectivityProblem(report([proof("athena", "filtered", true)]))).toBeUndefined();
    const some = report([proof("athena", "filtered", true), proof("apollo", "unknown")], false);
    expect(connectivityProblem(some)).toBeUndefined();
    expect(some.summary).toBe("1 of 2 connections are as the matrix says, 1 was not tried");
  });

  test("names the first ten, and how many more", () => {
    const flows = Array.from({ length: 12 }, (_, index) => proof(`a${index}`, "open"));
    expect(connectivityProblem(report(flows))).toBe(
      `0 of 12 connections are as the matrix says, 12 are not: ${flows
        .slice(0, 10)
        .map(({ message }) => message)
        .join("; ")}; and 2 more`,
    );
  });

  test("names a machine that should have been logged in to, once, with why", () => {
    const flows = [proof("athena", "filtered", true), proof("apollo", "unknown"), proof("apollo", "unknown")];
    expect(connectivityProblem(report(flows))).toBe(
      "1 of 3 connections are as the matrix says, 2 were not tried: not tried from apollo: apollo is off",
    );
  });

  test("is one where nothing was tried", () => {
    expect(connectivityProblem(report([proof("athena", "unknown")], false))).toMatch(/^0 of 1 connections/);
  });
});
