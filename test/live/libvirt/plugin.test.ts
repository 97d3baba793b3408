// The Go tests of the plugin, on the client library as it is built in: tools/libvirt-provider/README.md says what they show.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FILL_LIMIT_MS } from "../fill-once.ts";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("../../../tools/libvirt-provider/test.mjs", import.meta.url));

let scratch = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "groundplane-plugin-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test("its Go tests pass on the patched client library", async ({ skip }) => {
  const args = [SCRIPT, scratch];
  const result = await run(process.execPath, args, {
    timeout: FILL_LIMIT_MS,
    maxBuffer: 16 * 1024 * 1024,
  }).catch((error: { readonly code?: unknown; readonly stdout?: string; readonly stderr?: string }) => error);
  if ("code" in result && result.code === 3)
    skip(result.stderr?.trim().replaceAll("\n", " ") ?? "it cannot be built");
  expect("code" in result ? `${result.stdout}${result.stderr}` : "passed").toBe("passed");
  expect(result.stdout).toMatch(/^ok .*\/clientlib/m);
  expect(result.stdout).toMatch(/^ok .*\/provider/m);
});
