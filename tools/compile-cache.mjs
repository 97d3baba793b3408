import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup/folders.mjs";

/**
 * One folder for what Node compiles during a run of the tests: each test's project would have one of its own, and compile
 * the SDK anew. The pipeline takes it as it would a user's. Tests that look through what a project writes do without.
 * Emptied when a run begins: processes that end after the run still write to it.
 */
export default function setup() {
  const folder = join(ROOT, ".cache", "compiled-by-tests");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.env.NODE_COMPILE_CACHE = folder;
}
