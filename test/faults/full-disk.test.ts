import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { ONE_VPC } from "./one-vpc.ts";

const WORKER = fileURLToPath(new URL("full-disk.worker.ts", import.meta.url));
const VPC = "aws:ec2/vpc:Vpc";

const resultSchema = z.object({
  isFull: z.boolean(),
  first: z.string(),
  upBegan: z.boolean(),
  madeThen: z.number(),
  restored: z.string().optional(),
  fourth: z.string(),
  operations: z.array(z.object({ told: z.string(), urn: z.string(), id: z.string().optional() })),
  second: z.string(),
  settled: z.string().optional(),
  third: z.string(),
  stories: z.array(z.string()),
  made: z.number(),
});

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "journal", more: "policyPacks: []," },
    { name: "backup", more: "policyPacks: []," },
    { name: "state", more: 'policyPacks: [], backend: { type: "file", path: "small" },' },
  ]);
  await project.write("stacks/base/index.ts", ONE_VPC);
});
afterAll(() => project.remove());

/** A disk of its own needs the right to mount. */
const refused = ((): string | undefined => {
  const tried = spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"], {
    encoding: "utf8",
  });
  if (tried.error !== undefined) return `unshare cannot be run: ${tried.error.message}`;
  return tried.status === 0 ? undefined : `no disk can be mounted here: ${tried.stderr.trim()}`;
})();

/** Deploys with a folder of the project on a small disk of its own, which is full from a moment on. */
async function onFullDisk(environment: string, folder: string, moment: string) {
  mkdirSync(join(project.root, folder), { recursive: true });
  const script = `mount -t tmpfs -o size=48m tmpfs "$5" && "$1" "$2" "$3" full "$4" "$6" "$7" "$8" && "$1" "$2" "$3" room "$4" "$6" "$7"`;
  const child = spawn(
    "unshare",
    [
      ...["-m", "sh", "-c", script, "sh"],
      ...[process.execPath, "--disable-warning=ExperimentalWarning", WORKER, project.root],
      ...[join(project.root, folder), environment, folder, moment],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
  });
  await new Promise<void>((resolve) => child.on("close", () => resolve()));
  const [full, room] = out
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  const result = resultSchema.parse(Object.assign({}, full, room));
  expect(result.isFull).toBe(true);
  return result;
}

test("a journal that cannot be written stops the run before anything is changed", async (context) => {
  if (refused !== undefined) return context.skip(refused);
  const result = await onFullDisk("journal", ".groundplane", "stack.preview.started");
  expect(result.first).toMatch(/^WRITE_FAILED \| .*(full|ENOSPC)/);
  expect([result.upBegan, result.madeThen]).toEqual([false, 0]);
  // With room again, the next command ends what was left, and goes through.
  expect(result.stories.at(-1)).toContain("DONE | cancelled | INTERRUPTED");
  expect([result.second, result.third, result.made]).toEqual(["DONE | applied", "DONE | unchanged", 1]);
});

test("a state that cannot be kept stops the run before up: nothing is changed without a way back", async (context) => {
  if (refused !== undefined) return context.skip(refused);
  const result = await onFullDisk("backup", ".groundplane", "stack.review.ready");
  expect(result.first).toMatch(/^(BACKUP_FAILED|WRITE_FAILED) \| .*(full|ENOSPC)/);
  expect([result.upBegan, result.madeThen]).toEqual([false, 0]);
  expect([result.second, result.third, result.made]).toEqual(["DONE | applied", "DONE | unchanged", 1]);
});

test("a state that the engine cannot write: what it made is told, and never made twice", async (context) => {
  if (refused !== undefined) return context.skip(refused);
  // Until then the engine has its lock, and has written down that it creates the VPC.
  inCloud(project.root, "state", (store) =>
    store.addFault({ type: VPC, operation: "create", delayMs: 2000, times: 1 }),
  );
  const result = await onFullDisk("state", "small", `resource.started ${VPC}`);
  expect(result.first).toMatch(/^DONE \| failed \| ENGINE_FAILED \| /);
  expect(result.upBegan).toBe(true);
  if (result.madeThen > 0) {
    // The cloud has it, and the state does not, or is none any more: nobody deploys before that is settled.
    expect([undefined, "DONE | applied"]).toContain(result.restored);
    expect(result.third).toContain("BLOCKED");
    expect(result.operations).toMatchObject([{ urn: expect.stringContaining("::main") }]);
    expect(result.settled).toBe("DONE | applied");
  }
  expect(result.fourth).toMatch(/^DONE \| (applied|unchanged)$/);
  expect(result.made).toBe(1);
});
