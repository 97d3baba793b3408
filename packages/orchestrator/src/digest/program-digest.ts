import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { canonicalJson, GroundplaneError, type Sha256 } from "@groundplane/contracts";
import { build, type Metafile } from "esbuild";
import { hashFiles, hashFolder, sha256OfBytes } from "./hash-files.ts";

/** Lock files, in the order in which they are looked for in each folder. */
const LOCK_FILES = [
  "pnpm-lock.yaml",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
];

export interface ProgramDigest {
  /** Over every source file that the program imports from its own tree. */
  readonly program: Sha256;
  /** Over the lock file, and the content of packages that are linked rather than locked. */
  readonly dependencies: Sha256;
}

/** Nearest file of one of these names, from the folder upwards. */
function findUp(from: string, names: readonly string[]): string | undefined {
  const found = names.map((name) => join(from, name)).find((file) => existsSync(file));
  const above = dirname(from);
  return found ?? (above === from ? undefined : findUp(above, names));
}

export function packageNameOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function importedPackages(metafile: Metafile): ReadonlySet<string> {
  const specifiers = Object.values(metafile.inputs).flatMap((input) =>
    input.imports
      .filter(({ external, path }) => external === true && !path.startsWith("node:"))
      .map(({ path }) => path),
  );
  return new Set(specifiers.map(packageNameOf));
}

/** Folder of an installed package as the program would resolve it; undefined for what is no package (a builtin). */
export async function packageFolder(name: string, from: string): Promise<string | undefined> {
  const candidates = createRequire(join(from, "index.js")).resolve.paths(name) ?? [];
  const found = candidates
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, "package.json")));
  return found === undefined ? undefined : realpath(found);
}

/**
 * Linked packages (of a workspace) are not pinned by a lock file: their content counts. Those that they link
 * in turn are followed.
 */
async function linkedPackages(
  names: Iterable<string>,
  from: string,
  seen = new Map<string, string>(),
): Promise<ReadonlyMap<string, string>> {
  for (const name of names) {
    const folder = await packageFolder(name, from);
    if (
      folder === undefined ||
      folder.split(sep).includes("node_modules") ||
      [...seen.values()].includes(folder)
    )
      continue;
    seen.set(name, folder);
    const manifest: { dependencies?: Record<string, string> } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    await linkedPackages(Object.keys(manifest.dependencies ?? {}), folder, seen);
  }
  return seen;
}

/** A linked package's built code; its whole folder where it has none. */
export async function hashLinkedPackage(folder: string): Promise<Sha256> {
  const dist = join(folder, "dist");
  return hashFolder(existsSync(dist) ? dist : folder);
}

/** Hash of the nearest lock file; undefined where there is none. */
export async function hashLockFile(folder: string): Promise<Sha256 | undefined> {
  const file = findUp(folder, LOCK_FILES);
  return file === undefined ? undefined : sha256OfBytes(await readFile(file));
}

/** The packages that a program in this folder uses: by lock file, and by content where they are linked. */
export async function digestDependencies(folder: string, names: Iterable<string>): Promise<Sha256> {
  const linked = await linkedPackages(names, folder);
  const hashes = [...linked].map(async ([name, path]) => [name, await hashLinkedPackage(path)] as const);
  const dependencies = {
    lockFile: (await hashLockFile(folder)) ?? "none",
    linked: Object.fromEntries(await Promise.all(hashes)),
  };
  return sha256OfBytes(canonicalJson(dependencies));
}

/**
 * What the program is made of, by content: its own sources through its imports, and its packages by lock file.
 *
 * @throws {STACK_INVALID} when a source file cannot be parsed or an import found.
 */
export async function digestProgram(root: string, entries: readonly string[]): Promise<ProgramDigest> {
  const { metafile } = await build({
    entryPoints: [...entries],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    outdir: join(root, ".groundplane", "never-written"),
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node22",
    logLevel: "silent",
  }).catch((cause: unknown) => {
    const first = cause instanceof Error ? cause.message.split("\n").slice(0, 3).join(" ") : String(cause);
    throw new GroundplaneError("STACK_INVALID", `the program cannot be read: ${first}`, {
      cause,
      facts: { entries: [...entries] },
    });
  });
  const sources = Object.keys(metafile.inputs).map((file) => resolve(root, file));
  return {
    program: await hashFiles(
      root,
      sources.filter((file) => !relative(root, file).split(sep).includes("node_modules")),
    ),
    dependencies: await digestDependencies(dirname(entries[0] ?? root), importedPackages(metafile)),
  };
}
