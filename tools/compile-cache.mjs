import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * One folder for what Node compiles during a run of the tests: each test's project would have one of its own, and compile
 * the SDK anew. The pipeline takes it as it would a user's. Tests that look through what a project writes do without.
 */
export default function setup() {
  const folder = mkdtempSync(join(tmpdir(), "groundplane-compile-"));
  process.env.NODE_COMPILE_CACHE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
