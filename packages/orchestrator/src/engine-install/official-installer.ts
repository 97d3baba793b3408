import { fileURLToPath } from "node:url";
import type { EngineProgressListener } from "./engine.ts";
import { runProgram } from "./run-program.ts";

const SCRIPT_ADDRESS = "https://get.pulumi.com/install.sh";
/** Long enough for a slow proxy, short enough that a blocked network costs little before the next way. */
const REACH_TIMEOUT_SECONDS = 10;
/** The download is about 100 MB. */
const INSTALL_TIMEOUT_SECONDS = 900;

export interface InstallWayOptions {
  /** Folder to install into; the program ends up in its `bin`. */
  readonly root: string;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: EngineProgressListener;
  readonly signal: AbortSignal | undefined;
}

/**
 * Installs with the Automation API's own installer, in a process of its own that can be ended.
 *
 * @returns why it did not work; undefined when it did.
 */
export async function runOfficialInstaller(options: InstallWayOptions): Promise<string | undefined> {
  options.onProgress({ step: "download", message: "asking get.pulumi.com for the official engine" });
  const unreachable = await reach(options.signal);
  if (unreachable !== undefined) return unreachable;
  options.onProgress({ step: "download", message: "downloading the official engine" });
  const child = fileURLToPath(
    new URL(import.meta.url.replace(/official-installer\.(ts|js)$/, "official-installer-child.$1")),
  );
  const result = await runProgram(process.execPath, [child, options.root], {
    timeoutSeconds: INSTALL_TIMEOUT_SECONDS,
    env: options.env,
    signal: options.signal,
  });
  return result.ok ? undefined : `the official installer failed: ${result.problem}`;
}

async function reach(signal: AbortSignal | undefined): Promise<string | undefined> {
  const limit = AbortSignal.timeout(REACH_TIMEOUT_SECONDS * 1000);
  try {
    const response = await fetch(SCRIPT_ADDRESS, {
      method: "HEAD",
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    return response.ok ? undefined : `${SCRIPT_ADDRESS} answered ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `${SCRIPT_ADDRESS} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
