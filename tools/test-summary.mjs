import { writeFileSync } from "node:fs";

/**
 * @typedef {object} Summary
 * @property {number} passed
 * @property {number} failed Failed tests, and files, hooks and stray errors that failed outside of one.
 * @property {number} skipped
 * @property {readonly string[]} failures One line for each of what failed: where, and with what error.
 * @property {readonly string[]} skips One line for each skipped test: which, and why.
 */

/**
 * Counts from vitest's own results. A hook that fails leaves its tests "skipped": the hook counts as failed, so
 * that nothing broken reads as left out. A test that never ran to an end has failed.
 *
 * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
 * @param {ReadonlyArray<unknown>} strayErrors
 * @returns {Summary}
 */
export function summarise(modules, strayErrors) {
  let passed = 0;
  const failures = strayErrors.map((error) => `outside of a test: ${firstLine(error)}`);
  /** @type {string[]} */
  const skips = [];
  for (const module of modules) {
    const file = module.relativeModuleId;
    failures.push(...module.errors().map((error) => `${file}: ${firstLine(error)}`));
    for (const suite of module.children.allSuites())
      failures.push(...suite.errors().map((error) => `${file}: ${suite.fullName}: ${firstLine(error)}`));
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") passed += 1;
      else if (result.state === "skipped")
        skips.push(`${file}: ${test.fullName}: ${reason(test, result.note)}`);
      else
        failures.push(
          `${file}: ${test.fullName}: ${firstLine(result.errors?.[0] ?? "it never ran to an end")}`,
        );
    }
  }
  return { passed, failed: failures.length, skipped: skips.length, failures, skips };
}

/** @param {unknown} error */
function firstLine(error) {
  const message =
    typeof error === "object" && error !== null && "message" in error ? error.message : (error ?? "no error");
  const [line = ""] = String(message).trim().split("\n");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** @param {Pick<Summary, "passed" | "failed" | "skipped">} summary */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * @param {import("vitest/node").TestCase} test
 * @param {string | undefined} note
 */
function reason(test, note) {
  if (note) return note;
  if (test.options.mode === "todo") return "to do";
  return test.options.mode === "skip"
    ? "marked skip, no reason given"
    : "left out by a filter, `only`, or a failed hook";
}

/** Vitest reporter that ends a run with what was skipped and why, what failed, and the line `N passed, N failed`. */
export default class TestSummary {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const summary = summarise(modules, unhandledErrors);
    // GROUNDPLANE_TEST_SUMMARY names a file for whoever adds several runs up.
    if (process.env.GROUNDPLANE_TEST_SUMMARY) {
      writeFileSync(process.env.GROUNDPLANE_TEST_SUMMARY, JSON.stringify(summary));
    }
    for (const skip of summary.skips) console.log(`skipped: ${skip}`);
    for (const failure of summary.failures) console.log(`failed: ${failure}`);
    console.log(summaryLine(summary));
  }
}
