import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { EngineFinding, EngineProgressListener } from "./engine.ts";
import { engineFolder, enginesFolder, inspectCachedEngine, publishEngine } from "./engine-cache.ts";
import { withFolderLock } from "./folder-lock.ts";
import { buildEngine } from "./go-build.ts";
import { type InstallWayOptions, runOfficialInstaller } from "./official-installer.ts";

export interface InstallWay {
  readonly origin: "installer" | "go-build";
  /** Installs into `root`; returns why it did not work, undefined when it did. */
  readonly install: (options: InstallWayOptions) => Promise<string | undefined>;
}

/** The ways to get an engine, best first. */
export const INSTALL_WAYS: readonly InstallWay[] = [
  { origin: "installer", install: runOfficialInstaller },
  { origin: "go-build", install: buildEngine },
];

export interface InstallEngineOptions {
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: EngineProgressListener;
  readonly signal: AbortSignal | undefined;
  readonly ways: readonly InstallWay[];
}

/**
 * Installs an engine into the cache by the first way that works, one process at a time.
 *
 * @returns what each way came to; the last is usable when there is an engine now.
 */
export async function installEngine(options: InstallEngineOptions): Promise<readonly EngineFinding[]> {
  const onWait = (pid: number | undefined) =>
    options.onProgress({
      step: "waiting",
      message: `another process${pid === undefined ? "" : ` (${pid})`} is installing the engine`,
    });
  return await withFolderLock(`${engineFolder(options.cache)}.lock`, () => installLocked(options), {
    onWait,
    signal: options.signal,
  });
}

async function installLocked(options: InstallEngineOptions): Promise<readonly EngineFinding[]> {
  const present = await inspectCachedEngine(options.cache);
  if (present.finding.usable) return [present.finding];
  await removeDrafts(options.cache);
  const findings: EngineFinding[] = [];
  for (const way of options.ways) {
    options.signal?.throwIfAborted();
    const finding = await tryWay(way, options);
    findings.push(finding);
    if (finding.usable) break;
  }
  return findings;
}

async function tryWay(way: InstallWay, options: InstallEngineOptions): Promise<EngineFinding> {
  const { cache, env, onProgress, signal } = options;
  const root = join(enginesFolder(cache), `.draft-${way.origin}-${process.pid}`);
  await mkdir(root, { recursive: true });
  try {
    const problem = await way.install({ root, cache, env, onProgress, signal });
    if (problem !== undefined) return { origin: way.origin, usable: false, why: problem };
    onProgress({ step: "verify", message: "running the new engine" });
    const refused = await publishEngine(cache, root, way.origin, env);
    return refused === undefined
      ? { origin: way.origin, found: engineFolder(cache), usable: true, why: "installed and verified" }
      : { origin: way.origin, usable: false, why: refused };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What processes that were killed left behind. We hold the lock, so none of it is in use. */
async function removeDrafts(cache: string): Promise<void> {
  for (const name of await readdir(enginesFolder(cache))) {
    if (name.startsWith(".draft-"))
      await rm(join(enginesFolder(cache), name), { recursive: true, force: true });
  }
}
