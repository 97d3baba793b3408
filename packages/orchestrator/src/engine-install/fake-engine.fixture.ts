import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "groundplane-engine-"));
}

/** Writes programs that behave as the engine does when it is asked for its version, and returns their folder. */
export function writeFakeEngine(
  folder: string,
  answer: { readonly prints?: string; readonly exitCode?: number; readonly shim?: boolean } = {},
): string {
  mkdirSync(folder, { recursive: true });
  const { prints = "v3.220.0", exitCode = 0, shim = true } = answer;
  const body = `#!/bin/sh\necho "${prints}"\nexit ${exitCode}\n`;
  writeFileSync(join(folder, "pulumi"), body, { mode: 0o755 });
  writeFileSync(join(folder, "pulumi-language-nodejs"), body, { mode: 0o755 });
  if (shim) writeFileSync(join(folder, "pulumi-analyzer-policy"), body, { mode: 0o755 });
  return folder;
}
