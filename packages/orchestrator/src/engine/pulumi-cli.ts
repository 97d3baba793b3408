import { execFile } from "node:child_process";
import { GroundplaneError } from "@groundplane/contracts";

export interface PulumiCommandOptions {
  readonly pulumi: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @default 2 minutes */
  readonly timeoutMs?: number;
}

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
  return new Promise((resolve, reject) => {
    execFile(
      options.pulumi,
      [...args, "--non-interactive", "--color=never"],
      {
        cwd: options.cwd,
        env: { ...options.env },
        timeout: options.timeoutMs ?? 120_000,
        maxBuffer: 1024 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") {
          reject(
            new GroundplaneError(
              error.killed === true ? "ENGINE_TIMEOUT" : "ENGINE_UNAVAILABLE",
              `\`pulumi ${args.slice(0, 2).join(" ")}\` did not run: ${error.message.split("\n")[0]}. "groundplane doctor" tells what is missing.`,
              { cause: error },
            ),
          );
          return;
        }
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });
}
