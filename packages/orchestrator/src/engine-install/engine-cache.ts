import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { ENGINE_VERSION, type EngineFinding, programName, scriptName } from "./engine.ts";
import { engineVersion, isExecutable } from "./inspect-candidate.ts";

const MANIFEST = "manifest.json";

const manifestSchema = z.object({
  version: z.string(),
  origin: z.enum(["installer", "go-build"]),
  files: z.array(
    z.object({
      path: z.string(),
      sizeBytes: z.number(),
      modifiedMs: z.number(),
      sha256: z.string(),
    }),
  ),
});

type Manifest = z.infer<typeof manifestSchema>;
type ManifestFile = Manifest["files"][number];

export interface CachedEngine {
  readonly finding: EngineFinding;
  readonly languageHost?: string;
  readonly policyShim?: string;
}

/** Folder of every installed engine. */
export function enginesFolder(cache: string): string {
  return join(cache, "engine");
}

/** Folder of the engine for this version and platform, whether it exists or not. */
export function engineFolder(cache: string): string {
  return join(enginesFolder(cache), `pulumi-${ENGINE_VERSION}-${process.platform}-${process.arch}`);
}

/**
 * Looks at the installed engine without running it: it was run when it was installed, and its manifest says
 * whether each file is still the one of then. A file whose date moved is compared by its content.
 */
export async function inspectCachedEngine(cache: string): Promise<CachedEngine> {
  const folder = engineFolder(cache);
  const path = join(folder, "bin", programName("pulumi"));
  const manifest = await readManifest(folder);
  if (manifest === undefined) {
    return { finding: { origin: "cache", usable: false, why: `nothing is installed in ${folder}` } };
  }
  const wrong = await firstChangedFile(folder, manifest);
  if (wrong !== undefined) {
    return { finding: { origin: "cache", found: path, usable: false, why: wrong } };
  }
  const companions = companionsIn(folder);
  if (companions.policyShim === undefined) {
    return { finding: { origin: "cache", found: path, usable: false, why: "its policy shim is missing" } };
  }
  const how = manifest.origin === "installer" ? "official download" : "built from source";
  const why = `version ${manifest.version}, ${how}, unchanged since it was verified`;
  return {
    finding: { origin: "cache", found: path, version: manifest.version, usable: true, why },
    ...companions,
  };
}

/**
 * Makes the engine in `<draft>/bin` the installed one: runs it, records every file, and renames the folder
 * into place, so that nothing half-finished ever bears the name.
 *
 * @returns why it was refused; undefined when it is installed.
 */
export async function publishEngine(
  cache: string,
  draft: string,
  origin: Manifest["origin"],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const answer = await engineVersion(join(draft, "bin", programName("pulumi")), env);
  if (answer.version === undefined) return `the new engine does not run: ${answer.problem}`;
  if (answer.version !== ENGINE_VERSION) return `the new engine reports version ${answer.version}`;
  if (companionsIn(draft).policyShim === undefined) return "pulumi-analyzer-policy is not among its files";
  const names = (await readdir(join(draft, "bin"))).sort();
  const files = await Promise.all(names.map((name) => describeFile(draft, join("bin", name))));
  const manifest: Manifest = { version: answer.version, origin, files };
  await writeFile(join(draft, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);

  const folder = engineFolder(cache);
  await mkdir(enginesFolder(cache), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return undefined;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, MANIFEST), "utf8")));
    return parsed.success && parsed.data.version === ENGINE_VERSION ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

async function firstChangedFile(folder: string, manifest: Manifest): Promise<string | undefined> {
  const problems = await Promise.all(manifest.files.map((file) => changeOf(folder, file)));
  return problems.find((problem) => problem !== undefined);
}

async function changeOf(folder: string, file: ManifestFile): Promise<string | undefined> {
  const path = join(folder, file.path);
  try {
    const { size, mtimeMs } = await stat(path);
    if (size !== file.sizeBytes) return `${path} has ${size} bytes, ${file.sizeBytes} were installed`;
    if (mtimeMs === file.modifiedMs) return undefined;
    return (await sha256Of(path)) === file.sha256 ? undefined : `${path} is not the file that was installed`;
  } catch {
    return `${path} is missing or cannot be read`;
  }
}

async function describeFile(folder: string, path: string): Promise<ManifestFile> {
  const { size, mtimeMs } = await stat(join(folder, path));
  return { path, sizeBytes: size, modifiedMs: mtimeMs, sha256: await sha256Of(join(folder, path)) };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

function companionsIn(folder: string): { readonly languageHost?: string; readonly policyShim?: string } {
  const languageHost = join(folder, "bin", programName("pulumi-language-nodejs"));
  const policyShim = join(folder, "bin", scriptName("pulumi-analyzer-policy"));
  return {
    ...(isExecutable(languageHost) ? { languageHost } : {}),
    ...(isExecutable(policyShim) ? { policyShim } : {}),
  };
}
