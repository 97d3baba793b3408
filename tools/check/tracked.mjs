import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/folders.mjs";

/**
 * Files of git and new ones that are not ignored, relative to the root.
 *
 * @returns {string[]}
 */
export function trackedFiles() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed.split("\0").filter((file) => file !== "" && existsSync(join(ROOT, file)));
}

/**
 * Ends a check: prints each problem, and fails when there is one.
 *
 * @param {readonly string[]} problems
 * @param {string} what
 */
export function conclude(problems, what) {
  for (const problem of problems) console.error(problem);
  console.log(`${problems.length} problems in ${what}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
