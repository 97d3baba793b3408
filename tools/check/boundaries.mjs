// Who may import whom: the table of AGENTS.md, no deep imports, no way out of a package's folder, no cycles.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import { ROOT } from "../setup/folders.mjs";
import { TABLE } from "./boundary-table.mjs";
import { importsOf } from "./imports.mjs";
import { conclude, trackedFiles } from "./tracked.mjs";

/** @typedef {import("./boundary-table.mjs").Row} Row */
/** @typedef {{ file: string, text: string }} Source */
/** @typedef {Readonly<Record<string, readonly string[]>>} ExportsByPackage subpaths that each package exports */

/**
 * @param {readonly Source[]} sources
 * @param {ExportsByPackage} exported
 * @returns {string[]}
 */
export function boundaryProblems(sources, exported) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  for (const { file, text } of sources) {
    const folder = packageFolderOf(file);
    const row = TABLE.find((each) => each.folder.test(folder));
    if (row === undefined) {
      problems.push(
        `${file}: ${folder} has no row in tools/check/boundary-table.mjs and AGENTS.md: add one to both`,
      );
      continue;
    }
    const imports = importsOf(file, text);
    for (const { specifier, line } of imports) {
      const problem = specifier.startsWith(".")
        ? relativeProblem(file, folder, specifier)
        : packageProblem(file, folder, row, specifier, exported);
      if (problem !== undefined) problems.push(`${file}:${line}: ${problem}`);
    }
    // A type-only import is gone when the program runs, so it closes no cycle.
    const runtime = imports.filter((each) => each.specifier.startsWith(".") && !each.typeOnly);
    graph.set(
      file,
      runtime.map((each) => posix.join(posix.dirname(file), each.specifier)),
    );
  }
  return [...problems, ...cyclesIn(graph).map((cycle) => `import cycle: ${cycle.join(" -> ")}`)];
}

/** @param {string} file */
function packageFolderOf(file) {
  const parts = file.split("/");
  if (parts[0] === "test" || parts[0] === "bench") return parts[0];
  return parts[0] === "examples" && parts.length === 2 ? "examples" : parts.slice(0, 2).join("/");
}

/**
 * @param {string} file
 * @param {string} folder
 * @param {string} specifier
 */
function relativeProblem(file, folder, specifier) {
  const target = posix.join(posix.dirname(file), specifier);
  // The recording mocks and fixtures that every package's tests share.
  if (/\.(test|fixture)\.ts$/.test(file) && target.startsWith("test/")) return undefined;
  if (target.startsWith(`${folder}/`) || target === folder || folder === "examples") return undefined;
  return `"${specifier}" leaves ${folder}: import the other package by its name`;
}

/**
 * @param {string} file
 * @param {string} folder
 * @param {Row} row
 * @param {string} specifier
 * @param {ExportsByPackage} exported
 */
function packageProblem(file, folder, row, specifier, exported) {
  if (isBuiltin(specifier)) return undefined;
  const [scope = "", name = ""] = specifier.split("/");
  const packageName = specifier.startsWith("@") ? `${scope}/${name}` : scope;
  const isProduct =
    /^(packages|policy-packs)\//.test(file) && file.includes("/src/") && !/\.(test|fixture)\.ts$/.test(file);
  if (scope === "@groundplane") {
    const subpath = `.${specifier.slice(packageName.length)}`;
    if (!(exported[packageName] ?? []).includes(subpath))
      return `"${specifier}" is no public export of ${packageName}`;
    const isSelf =
      folder.split("/")[1] === name ||
      (folder.startsWith("policy-packs/") && name === `policy-${folder.split("/")[1]}`);
    if (isSelf) return isProduct ? `"${specifier}" is the package itself: import the file` : undefined;
    return allows(row.workspace, name) ? undefined : `${folder} may not import "${specifier}"`;
  }
  if (!isProduct) return undefined;
  if (scope === "@pulumi")
    return allows(row.pulumi, name) ? undefined : `${folder} may not import "${specifier}"`;
  return row.only === undefined || row.only.includes(packageName)
    ? undefined
    : `${folder} may import ${row.only.join(", ")} only, not "${specifier}"`;
}

/** @param {readonly string[]} names @param {string} name */
function allows(names, name) {
  return names.includes("*") || names.includes(name);
}

/**
 * Cycles by depth-first search, each found once.
 *
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {string[][]}
 */
export function cyclesIn(graph) {
  /** @type {string[][]} */
  const cycles = [];
  const done = new Set();
  /** @type {string[]} */
  const path = [];
  /** @param {string} node */
  const visit = (node) => {
    const at = path.indexOf(node);
    if (at >= 0) cycles.push([...path.slice(at), node]);
    if (at >= 0 || done.has(node)) return;
    path.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    path.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return cycles;
}

if (process.argv[1] === import.meta.filename) {
  const files = trackedFiles();
  const sources = files
    .filter((file) => /^(packages|policy-packs|stacks|examples|test)\/.*\.m?ts$/.test(file))
    .filter((file) => !file.includes("/generated/"))
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));
  const exported = Object.fromEntries(
    files
      .filter((file) => /^(packages|policy-packs|stacks)\/[^/]+\/package\.json$/.test(file))
      .map((file) => JSON.parse(readFileSync(join(ROOT, file), "utf8")))
      .map((manifest) => [
        manifest.name,
        typeof manifest.exports === "string" ? ["."] : Object.keys(manifest.exports ?? {}),
      ]),
  );
  conclude(boundaryProblems(sources, exported), `${sources.length} files`);
}
