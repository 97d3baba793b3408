import { execFile } from "node:child_process";
import { GroundplaneError } from "@groundplane/contracts";

export interface PulumiCommandOptions {
  readonly pulumi: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ended after it, in milliseconds. */
  readonly timeoutMs: number;
}

/** An engine that does not end at SIGTERM is killed after this long. */
const KILL_AFTER_MS = 5000;

export interface PulumiCommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One short engine command that runs no program: `stack init`, `stack export`. */
export function runPulumi(
  args: readonly string[],
  options: PulumiCommandOptions,
): Promise<PulumiCommandResult> {
  const timeout = options.timeoutMs;
  return new Promise((resolve, reject) => {
    const engine = execFile(
      options.pulumi,
      [...args, "--non-interactive", "--color=never"],
      {
        cwd: options.cwd,
        env: { ...options.env },
        timeout,
        maxBuffer: 1024 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        clearTimeout(kill);
        if (error?.killed === true) {
          reject(
            new GroundplaneError(
              "ENGINE_TIMEOUT",
              `\`pulumi ${args.slice(0, 2).join(" ")}\` did not end within ${timeout / 1000} s and was ended: look whether the backend answers.`,
              { cause: error, facts: { command: args.slice(0, 2).join(" "), timeoutMs: timeout } },
            ),
          );
          return;
        }
        if (error !== null && typeof error.code !== "number") {
          reject(
            new GroundplaneError(
              "ENGINE_UNAVAILABLE",
              `\`pulumi ${args.slice(0, 2).join(" ")}\` did not run: ${error.message.split("\n")[0]}. "groundplane doctor" tells what is missing.`,
              { cause: error },
            ),
          );
          return;
        }
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
    const kill = setTimeout(() => engine.kill("SIGKILL"), timeout + KILL_AFTER_MS);
  });
}
