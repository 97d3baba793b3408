import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { formsOf, secretLeaks } from "../secret-leaks.ts";

const run = promisify(execFile);
const CANARY = "canary/5up3r+53cret=Ω";
const bytes = Buffer.from(CANARY, "utf8");
const FORMS = formsOf(CANARY);

let project: TestProject;
const told: string[] = [];

// What Node keeps compiled is looked through as well: in the project's own folder.
delete process.env["NODE_COMPILE_CACHE"];

beforeAll(async () => {
  project = await TestProject.create([{ name: "dev", more: 'approval: { type: "any-person" },' }]);
});
afterAll(() => project.remove());

function formsIn(text: Buffer | string): readonly string[] {
  return FORMS.filter((form) => text.includes(form));
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

  const others = { told: told.join("\n") };
  const leaks = await secretLeaks([CANARY], { folder: project.root, atLeast: 31, told: others });
  expect(leaks.filter((leak) => !leak.includes("sandbox/dev.db"))).toEqual([]);
  // The cloud may hold it in no readable form either; the deleted fault's page is this test's own writing.
  expect(formsIn(inCloud(project.root, "dev", (store) => JSON.stringify(store.list())))).toEqual([]);
});
