import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GroundplaneError, type SandboxPlugin } from "@groundplane/contracts";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { LoadedProject } from "../define/load-project.ts";
import { SANDBOX_VARIABLE } from "../define/plain-program.ts";
import type { Engine } from "../engine-install/engine.ts";
import { compileCacheFolder } from "./compile-cache.ts";
import { type EngineLimits, engineLimits } from "./engine-limits.ts";
import type { PulumiCommandOptions } from "./pulumi-cli.ts";
import { backendUrl, statePlaceOf } from "./state-place.ts";

/** Holds what starts policy packs: `run-pack.ts`. */
const PACK_START = fileURLToPath(new URL("../../engine/packs", import.meta.url));

/** What the engine is run with for one environment. */
export interface EngineEnvironment {
  readonly pulumi: string;
  readonly engineVersion: string;
  readonly env: Readonly<Record<string, string>>;
  /** The value for `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  readonly sandboxPlugins: readonly SandboxPlugin[];
  readonly limits: EngineLimits;
}

/** For a short command of the engine in a work folder. */
export function commandOptions(
  { pulumi, env, limits }: Pick<EngineEnvironment, "pulumi" | "env" | "limits">,
  cwd: string,
): PulumiCommandOptions {
  return { pulumi, cwd, env, timeoutMs: limits.commandMs };
}

/**
 * Of the caller's variables those beginning with PULUMI_ are left out, as they can switch off locks, plans, packs
 * and checks. These alone are passed on: how to reach a backend, and where plugins and caches are.
 */
const PASSED_ON = new Set([
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_HOME",
  "PULUMI_PREFER_YARN",
  "PULUMI_SELF_MANAGED_STATE_GZIP",
]);

function callersEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined &&
        entry[0] !== SANDBOX_VARIABLE &&
        entry[0] !== "NODE_OPTIONS" &&
        entry[0] !== "NODE_COMPILE_CACHE" &&
        (!entry[0].startsWith("PULUMI_") || PASSED_ON.has(entry[0])),
    ),
  );
}

async function passphraseFile(environment: EnvironmentDefinition, project: LoadedProject): Promise<string> {
  const given = environment.secrets.type === "passphrase" ? environment.secrets.file : undefined;
  const file =
    given === undefined
      ? join(project.dataFolder, "passphrases", environment.name)
      : resolve(project.root, given);
  const present = await readFile(file, "utf8").then(
    (text) => text.trim() !== "",
    () => false,
  );
  if (present) return file;
  if (environment.cloud === "real") {
    throw new GroundplaneError(
      "SECRETS_UNAVAILABLE",
      `environment "${environment.name}" encrypts its secrets with a passphrase, and ${file} does not hold one: write it there (mode 0600), or choose an awskms key.`,
      { facts: { environment: environment.name, file } },
    );
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // "wx": of two processes that begin at once, the second takes what the first made.
  await writeFile(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" }).catch(
    (error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    },
  );
  await chmod(file, 0o600);
  return file;
}

/** The sandbox's own PULUMI_HOME: its plugins can never be taken for a real cloud's. */
function sandboxHome(project: LoadedProject): string {
  return join(project.dataFolder, "sandbox", "pulumi-home");
}

export function sandboxDatabase(environment: EnvironmentDefinition, project: LoadedProject): string {
  const given = environment.cloud === "real" ? undefined : environment.cloud.database;
  return given === undefined
    ? join(project.dataFolder, "sandbox", `${environment.name}.db`)
    : resolve(project.root, given);
}

/**
 * The variables and facts under which the engine works for an environment. What it needs (a passphrase of a
 * sandbox, plugin folders) is made.
 *
 * @throws {SECRETS_UNAVAILABLE} when a real environment's passphrase is not there.
 */
export async function engineEnvironmentOf(
  environment: EnvironmentDefinition,
  project: LoadedProject,
  engine: Engine,
  limits: EngineLimits = engineLimits(),
): Promise<EngineEnvironment> {
  const base = callersEnvironment();
  const place = statePlaceOf(environment, project);
  if (place.type === "file") await mkdir(place.folder, { recursive: true });
  const env: Record<string, string> = {
    ...base,
    // Our start of packs first, then the engine's folder, for its shims; then this very Node, for providers and packs.
    PATH: [PACK_START, engine.binDir, dirname(process.execPath), base["PATH"] ?? ""].join(delimiter),
    PULUMI_BACKEND_URL: backendUrl(place),
    PULUMI_EXPERIMENTAL: "true",
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_AUTOMATION_API: "true",
  };
  if (environment.secrets.type === "passphrase") {
    env["PULUMI_CONFIG_PASSPHRASE_FILE"] = await passphraseFile(environment, project);
  }
  const compileCache = await compileCacheFolder(project.dataFolder, process.env["NODE_COMPILE_CACHE"]);
  if (compileCache !== undefined) env["NODE_COMPILE_CACHE"] = compileCache;
  let sandboxPlugins: readonly SandboxPlugin[] = [];
  if (environment.cloud !== "real") {
    const pulumiHome = sandboxHome(project);
    const prepared = await environment.cloud.prepare({
      pulumiHome,
      database: sandboxDatabase(environment, project),
    });
    Object.assign(env, prepared.env, {
      PULUMI_HOME: pulumiHome,
      [SANDBOX_VARIABLE]: sandboxDatabase(environment, project),
    });
    sandboxPlugins = prepared.plugins;
  }
  return {
    pulumi: engine.path,
    engineVersion: engine.version,
    env,
    secretsProvider:
      environment.secrets.type === "passphrase"
        ? "passphrase"
        : `awskms://${environment.secrets.key}?region=${environment.secrets.region}&awssdk=v2`,
    sandboxPlugins,
    limits,
  };
}
