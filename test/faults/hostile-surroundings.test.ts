import { execFile, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";

const execute = promisify(execFile);
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "vars" },
    { name: "twice", more: 'approval: { type: "any-person" },' },
    { name: "kill" },
    { name: "cancel" },
    { name: "adopt" },
    { name: "early" },
    { name: "lock" },
  ]);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

function slow(environment: string, type: string, delayMs: number): void {
  inCloud(project.root, environment, (store) =>
    store.addFault({ type, operation: "create", delayMs, times: 1 }),
  );
}

function vpcs(environment: string): number {
  return inCloud(project.root, environment, (store) => store.list({ type: "aws:ec2/vpc:Vpc" }).length);
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
      expect([record.state, record.outcome]).toEqual(["DONE", "cancelled"]);
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

/** Deploys in a process of its own, and kills it without warning as soon as `moment` comes. */
async function deployAndKill(environment: string, moment: string): Promise<void> {
  const script = `deploy-${environment}.ts`;
  await project.write(
    script,
    `import { loadProject, Orchestrator } from "@groundplane/orchestrator";
const orchestrator = await Orchestrator.open({
  project: await loadProject(import.meta.dirname),
  leaseMs: 3000,
  onEvent: ({ name, data }) => { if (${moment}) process.stdout.write("now\\n"); },
});
await orchestrator.deploy({ stack: "base", environment: "${environment}", requester: "ann" });
`,
  );
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(project.root, script)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await new Promise<void>((resolve) => child.stdout.on("data", () => resolve()));
  child.kill("SIGKILL");
  for (let waited = 0; waited < 60 && (await processesOfTheProject()).length > 0; waited += 1)
    await sleep(500);
  expect(await processesOfTheProject()).toEqual([]);
  // Its leases lapse.
  await sleep(3100);
}

const onLinux = test.skipIf(process.platform !== "linux");

onLinux(
  "kill -9 in the middle of a create: the engine stops by itself, and nothing is made twice",
  async () => {
    slow("kill", "aws:ec2/vpc:Vpc", 2500);
    await deployAndKill(
      "kill",
      'name === "resource.started" && !data.planning && data.type === "aws:ec2/vpc:Vpc"',
    );
    // The provider was told to cancel: it was made or not, and the state knows which.
    expect(vpcs("kill")).toBeLessThanOrEqual(1);
    const work = join(project.root, ".groundplane/work");
    expect((await readdir(work)).length).toBeGreaterThan(0);
    await project.use(async (orchestrator) => {
      const [interrupted] = orchestrator.runs({ environment: "kill" });
      expect(interrupted?.state).toBe("APPLYING");
      expect(orchestrator.verifyJournal().entries).toBeGreaterThan(0);
      const again = await orchestrator.deploy(base("kill"));
      expect(orchestrator.run(interrupted?.id ?? "")).toMatchObject({
        state: "DONE",
        outcome: "failed",
        reason: { code: "INTERRUPTED" },
      });
      expect([again.state, again.outcome, again.reason?.message]).toEqual(["DONE", "applied", undefined]);
      expect(vpcs("kill")).toBe(1);
      expect(await readdir(work)).toEqual([]);
    });
  },
);

onLinux(
  "kill -9 after up: the next command finds everything there, verifies it and hands the outputs on",
  async () => {
    await deployAndKill("adopt", 'name === "stack.up.finished"');
    await project.use(async (orchestrator) => {
      expect(orchestrator.outputs({ stack: "base", environment: "adopt" })).toBeUndefined();
      const [ended] = await orchestrator.resume({ stack: "base", environment: "adopt" });
      expect(ended).toMatchObject({ state: "DONE", outcome: "applied" });
      expect(orchestrator.outputs({ stack: "base", environment: "adopt" })?.version).toBe(1);
      expect(await orchestrator.resume({ stack: "base", environment: "adopt" })).toEqual([]);
      expect((await orchestrator.deploy(base("adopt"))).outcome).toBe("unchanged");
    });
  },
);

onLinux("kill -9 during a preview: nothing was changed, and the run says so", async () => {
  await deployAndKill("early", 'name === "stack.preview.started"');
  await project.use(async (orchestrator) => {
    const [ended] = await orchestrator.resume({ stack: "base", environment: "early" });
    expect(ended).toMatchObject({ state: "DONE", outcome: "cancelled", reason: { code: "INTERRUPTED" } });
    expect((await orchestrator.deploy(base("early"))).outcome).toBe("applied");
  });
});

async function engineOf(environment: string): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  for (const pid of await processesOfTheProject()) {
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (words[0]?.endsWith("/pulumi") && words[1] === "up" && words.includes(`--stack=${environment}`))
      return pid;
  }
  throw new TypeError("no engine runs");
}

onLinux(
  "kill -9 of the engine: its lock stays, is cleared only when verified, and the next deploy goes on",
  async () => {
    slow("lock", "aws:ec2/vpc:Vpc", 4000);
    let killed: Promise<void> | undefined;
    await project.use(
      async (orchestrator) => {
        const failed = await orchestrator.deploy(base("lock"));
        await killed;
        expect([failed.state, failed.outcome]).toEqual(["DONE", "failed"]);

        const folder = join(project.root, "stacks/base");
        const env = {
          ...process.env,
          ...(await plainPulumiEnvironment(await loadProject(project.root), "lock")),
        };
        const clear = [
          "refresh",
          "--yes",
          "--skip-preview",
          "--clear-pending-creates",
          "--stack=lock",
          "--non-interactive",
        ];
        await expect(execute("pulumi", clear, { cwd: folder, env })).rejects.toMatchObject({
          stderr: expect.stringContaining("currently locked"),
        });
        expect(await orchestrator.unlock({ stack: "base", environment: "lock" })).toMatchObject([
          { holder: "gone" },
        ]);
        expect(await orchestrator.unlock({ stack: "base", environment: "lock" })).toEqual([]);

        // The engine had written down that it was creating the VPC: a person looks before anything is made twice.
        const blocked = await orchestrator.deploy(base("lock"));
        expect(blocked.state).toBe("BLOCKED");
        expect(blocked.findings).toMatchObject([
          { rule: "pending-operation", urn: expect.stringContaining("::main") },
        ]);
        await execute("pulumi", clear, { cwd: folder, env });
        expect((await orchestrator.deploy(base("lock"))).outcome).toBe("applied");
      },
      {
        onEvent: ({ name, data }) => {
          if (
            killed === undefined &&
            name === "resource.started" &&
            !data.planning &&
            data.type === "aws:ec2/vpc:Vpc"
          ) {
            killed = sleep(500).then(async () => void process.kill(await engineOf("lock"), "SIGKILL"));
          }
        },
      },
    );
  },
);
