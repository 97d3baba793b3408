import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, STATE } from "./folders.mjs";

const NOT_SOURCES = new Set(["node_modules", "dist", "generated", "README.md", "LICENSE"]);

/** The folders that hold packages, as pnpm-workspace.yaml names them. */
const PACKAGE_PARENTS = ["packages", "policy-packs", "stacks", "examples"];

/** The workspace's packages, relative to `root`. */
export function packageFolders(root = ROOT) {
  const folders = PACKAGE_PARENTS.flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(parent, name)) : [],
  );
  return [...folders, "test", "bench"]
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .sort();
}

/** Changes when what is installed must: the lock file, the manifests, pnpm, Node's major version, the platform. */
export function dependencyFingerprint(root = ROOT, node = process.versions.node, pnpm = "") {
  const files = [
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    ".npmrc",
    "package.json",
    ...packageFolders(root).map((folder) => join(folder, "package.json")),
  ];
  const hash = createHash("sha256").update(
    [node.split(".")[0], pnpm, process.platform, process.arch].join(" "),
  );
  for (const file of files) {
    const path = join(root, file);
    hash.update(`\n${file}\n`).update(existsSync(path) ? readFileSync(path) : "");
  }
  return hash.digest("hex");
}

/** Changes when a build's result may: path, size and date of each source. Dates make it fast, and never too kind. */
export function sourceFingerprint(root = ROOT, dependencies = "") {
  const hash = createHash("sha256").update(dependencies);
  const built = packageFolders(root).filter((folder) => /^(packages|policy-packs)\b/.test(folder));
  for (const name of ["tsconfig.base.json", "tsconfig.json", ...built]) addToHash(hash, root, name);
  return hash.digest("hex");
}

/**
 * Files that a build leaves, by what the manifests promise; a missing one means that there was no build.
 *
 * @returns {string[]} relative to `root`
 */
export function missingBuildResults(root = ROOT) {
  return packageFolders(root)
    .filter((folder) => existsSync(join(root, folder, "tsconfig.json")))
    .flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      const entry = manifest.exports?.["."]?.default;
      // Of `files` the plain names: "dist", "generated"; patterns may rightly match nothing.
      const named = (manifest.files ?? []).filter((/** @type {string} */ name) => /^[\w.-]+$/.test(name));
      return [...named, ...(typeof entry === "string" ? [entry] : [])].map((name) => join(folder, name));
    })
    .filter((path) => !existsSync(join(root, path)));
}

/**
 * @param {string} name of the stamp
 * @param {string} fingerprint
 */
export function isCurrent(name, fingerprint, state = STATE) {
  try {
    return readFileSync(join(state, `${name}.stamp`), "utf8") === fingerprint;
  } catch {
    return false;
  }
}

/**
 * @param {string} name
 * @param {string} fingerprint
 */
export function writeStamp(name, fingerprint, state = STATE) {
  const path = join(state, `${name}.stamp`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, fingerprint);
  renameSync(`${path}.${process.pid}`, path);
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} root
 * @param {string} name
 */
function addToHash(hash, root, name) {
  const info = statSync(join(root, name), { throwIfNoEntry: false });
  if (info === undefined) return;
  if (!info.isDirectory()) {
    hash.update(`${name}\0${info.size}\0${info.mtimeMs}\n`);
    return;
  }
  for (const child of readdirSync(join(root, name)).sort()) {
    if (!NOT_SOURCES.has(child) && !/\.test\.ts$/.test(child)) addToHash(hash, root, join(name, child));
  }
}
