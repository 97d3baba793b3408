import { writeFileSync } from "node:fs";

/**
 * @typedef {object} Summary
 * @property {number} passed
 * @property {number} failed Failed tests, and files, hooks and stray errors that failed outside of one.
 * @property {number} skipped
 * @property {readonly string[]} skips One line for each skipped test: which, and why.
 */

/**
 * Counts from vitest's own results. A hook that fails leaves its tests "skipped": the hook counts as failed, so
 * that nothing broken reads as left out. A test that never ran to an end has failed.
 *
 * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
 * @param {number} strayErrors
 * @returns {Summary}
 */
export function summarise(modules, strayErrors) {
  let passed = 0;
  let failed = strayErrors;
  /** @type {string[]} */
  const skips = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") passed += 1;
      else if (result.state === "skipped")
        skips.push(`${module.relativeModuleId}: ${test.fullName}: ${reason(test, result.note)}`);
      else failed += 1;
    }
  }
  return { passed, failed, skipped: skips.length, skips };
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

/** Vitest reporter that ends a run with what was skipped and why, and the line `N passed, N failed`. */
export default class TestSummary {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const summary = summarise(modules, unhandledErrors.length);
    // GROUNDPLANE_TEST_SUMMARY names a file for whoever adds several runs up.
    if (process.env.GROUNDPLANE_TEST_SUMMARY) {
      writeFileSync(process.env.GROUNDPLANE_TEST_SUMMARY, JSON.stringify(summary));
    }
    for (const skip of summary.skips) console.log(`skipped: ${skip}`);
    console.log(summaryLine(summary));
  }
}
