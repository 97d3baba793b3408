// One version of each @pulumi package in the tree: two copies of @pulumi/pulumi break its instance checks.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/folders.mjs";
import { conclude } from "./tracked.mjs";

/**
 * @param {string} lockFile text of pnpm-lock.yaml
 * @returns {string[]}
 */
export function duplicatesIn(lockFile) {
  /** @type {Map<string, Set<string>>} */
  const versions = new Map();
  for (const [, name = "", version = ""] of lockFile.matchAll(/^ {2}'?(@pulumi\/[\w-]+)@([\d][^:'(]*)/gm)) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return [...versions]
    .filter(([, found]) => found.size > 1)
    .map(
      ([name, found]) =>
        `${name} is there in ${[...found].join(" and ")}: pin one in the catalog of pnpm-workspace.yaml`,
    );
}

if (process.argv[1] === import.meta.filename) {
  conclude(duplicatesIn(readFileSync(join(ROOT, "pnpm-lock.yaml"), "utf8")), "pnpm-lock.yaml");
}
