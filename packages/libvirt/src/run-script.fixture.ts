import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ScriptResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which scripts for a host run, with tools of the host played by others. */
export class TestHost {
  readonly folder: string = mkdtempSync(join(tmpdir(), "groundplane-host-"));

  constructor(tools: Readonly<Record<string, string>>) {
    mkdirSync(join(this.folder, "bin"));
    for (const [name, script] of Object.entries(tools)) {
      writeFileSync(join(this.folder, "bin", name), `#!/bin/sh\nset -eu\nhost='${this.folder}'\n${script}\n`);
      chmodSync(join(this.folder, "bin", name), 0o755);
    }
  }

  run(script: string, args: readonly string[] = []): Promise<ScriptResult> {
    return new Promise((resolve) => {
      const child = spawn("sh", ["-s", "--", ...args], {
        env: { ...process.env, PATH: `${join(this.folder, "bin")}:${process.env["PATH"] ?? ""}` },
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => {
        stdout += String(chunk);
      });
      child.stderr.on("data", (chunk) => {
        stderr += String(chunk);
      });
      child.on("close", (code) => resolve({ code, stdout, stderr }));
      child.stdin.end(script);
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
