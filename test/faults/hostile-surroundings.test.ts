import { type ChildProcess, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxStore } from "@groundplane/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "vars" },
    { name: "twice", more: 'approval: { type: "any-person" },' },
    { name: "kill" },
    { name: "cancel" },
  ]);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });
const database = (environment: string) => join(project.root, ".groundplane/sandbox", `${environment}.db`);

function slow(environment: string, type: string, delayMs: number): void {
  const store = SandboxStore.open(database(environment));
  store.addFault({ type, operation: "create", delayMs, times: 1 });
  store.close();
}

function vpcs(environment: string): number {
  const store = SandboxStore.open(database(environment));
  try {
    return store.list({ type: "aws:ec2/vpc:Vpc" }).length;
  } finally {
    store.close();
  }
}

test("the caller's variables do not switch packs, plans or secrets off", async () => {
  await project.configure("vars", { open: true });
  const hostile = {
    PULUMI_BACKEND_URL: "file:///nowhere",
    PULUMI_CONFIG_PASSPHRASE: "another",
    PULUMI_STACK: "prod",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_POLICY_PACK: "",
    PULUMI_EXPERIMENTAL: "false",
    PULUMI_DEBUG_COMMANDS: "false",
    GROUNDPLANE_SANDBOX_DB: "/nowhere/else.db",
    NODE_OPTIONS: "--require=/nowhere/hook.cjs",
  };
  Object.assign(process.env, hostile);
  try {
    await project.use(async (orchestrator) => {
      const record = await orchestrator.deploy(base("vars"));
      expect([record.state, record.reason?.message]).toEqual(["BLOCKED", expect.stringContaining("block")]);
      expect(record.findings.map(({ rule }) => rule)).toContain("no-open-ingress");
    });
  } finally {
    for (const name of Object.keys(hostile)) delete process.env[name];
  }
});

test("of two approvals at once one applies, and the other is told so", async () => {
  slow("twice", "aws:ec2/vpc:Vpc", 1500);
  await project.use(async (orchestrator) => {
    const first = await orchestrator.deploy(base("twice"));
    const second = await orchestrator.deploy(base("twice"));
    const results = await Promise.allSettled([
      orchestrator.approve({ run: first.id, by: "ann" }),
      orchestrator.approve({ run: first.id, by: "ben" }),
      orchestrator.approve({ run: second.id, by: "ann" }),
    ]);
    const applied = results.filter(
      (result) => result.status === "fulfilled" && result.value.outcome === "applied",
    );
    expect(applied).toHaveLength(1);
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [String(result.reason.code)] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter((code) => !["STACK_BUSY", "RUN_STATE_CONFLICT"].includes(code))).toEqual([]);
    // Whichever was left waiting is void now: the state it was reviewed against has moved.
    const left = [first, second].find(({ id }) => orchestrator.run(id).state === "WAIT_FOR_APPROVE");
    if (left !== undefined)
      expect((await orchestrator.approve({ run: left.id, by: "cem" })).outcome).toBe("expired");
    expect(vpcs("twice")).toBe(1);
  });
});

test("an interrupt during up lets the engine finish what is under way, and the next deploy goes on", async () => {
  slow("cancel", "aws:ec2/vpc:Vpc", 3000);
  const abort = new AbortController();
  await project.use(
    async (orchestrator) => {
      const record = await orchestrator.deploy({ ...base("cancel"), signal: abort.signal });
      expect([record.state, record.outcome]).toEqual(["DONE", "failed"]);
      expect(record.reason?.message).toContain("was cancelled");
      expect((await orchestrator.deploy(base("cancel"))).outcome).toBe("applied");
      expect(vpcs("cancel")).toBe(1);
    },
    {
      onEvent: ({ name, data }) =>
        void (
          name === "resource.started" &&
          !data.planning &&
          data.type === "aws:ec2/vpc:Vpc" &&
          setTimeout(() => abort.abort(), 300)
        ),
    },
  );
});

async function processesOfTheProject(): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const { readFile } = await import("node:fs/promises");
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return environment.includes(`PULUMI_BACKEND_URL=file://${project.root}`) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

test.skipIf(process.platform !== "linux")(
  "kill -9 of the orchestrator during up: its engine stops by itself, and nothing is made twice",
  async () => {
    slow("kill", "aws:ec2/vpc:Vpc", 2500);
    const script = join(project.root, "deploy.ts");
    await project.write(
      "deploy.ts",
      `import { loadProject, Orchestrator } from "@groundplane/orchestrator";
const orchestrator = await Orchestrator.open({
  project: await loadProject(import.meta.dirname),
  onEvent: ({ name, data }) => { if (name === "resource.started" && !data.planning && data.type === "aws:ec2/vpc:Vpc") process.stdout.write("creating\\n"); },
});
await orchestrator.deploy({ stack: "base", environment: "kill", requester: "ann" });
`,
    );
    const child: ChildProcess = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve) => child.stdout?.on("data", () => resolve()));
    child.kill("SIGKILL");
    for (let waited = 0; waited < 60 && (await processesOfTheProject()).length > 0; waited += 1)
      await sleep(500);
    expect(await processesOfTheProject()).toEqual([]);
    // The provider was told to cancel: it was made or not, and the state knows which.
    expect(vpcs("kill")).toBeLessThanOrEqual(1);

    await project.use(async (orchestrator) => {
      const [interrupted] = orchestrator.runs({ environment: "kill" });
      expect(interrupted?.state).toBe("APPLYING");
      expect(orchestrator.verifyJournal().entries).toBeGreaterThan(0);
      // Its lease lapses within a minute; until then the stack is busy, and nothing is applied over it.
      let again = await orchestrator.deploy(base("kill")).catch((error: { code?: string }) => error.code);
      for (let tries = 0; again === "STACK_BUSY" && tries < 40; tries += 1) {
        await sleep(2000);
        const [waiting] = orchestrator.runs({ environment: "kill" });
        again = await orchestrator
          .approve({ run: waiting?.id ?? "", by: "ann" })
          .catch((error: { code?: string }) => error.code);
      }
      expect(again).toMatchObject({ state: "DONE", outcome: "applied" });
      expect(vpcs("kill")).toBe(1);
    });
  },
);
