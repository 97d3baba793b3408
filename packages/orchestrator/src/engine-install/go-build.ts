import { chmod, copyFile, mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ENGINE_VERSION, type EngineProgressListener, programName, scriptName } from "./engine.ts";
import { isExecutable, pathFolders } from "./inspect-candidate.ts";
import type { InstallWayOptions } from "./official-installer.ts";
import { runProgram } from "./run-program.ts";

/** Cold on two cores it takes 2 to 3 minutes; the limit is for a build that hangs. */
const BUILD_TIMEOUT_SECONDS = 1800;

/** The Go modules of this package, their versions and checksums fixed by go.mod and go.sum. */
const MODULES = new URL("../../engine/", import.meta.url);
const ENGINE_MODULE = fileURLToPath(new URL("pulumi/", MODULES));
const LANGUAGE_HOST_MODULE = fileURLToPath(new URL("language-nodejs/", MODULES));

const moduleSchema = z.object({ Dir: z.string() });

/**
 * Builds the engine, its language host for Node and the shims of the SDK from the Go module proxy.
 *
 * @returns why it did not work; undefined when it did.
 */
export async function buildEngine(options: InstallWayOptions): Promise<string | undefined> {
  const go = findGo(options.env);
  if (go === undefined) return "there is no `go` on PATH";
  const run = goRunner(go, options);
  const bin = join(options.root, "bin");
  await mkdir(bin, { recursive: true });

  const versionPackage = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  const engine = await run(ENGINE_MODULE, "the engine, 2 to 3 minutes on two cores", [
    ...buildArgs(bin, "pulumi"),
    `-ldflags=-s -w -X ${versionPackage}=v${ENGINE_VERSION}`,
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ]);
  if (!engine.ok) return `the build of the engine failed: ${engine.problem}`;
  const host = await run(LANGUAGE_HOST_MODULE, "the language host for Node, about 20 s", [
    ...buildArgs(bin, "pulumi-language-nodejs"),
    "-ldflags=-s -w",
    "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  ]);
  if (!host.ok) return `the build of the language host failed: ${host.problem}`;

  const sdk = await run(ENGINE_MODULE, "the policy shim", [
    "mod",
    "download",
    "-json",
    `github.com/pulumi/pulumi/sdk/v3@v${ENGINE_VERSION}`,
  ]);
  const sdkFolder = sdk.ok ? moduleSchema.safeParse(JSON.parse(sdk.stdout)) : undefined;
  if (!sdkFolder?.success) return `the folder of Pulumi's SDK module was not found: ${sdk.problem}`;
  await copyShims(join(sdkFolder.data.Dir, "nodejs", "dist"), bin);
  // Two gigabytes that only this build needed.
  await rm(goFolder(options.cache), { recursive: true, force: true });
  return undefined;
}

/** The `go` to build with: on PATH, else where Go's own installer puts it. */
export function findGo(env: NodeJS.ProcessEnv): string | undefined {
  const folders = [...pathFolders(env), ...(process.platform === "win32" ? [] : ["/usr/local/go/bin"])];
  return folders.map((folder) => join(folder, programName("go"))).find(isExecutable);
}

function buildArgs(bin: string, name: string): readonly string[] {
  return ["build", "-mod=readonly", "-modcacherw", "-trimpath", "-o", join(bin, programName(name))];
}

/** Go's own caches are ours for this build, unless the user has set them (an offline mirror, say). */
function goEnvironment(cache: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folder = goFolder(cache);
  const config = env["XDG_CONFIG_HOME"] || join(homedir(), ".config");
  return {
    ...env,
    GOPATH: folder,
    GOMODCACHE: env["GOMODCACHE"] || join(folder, "mod"),
    GOCACHE: env["GOCACHE"] || join(folder, "build"),
    // Go's counters would go to the user's configuration folder; its settings are still read from there.
    GOENV: env["GOENV"] || join(config, "go", "env"),
    XDG_CONFIG_HOME: join(folder, "config"),
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

function goFolder(cache: string): string {
  return join(cache, "go");
}

function goRunner(go: string, options: InstallWayOptions) {
  return async (cwd: string, what: string, args: readonly string[]) => {
    options.onProgress({ step: "build", message: `building ${what}` });
    return await runProgram(go, args, {
      cwd,
      env: goEnvironment(options.cache, options.env),
      timeoutSeconds: BUILD_TIMEOUT_SECONDS,
      signal: options.signal,
      onErrorLine: downloadReporter(options.onProgress),
    });
  };
}

/** Go prints a line for each module that it downloads: some hundreds, reported by the fifty. */
function downloadReporter(onProgress: EngineProgressListener): (line: string) => void {
  let modules = 0;
  return (line) => {
    if (!line.startsWith("go: downloading ")) return;
    modules += 1;
    if (modules % 50 === 0) onProgress({ step: "download", message: `${modules} Go modules downloaded` });
  };
}

async function copyShims(from: string, bin: string): Promise<void> {
  for (const name of ["pulumi-analyzer-policy", "pulumi-resource-pulumi-nodejs"].map((each) =>
    scriptName(each),
  )) {
    await copyFile(join(from, name), join(bin, name));
    await chmod(join(bin, name), 0o755);
  }
}
