// No tracked file names a path of someone's machine or the host of a registry, and no source throws a bare Error.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/folders.mjs";
import { conclude, trackedFiles } from "./tracked.mjs";

/** @typedef {{ pattern: RegExp, why: string, applies: (file: string) => boolean }} Rule */

const SELF = "tools/check/tracked-files";
const isSource = (/** @type {string} */ file) =>
  /^(packages|policy-packs)\/[^/]+\/src\/.*\.ts$|^stacks\/.*\.ts$/.test(file) &&
  !/\.(test|fixture)\.ts$/.test(file);

/** @type {readonly Rule[]} */
export const RULES = [
  {
    pattern: /(?<![\w.~$}-])\/(?:root|work|tmp|Users|home\/(?!ada\b))\/?[\w.-]+\/?/,
    why: "names a path of one machine",
    applies: (file) => !file.startsWith(SELF) && !file.endsWith("go.sum"),
  },
  {
    pattern:
      /registry\.(?:npmjs\.org|yarnpkg\.com)|\b(?:artifactory|verdaccio|nexus)\.[\w.-]+|^\s*tarball: http/m,
    why: "names a registry's host, which is the user's to configure",
    applies: (file) => !file.startsWith(SELF) && !file.startsWith(".github/"),
  },
  {
    pattern: /\bthrow new Error\(/,
    why: "throws a bare Error: throw a GroundplaneError with a code of its table",
    applies: isSource,
  },
];

/**
 * @param {string} file
 * @param {string} text
 * @returns {string[]}
 */
export function problemsIn(file, text) {
  const rules = RULES.filter((rule) => rule.applies(file) && rule.pattern.test(text));
  return rules.flatMap((rule) =>
    text.split("\n").flatMap((line, index) => {
      const isComment = /^\s*(?:\/\/|\*|\/\*)/.test(line);
      return rule.pattern.test(line) && !(isComment && rule.applies === isSource)
        ? [`${file}:${index + 1}: ${rule.why}: ${line.trim().slice(0, 120)}`]
        : [];
    }),
  );
}

if (process.argv[1] === import.meta.filename) {
  const files = trackedFiles();
  conclude(
    files.flatMap((file) => problemsIn(file, readFileSync(join(ROOT, file), "utf8"))),
    `${files.length} files`,
  );
}
