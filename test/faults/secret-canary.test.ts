import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";

const run = promisify(execFile);
const CANARY = "canary/5up3r+53cret=Ω";
const bytes = Buffer.from(CANARY, "utf8");
/** As it is, and as it would stand in JSON, a URL, base64 at each of its three alignments, and hex. */
const FORMS = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  bytes.toString("hex"),
  ...[0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(offset === 0 ? 0 : 4)
      .slice(0, 20),
  ),
];

let project: TestProject;
const told: string[] = [];

// What Node keeps compiled is looked through as well: in the project's own folder.
delete process.env["NODE_COMPILE_CACHE"];

beforeAll(async () => {
  project = await TestProject.create([{ name: "dev", more: 'approval: { type: "any-person" },' }]);
});
afterAll(() => project.remove());

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function formsIn(text: Buffer | string): readonly string[] {
  return FORMS.filter((form) => text.includes(form));
}

async function leaks(): Promise<readonly string[]> {
  const found = await Promise.all(
    (await filesBelow(project.root)).map(async (file) =>
      formsIn(await readFile(file)).map((form) => `${file}: ${form}`),
    ),
  );
  return [
    ...found.flat(),
    ...told.flatMap((text) => formsIn(text).map((form) => `told: ${form} in ${text.slice(0, 200)}`)),
  ];
}

/** Deploys, approves, and keeps every event, record and change set as text. */
async function deploy(): Promise<string> {
  return project.use(async (orchestrator, events) => {
    const waiting = await orchestrator.deploy({ stack: "base", environment: "dev", requester: "ann" });
    const ended =
      waiting.state === "WAIT_FOR_APPROVE"
        ? await orchestrator.approve({ run: waiting.id, by: "ann" })
        : waiting;
    told.push(JSON.stringify(events), JSON.stringify(ended), JSON.stringify(orchestrator.history(ended.id)));
    if (ended.artifacts["change-set"] !== undefined)
      told.push(JSON.stringify(orchestrator.changeSet(ended.id)));
    told.push(JSON.stringify(orchestrator.outputs({ stack: "base", environment: "dev" }) ?? null));
    return [ended.state, ended.outcome, ended.reason?.message].filter(Boolean).join(" | ");
  });
}

test("a secret is in no byte that a deployment writes or tells: plan, state, journal, artifacts, events, provider errors", async () => {
  await deploy();
  const folder = join(project.root, "stacks/base");
  const env = { ...process.env, ...(await plainPulumiEnvironment(await loadProject(project.root), "dev")) };
  await run("pulumi", ["config", "set", "--secret", "base:token", CANARY, "--stack=dev"], {
    cwd: folder,
    env,
  });
  expect(formsIn(await readFile(join(folder, "Pulumi.dev.yaml")))).toEqual([]);

  // The cloud's error quotes what it was given.
  const error = `ValidationException: "${CANARY}" (${encodeURIComponent(CANARY)}, ${bytes.toString("base64")}) is not valid`;
  inCloud(project.root, "dev", (store) =>
    store.addFault({ type: "aws:ssm/parameter:Parameter", operation: "update", error, times: 1 }),
  );
  const failed = await deploy();
  expect(failed).toContain("[secret]");
  expect(failed).toContain("ValidationException");
  // The fault itself was written by this test, and is spent.
  inCloud(project.root, "dev", (store) => store.clearFaults());

  expect(await deploy()).toBe("DONE | applied");
  // An old value in a diff: the secret changes, and its old value stands in the state.
  await run("pulumi", ["config", "set", "--secret", "base:token", `${CANARY}-next`, "--stack=dev"], {
    cwd: folder,
    env,
  });
  expect(await deploy()).toBe("DONE | applied");

  const { stdout } = await run("pulumi", ["stack", "output", "token", "--show-secrets", "--stack=dev"], {
    cwd: folder,
    env,
  });
  expect(stdout.trim()).toBe(`${CANARY}-next`);

  const files = await filesBelow(project.root);
  expect(files.length).toBeGreaterThan(30);
  const leaked = (await leaks()).filter((leak) => !leak.includes("sandbox/dev.db"));
  expect(leaked).toEqual([]);
  // The cloud may hold it in no readable form either; the deleted fault's page is this test's own writing.
  expect(formsIn(inCloud(project.root, "dev", (store) => JSON.stringify(store.list())))).toEqual([]);
});
