import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ before: string, after: string }} Hunk */

/**
 * Applies a unified diff, with paths below `a/` and `b/`, to files that are there.
 *
 * @param {string} folder
 * @param {string} patch
 */
export function patchFiles(folder, patch) {
  const [, ...parts] = patch.split(/^--- a\/(?=.*\n\+\+\+ b\/)/m);
  if (parts.length === 0) throw new TypeError("the patch names no file");
  for (const part of parts) {
    const name = part.slice(0, part.indexOf("\n"));
    const file = join(folder, name);
    try {
      writeFileSync(file, applyPatch(readFileSync(file, "utf8"), part));
    } catch (error) {
      throw new TypeError(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}

/**
 * Applies a unified diff of one file. Stricter than `patch`, and there where that is not: each hunk's lines must stand in the
 * file exactly once, wherever they have moved to.
 *
 * @param {string} text
 * @param {string} patch
 * @returns {string}
 */
export function applyPatch(text, patch) {
  const hunks = hunksOf(patch);
  if (hunks.length === 0) throw new TypeError("the patch has no hunks");
  return hunks.reduce((patched, { before, after }, index) => {
    const parts = patched.split(before);
    if (parts.length !== 2) {
      throw new TypeError(`hunk ${index + 1} of the patch fits ${parts.length - 1} times:\n${before}`);
    }
    return parts.join(after);
  }, text);
}

/**
 * @param {string} patch
 * @returns {Hunk[]}
 */
function hunksOf(patch) {
  const [, ...bodies] = patch.split(/^@@ .*@@.*\n/m);
  return bodies.map((body) => {
    // A diff's lines only: an empty line of context may have lost its space.
    const lines = body.split("\n").slice(0, body.endsWith("\n") ? -1 : undefined);
    const pick = (/** @type {string} */ mark) =>
      lines
        .filter((line) => line === "" || line.startsWith(" ") || line.startsWith(mark))
        .map((line) => `${line.slice(1)}\n`)
        .join("");
    return { before: pick("-"), after: pick("+") };
  });
}
