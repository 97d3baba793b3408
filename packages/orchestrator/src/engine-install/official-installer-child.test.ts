import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder, writeFakeEngine } from "./fake-engine.fixture.ts";

const CHILD = fileURLToPath(new URL("official-installer-child.ts", import.meta.url));

it("uses the Automation API's installer, which is content with a fitting engine in the folder", () => {
  const root = temporaryFolder();
  try {
    writeFakeEngine(join(root, "bin"));
    const result = spawnSync(process.execPath, [CHILD, root], { encoding: "utf8" });
    expect([result.status, result.stderr]).toEqual([0, ""]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

it("fails when it is given no folder", () => {
  expect(spawnSync(process.execPath, [CHILD]).status).toBe(64);
});
