import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { ENGINE_VERSION, type EngineFinding, type EngineOrigin, programName, scriptName } from "./engine.ts";
import { runProgram } from "./run-program.ts";

const VERSION_TIMEOUT_SECONDS = 20;

export interface Candidate {
  readonly finding: EngineFinding;
  readonly languageHost?: string;
  readonly policyShim?: string;
}

/** Runs the program at `path` and looks for what belongs to it. */
export async function inspectCandidate(
  origin: EngineOrigin,
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<Candidate> {
  const refuse = (why: string, version?: string): Candidate => ({
    finding: { origin, found: path, usable: false, why, ...(version === undefined ? {} : { version }) },
  });
  const answer = await engineVersion(path, env);
  if (answer.version === undefined) return refuse(`\`pulumi version\` failed: ${answer.problem}`);
  const { version } = answer;
  if (version !== ENGINE_VERSION) {
    return refuse(`its version is ${version}, the SDK's is ${ENGINE_VERSION}: they must be equal`, version);
  }
  const policyShim = companion(path, scriptName("pulumi-analyzer-policy"), env);
  if (policyShim === undefined) {
    return refuse(
      "pulumi-analyzer-policy is neither beside it nor on PATH, and policy packs need it: install Pulumi whole",
      version,
    );
  }
  const languageHost = companion(path, programName("pulumi-language-nodejs"), env);
  return {
    finding: { origin, found: path, version, usable: true, why: `version ${version}, as the SDK's` },
    policyShim,
    ...(languageHost === undefined ? {} : { languageHost }),
  };
}

/** What `pulumi version` says, without the leading v. */
export async function engineVersion(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly version?: string; readonly problem: string }> {
  const result = await runProgram(path, ["version"], {
    timeoutSeconds: VERSION_TIMEOUT_SECONDS,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  if (!result.ok) return { problem: result.problem };
  const version = /^v?(\d+\.\d+\.\d+\S*)\s*$/.exec(result.stdout)?.[1];
  return version === undefined
    ? { problem: `it printed "${result.stdout.trim().slice(0, 80)}", which is no version` }
    : { version, problem: "" };
}

/** Every `pulumi` on PATH in its order, without those of `except` (the cache, which is looked at by itself). */
export function enginesOnPath(env: NodeJS.ProcessEnv, except: string): readonly string[] {
  const found = pathFolders(env)
    .filter((folder) => folder !== except && !folder.startsWith(except + sep))
    .map((folder) => join(folder, programName("pulumi")))
    .filter(isExecutable);
  return [...new Set(found)];
}

/** True for a file that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The folders of PATH. */
export function pathFolders(env: NodeJS.ProcessEnv): readonly string[] {
  return (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

/** A program that ships with the engine: beside it, beside what it links to, or on PATH, as the engine looks. */
function companion(engine: string, name: string, env: NodeJS.ProcessEnv): string | undefined {
  return [dirname(engine), dirname(realpathSync(engine)), ...pathFolders(env)]
    .map((folder) => join(folder, name))
    .find(isExecutable);
}
