import { spawn } from "node:child_process";
import type { RemoteResult } from "@groundplane/machine";

/** Runs a script for `sh` on the machine that this process is on. */
export function runHere(script: string, signal?: AbortSignal): Promise<RemoteResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-s"], { stdio: ["pipe", "pipe", "pipe"], ...(signal && { signal }) });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({
        code: code ?? 1,
        stdout: String(Buffer.concat(stdout)),
        stderr: String(Buffer.concat(stderr)),
      }),
    );
    child.stdin.end(script);
  });
}
