import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const BENCH = fileURLToPath(new URL("../../bench/src/main.ts", import.meta.url));
const FIGURES = ["whole-run-10", "drift", "policy-rules", "placement"];

const positive = z.number().positive();
const spread = z.object({ median: positive, q1: positive, q3: positive, min: positive, max: positive });
const measured = z.object({ ms: positive, parts: z.record(z.string(), positive) });
const resultSchema = z.object({
  schema: z.literal("groundplane.dev/bench/v1"),
  machine: z.object({ cores: positive, node: z.string(), engine: z.string() }),
  figures: z.array(
    z.object({
      id: z.string(),
      value: spread,
      met: z.boolean(),
      sides: z.array(z.object({ label: z.string(), ms: spread, peakMiB: positive.optional() })).length(2),
      pairs: z.array(z.object({ first: measured, second: measured })).length(1),
    }),
  ),
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bench = (...args: string[]) => promisify(execFile)(process.execPath, [BENCH, ...args]);

// That it measures, not what: how fast this machine is at this moment is no matter for a test.
test("npm run bench measures both sides of a figure and reports them", { timeout: 900_000 }, async () => {
  const [json, markdown] = [join(folder, "out.json"), join(folder, "out.md")];
  await bench(...FIGURES, "--smallest", "--pairs", "1", "--json", json, "--markdown", markdown);
  const { figures } = resultSchema.parse(JSON.parse(await readFile(json, "utf8")));
  expect(figures.map(({ id }) => id)).toEqual(FIGURES);
  const [whole] = figures;
  expect(Object.keys(whole?.pairs[0]?.first.parts ?? {}).sort()).toEqual(
    ["environment", "preview", "up", "validate", "verify"].sort(),
  );
  expect(Object.keys(whole?.pairs[0]?.second.parts ?? {}).sort()).toEqual(["preview", "select", "up"]);
  const page = await readFile(markdown, "utf8");
  for (const id of FIGURES) expect(page).toContain(`## ${id}`);
});

test("an unknown figure is an error that names those there are", async () => {
  await expect(bench("whole-runs")).rejects.toMatchObject({
    code: 64,
    stderr: expect.stringContaining("whole-run-10"),
  });
});
