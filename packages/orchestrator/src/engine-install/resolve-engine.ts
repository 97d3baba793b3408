import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { cacheFolder } from "./cache-folder.ts";
import {
  ENGINE_VERSION,
  type Engine,
  type EngineFinding,
  type EngineProgressListener,
  programName,
} from "./engine.ts";
import { enginesFolder, inspectCachedEngine } from "./engine-cache.ts";
import { findGo } from "./go-build.ts";
import { type Candidate, enginesOnPath, inspectCandidate, isExecutable } from "./inspect-candidate.ts";
import { INSTALL_WAYS, type InstallWay, installEngine } from "./install-engine.ts";

export interface ResolveEngineOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Folder for installed engines. @default cacheFolder(env) */
  readonly cache?: string;
  /** Whether to download or build an engine when there is none. @default true */
  readonly install?: boolean;
  readonly onProgress?: EngineProgressListener;
  readonly signal?: AbortSignal;
  /** Ways to install, best first. @default the official installer, then a build with Go */
  readonly ways?: readonly InstallWay[];
}

/**
 * Finds the Pulumi engine, or gets it: `GROUNDPLANE_PULUMI`, then `pulumi` on PATH, then the cache, then the
 * official installer, then a build from the Go module proxy. What it returns was run at least once and reports
 * the SDK's version. With an engine in the cache it takes a few milliseconds.
 *
 * @throws {ENGINE_UNAVAILABLE} `GROUNDPLANE_PULUMI` is set and does not fit, or nothing does.
 */
export async function resolveEngine(options: ResolveEngineOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const cache = options.cache ?? cacheFolder(env);
  const tried: EngineFinding[] = [];

  const present = await findPresent(env, cache, tried);
  if (present !== undefined) return present;
  if (options.install === false) throw unavailable(tried);

  tried.push(
    ...(await installEngine({
      cache,
      env,
      onProgress: options.onProgress ?? (() => undefined),
      signal: options.signal,
      ways: options.ways ?? INSTALL_WAYS,
    })),
  );
  const last = tried.at(-1);
  const installed = last?.usable ? asEngine(await inspectCachedEngine(cache), tried) : undefined;
  if (installed === undefined) throw unavailable(tried);
  options.onProgress?.({ step: "ready", message: `engine ${installed.version}: ${installed.path}` });
  // Named by how it came here: the cache is only where it lies now.
  return { ...installed, origin: last?.origin ?? installed.origin };
}

/** What `groundplane doctor` shows. */
export interface EngineReport {
  readonly requiredVersion: string;
  /** The one that would be used; absent when an installation would be needed, or `GROUNDPLANE_PULUMI` is wrong. */
  readonly engine?: Engine;
  /** Every place, in order, whether or not an earlier one fits. */
  readonly findings: readonly EngineFinding[];
  /** What to do when there is no engine. */
  readonly remedy?: string;
}

/** Looks everywhere and installs nothing. */
export async function inspectEngines(
  options: Pick<ResolveEngineOptions, "env" | "cache"> = {},
): Promise<EngineReport> {
  const env = options.env ?? process.env;
  const cache = options.cache ?? cacheFolder(env);
  const named = await inspectNamed(env);
  const candidates = [
    ...(named === undefined ? [] : [named]),
    ...(await Promise.all(
      enginesOnPath(env, enginesFolder(cache)).map((path) => inspectCandidate("path", path, env)),
    )),
    await inspectCachedEngine(cache),
  ];
  const findings = candidates.map((each) => each.finding);
  const chosen = named ?? candidates.find((each) => each.finding.usable);
  const engine = chosen === undefined ? undefined : asEngine(chosen, findings);
  const go = findGo(env);
  const builder: EngineFinding =
    go === undefined
      ? { origin: "go-build", usable: false, why: "there is no `go` on PATH to build with" }
      : {
          origin: "go-build",
          found: go,
          usable: true,
          why: "can build the engine when it cannot be downloaded",
        };
  return {
    requiredVersion: ENGINE_VERSION,
    findings: [...findings, builder],
    ...(engine === undefined ? { remedy: remedy(findings) } : { engine }),
  };
}

async function findPresent(
  env: NodeJS.ProcessEnv,
  cache: string,
  tried: EngineFinding[],
): Promise<Engine | undefined> {
  const consider = (candidate: Candidate): Engine | undefined => {
    tried.push(candidate.finding);
    return asEngine(candidate, tried);
  };
  const named = await inspectNamed(env);
  if (named !== undefined) {
    const engine = consider(named);
    if (engine === undefined) throw unavailable(tried);
    return engine;
  }
  for (const path of enginesOnPath(env, enginesFolder(cache))) {
    const engine = consider(await inspectCandidate("path", path, env));
    if (engine !== undefined) return engine;
  }
  return consider(await inspectCachedEngine(cache));
}

/** The engine of `GROUNDPLANE_PULUMI`, which names the program or its folder; undefined when it is not set. */
async function inspectNamed(env: NodeJS.ProcessEnv): Promise<Candidate | undefined> {
  const value = env["GROUNDPLANE_PULUMI"];
  if (!value) return undefined;
  const named = resolve(value);
  const program = programName("pulumi");
  const path = isFolder(named)
    ? [join(named, program), join(named, "bin", program)].find(isExecutable)
    : isExecutable(named)
      ? named
      : undefined;
  if (path === undefined) {
    const why = `GROUNDPLANE_PULUMI is "${value}", which is neither a program nor a folder with ${program} in it`;
    return { finding: { origin: "env", found: named, usable: false, why } };
  }
  return await inspectCandidate("env", path, env);
}

function asEngine(candidate: Candidate, tried: readonly EngineFinding[]): Engine | undefined {
  const { finding, languageHost, policyShim } = candidate;
  const { found: path, version } = finding;
  if (!finding.usable || path === undefined || version === undefined || policyShim === undefined)
    return undefined;
  return {
    path,
    binDir: dirname(path),
    version,
    origin: finding.origin,
    policyShim,
    tried: [...tried],
    ...(languageHost === undefined ? {} : { languageHost }),
  };
}

function unavailable(tried: readonly EngineFinding[]): GroundplaneError {
  const list = tried
    .map((each) => `  - ${each.origin}${each.found ? ` ${each.found}` : ""}: ${each.why}`)
    .join("\n");
  return new GroundplaneError(
    "ENGINE_UNAVAILABLE",
    `No Pulumi engine ${ENGINE_VERSION} is at hand. Tried:\n${list}\n${remedy(tried)}`,
    { facts: { requiredVersion: ENGINE_VERSION, tried: tried.map((each) => ({ ...each })) } },
  );
}

function remedy(tried: readonly EngineFinding[]): string {
  if (tried.some((each) => each.origin === "env")) {
    return `Point GROUNDPLANE_PULUMI at Pulumi ${ENGINE_VERSION}, or unset it to have the engine found or installed.`;
  }
  const ways = "let it be installed (network to get.pulumi.com, or Go 1.24.7 or later with its module proxy)";
  return `Put Pulumi ${ENGINE_VERSION} on PATH, name it in GROUNDPLANE_PULUMI, or ${ways}.`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
