import { expect, it } from "vitest";
import { summarise, summaryLine } from "./test-summary.mjs";

/**
 * @param {{ tests?: [state: string, note?: string | undefined, mode?: string][], errors?: number, suiteErrors?: number }} content
 */
function moduleOf({ tests = [], errors = 0, suiteErrors = 0 }) {
  return /** @type {import("vitest/node").TestModule} */ (
    /** @type {unknown} */ ({
      relativeModuleId: "a.test.ts",
      errors: () => Array(errors).fill({ message: "broken" }),
      children: {
        allSuites: () => [{ fullName: "s", errors: () => Array(suiteErrors).fill({ message: "hook" }) }],
        allTests: () =>
          tests.map(([state, note, mode = "run"], index) => ({
            fullName: `t${index}`,
            options: { mode },
            result: () => ({
              state,
              note,
              errors: state === "failed" ? [{ message: "1 is not 2\nat x" }] : [],
            }),
          })),
      },
    })
  );
}

it("counts what passed, failed and was skipped, with the reason for each", () => {
  const summary = summarise(
    [
      moduleOf({
        tests: [["passed"], ["failed"], ["skipped", "no AWS account"], ["skipped", undefined, "todo"]],
      }),
    ],
    [],
  );
  expect(summaryLine(summary)).toBe("1 passed, 1 failed, 2 skipped");
  expect(summary.failures).toEqual(["a.test.ts: t1: 1 is not 2"]);
  expect(summary.skips).toEqual(["a.test.ts: t2: no AWS account", "a.test.ts: t3: to do"]);
});

it("counts a file that does not load, a failed hook, a stray error and an unfinished test as failed", () => {
  const modules = [moduleOf({ errors: 1 }), moduleOf({ suiteErrors: 1, tests: [["pending"]] })];
  const summary = summarise(modules, [new Error("nobody waited for it")]);
  expect(summary.failed).toBe(4);
  expect(summary.failures).toEqual([
    "outside of a test: nobody waited for it",
    "a.test.ts: broken",
    "a.test.ts: s: hook",
    "a.test.ts: t0: it never ran to an end",
  ]);
});

it("leaves the skipped out of the line when there are none", () => {
  expect(summaryLine(summarise([moduleOf({ tests: [["passed"]] })], []))).toBe("1 passed, 0 failed");
});
