import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lease, LeaseKeeper, SqliteLeaseStore } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create(
    ["killed", "stopped", "late", "clock", "two", "queue", "twenty", "lost", "lapse"].map((name) => ({
      name,
      more: `policyPacks: [],${name === "lapse" ? 'approval: { type: "any-person", expiresAfterMinutes: 60 },' : ""}`,
    })),
  );
});
/** All that was started: one that a failed test left stopped would stay. */
const started: { kill(signal: "SIGKILL"): unknown }[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  return project.remove();
});

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });
const leasesOf = (environment: string) =>
  new SqliteLeaseStore(join(project.root, ".groundplane/state", environment, ".groundplane/leases.db"));

function slow(environment: string, delayMs: number): void {
  inCloud(project.root, environment, (store) =>
    store.addFault({ type: "aws:ec2/vpc:Vpc", operation: "create", delayMs, times: 1 }),
  );
}

function vpcs(environment: string): number {
  return inCloud(project.root, environment, (store) => store.list({ type: "aws:ec2/vpc:Vpc" }).length);
}

const resultSchema = z.object({
  id: z.string().optional(),
  outcome: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  fence: z.number().optional(),
  waited: z.number(),
});
type Result = z.infer<typeof resultSchema>;

interface Deployer {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** Resolves with the first line of this word; rejects when the process ends before. */
  said(word: string): Promise<string>;
  /** One for each deployment, when the process has ended. */
  readonly results: Promise<readonly Result[]>;
}

interface DeployerOptions {
  readonly environment: string;
  readonly leaseMs?: number;
  readonly waitMs?: number;
  readonly times?: number;
  /** Statements that run for each event: `name`, `data` and `say(word)` are there. */
  readonly onEvent?: string;
  /** Statements that run first. */
  readonly before?: string;
}

let scripts = 0;

/** A process of its own that loads the project, says "ready", and deploys when it is told to go on. */
async function deployer(options: DeployerOptions): Promise<Deployer> {
  const { environment, leaseMs = 60_000, waitMs = 0, times = 1, onEvent = "", before = "" } = options;
  scripts += 1;
  const script = `deployer-${scripts}.ts`;
  await project.write(
    script,
    `${before}
import { once } from "node:events";
import { loadProject, Orchestrator } from "@groundplane/orchestrator";
const say = (word) => process.stdout.write(word + "\\n");
const project = await loadProject(import.meta.dirname);
const deploy = async () => {
  let waited = 0;
  const orchestrator = await Orchestrator.open({ project, leaseMs: ${leaseMs}, onEvent: ({ name, data }) => {
    if (name === "stack.lease.waiting") waited += 1;
    ${onEvent}
  } });
  const { id, outcome, reason, fence, ...rest } = await orchestrator
    .deploy({ stack: "base", environment: "${environment}", requester: "ann", waitMs: ${waitMs} })
    .catch((error) => ({ reason: { code: error.code, message: error.message } }));
  orchestrator.close();
  return { id, outcome, code: reason?.code, message: reason?.message, fence, waited };
};
say("ready");
await once(process.stdin, "data");
process.stdin.destroy();
const results = await Promise.all(Array.from({ length: ${times} }, deploy));
say("results " + JSON.stringify(results));
`,
  );
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(project.root, script)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  started.push(child);
  let text = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    for (const listener of listeners) listener();
  });
  const closed = once(child, "close");
  const said = (word: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = text
          .split("\n")
          .slice(0, -1)
          .find((each) => each.startsWith(word));
        if (line !== undefined) resolve(line.slice(word.length));
      };
      listeners.add(look);
      void closed.then(() => reject(new TypeError(`it ended without "${word}": ${text}`)));
      look();
    });
  const results = said("results ").then((line) => z.array(resultSchema).parse(JSON.parse(line)));
  results.catch(() => undefined);
  await said("ready");
  return { child, said, results };
}

const go = ({ child }: Deployer): void => void child.stdin.write("go\n");

const VPC_BEGINS = `name === "resource.started" && !data.planning && data.type === "aws:ec2/vpc:Vpc"`;
const STOPS_ITSELF = `{ say("stopping"); process.kill(process.pid, "SIGSTOP"); }`;

/** Engines and providers of an environment of the project; a child may wait for its next task as long as it likes. */
async function enginesOf(environment: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [variables, command] = await Promise.all(
        ["environ", "cmdline"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
      );
      const backend = `PULUMI_BACKEND_URL=file://${join(project.root, ".groundplane/state", environment)}?`;
      const waits = command?.includes("/engine/child.js") === true;
      return variables?.includes(backend) === true && !waits ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** It says so before it is: a signal to itself takes a while on a busy machine. */
async function stopped({ child, said }: Deployer): Promise<void> {
  await said("stopping");
  const state = async (): Promise<string | undefined> => {
    const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[0];
  };
  await expect.poll(state, { timeout: 60_000, interval: 20 }).toBe("T");
}

async function untilEnginesEnded(environment: string): Promise<void> {
  await expect.poll(() => enginesOf(environment), { timeout: 120_000, interval: 300 }).toEqual([]);
}

const onLinux = test.skipIf(process.platform !== "linux");

onLinux("the lease of a killed process passes on at once, however long its time-out", async () => {
  slow("killed", 1500);
  const hour = 3_600_000;
  const first = await deployer({
    environment: "killed",
    leaseMs: hour,
    onEvent: `if (${VPC_BEGINS}) say("creating");`,
  });
  go(first);
  await first.said("creating");
  expect((await enginesOf("killed")).length).toBeGreaterThan(0);
  first.child.kill("SIGKILL");
  await untilEnginesEnded("killed");
  await project.use(
    async (orchestrator) => {
      const again = await orchestrator.deploy(base("killed"));
      expect([again.outcome, again.reason?.message]).toEqual(["applied", undefined]);
      expect(vpcs("killed")).toBe(1);
      // The dead one held it, whoever ended its run, and this one.
      expect(again.fence).toBeGreaterThan(2);
    },
    { leaseMs: hour },
  );
});

onLinux(
  "a holder stopped past its time-out is ended by its own engine's child, and writes nothing when it goes on",
  async () => {
    slow("stopped", 12_000);
    const leaseMs = 6000;
    const first = await deployer({
      environment: "stopped",
      leaseMs,
      onEvent: `if (${VPC_BEGINS}) ${STOPS_ITSELF}`,
    });
    go(first);
    await stopped(first);
    expect((await enginesOf("stopped")).length).toBeGreaterThan(0);
    // Nobody but the child is left to end it, long before the test's own time is over.
    await untilEnginesEnded("stopped");
    await project.use(
      async (orchestrator) => {
        const again = await orchestrator.deploy(base("stopped"));
        expect([again.outcome, again.reason?.message]).toEqual(["applied", undefined]);
        const [, old] = orchestrator.runs({ environment: "stopped" });
        expect(old).toMatchObject({ state: "DONE", outcome: "failed", reason: { code: "INTERRUPTED" } });
        const before = orchestrator.verifyJournal().entries;
        const outputs = orchestrator.outputs(base("stopped"));
        first.child.kill("SIGCONT");
        const [result] = await first.results;
        expect(result?.code).toBe("LEASE_LOST");
        expect(orchestrator.verifyJournal().entries).toBe(before);
        expect(orchestrator.outputs(base("stopped"))).toEqual(outputs);
        expect(vpcs("stopped")).toBe(1);
        expect((await orchestrator.deploy(base("stopped"))).outcome).toBe("unchanged");
      },
      { leaseMs },
    );
  },
);

onLinux("one stopped after up hands nothing on when it goes on: who took over did", async () => {
  const leaseMs = 6000;
  const first = await deployer({
    environment: "late",
    leaseMs,
    onEvent: `if (name === "stack.up.finished") ${STOPS_ITSELF}`,
  });
  go(first);
  await stopped(first);
  await untilEnginesEnded("late");
  await project.use(
    async (orchestrator) => {
      const [adopted] = await orchestrator.resume(base("late"));
      expect(adopted).toMatchObject({ state: "DONE", outcome: "applied", fence: 1 });
      const before = orchestrator.verifyJournal().entries;
      first.child.kill("SIGCONT");
      const [result] = await first.results;
      expect(result?.code).toBe("LEASE_LOST");
      expect(orchestrator.verifyJournal().entries).toBe(before);
      expect(orchestrator.outputs(base("late"))?.version).toBe(1);
    },
    { leaseMs },
  );
});

/** Moves the wall clock of a process: by \`shiftMs\` now, by what \`jump\` says later. */
const movedClock = (shiftMs: number): string => `
let shift = ${shiftMs};
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) { if (given.length === 0) super(RealDate.now() + shift); else super(...given); }
  static now() { return RealDate.now() + shift; }
};
const jump = (ms) => { shift += ms; };
`;

onLinux(
  "clocks that are an hour apart, and one that moves by an hour meanwhile, change nothing",
  async () => {
    slow("clock", 5000);
    const hour = 3_600_000;
    const leaseMs = 20_000;
    const first = await deployer({
      environment: "clock",
      leaseMs,
      before: movedClock(0),
      onEvent: `if (${VPC_BEGINS}) { jump(${hour}); say("creating"); }`,
    });
    const [behind, ahead] = await Promise.all(
      [-hour, hour].map((shift) => deployer({ environment: "clock", leaseMs, before: movedClock(shift) })),
    );
    if (behind === undefined || ahead === undefined) return expect.unreachable();
    go(first);
    await first.said("creating");
    for (const other of [behind, ahead]) go(other);
    for (const [told] of [await behind.results, await ahead.results]) {
      expect(told).toMatchObject({ outcome: "cancelled", code: "STACK_BUSY" });
      expect(told?.message).toContain(`process ${first.child.pid} on`);
    }
    expect((await first.results)[0]).toMatchObject({ outcome: "applied", fence: 1 });
    expect(vpcs("clock")).toBe(1);
  },
);

/** Every up that was begun, by the journal. */
async function upsOf(environment: string): Promise<readonly (number | undefined)[]> {
  return project.use(async (orchestrator) =>
    orchestrator
      .runs({ environment, limit: 100 })
      .filter(({ timeline }) => timeline.some(({ state }) => state === "APPLYING"))
      .map(({ fence }) => fence),
  );
}

test("of two processes that deploy at once one applies, and the other is told before it plans anything", async () => {
  slow("two", 3000);
  const both = await Promise.all([deployer({ environment: "two" }), deployer({ environment: "two" })]);
  for (const one of both) go(one);
  const results = (await Promise.all(both.map(({ results }) => results))).flat();
  const applied = results.filter(({ outcome }) => outcome === "applied");
  expect([applied.length, results.length]).toEqual([1, 2]);
  const told = results.find(({ outcome }) => outcome !== "applied");
  expect(told).toMatchObject({ outcome: "cancelled", code: "STACK_BUSY" });
  expect(told?.message).toContain(`is being changed by ${applied[0]?.id}`);
  await project.use(async (orchestrator) => {
    const { timeline, state } = orchestrator.run(told?.id ?? "");
    expect([state, timeline.map((entry) => entry.state)]).toEqual(["DONE", ["PENDING", "DONE"]]);
  });
  expect(vpcs("two")).toBe(1);
});

test("those who wait go one after the other, each reviewed on the state that it meets", async () => {
  slow("queue", 3000);
  const queue = { environment: "queue", waitMs: 600_000 };
  const three = await Promise.all([deployer(queue), deployer({ ...queue, times: 2 })]);
  for (const one of three) go(one);
  const results = (await Promise.all(three.map(({ results }) => results))).flat();
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(["applied", "unchanged", "unchanged"]);
  expect(results.filter(({ waited }) => waited > 0).length).toBe(2);
  expect(vpcs("queue")).toBe(1);
});

test("of twenty who deploy at once, from two processes, nothing is applied twice", async () => {
  slow("twenty", 3000);
  const both = await Promise.all([0, 1].map(() => deployer({ environment: "twenty", times: 10 })));
  for (const one of both) go(one);
  const results = (await Promise.all(both.map(({ results }) => results))).flat();
  expect(results).toHaveLength(20);
  expect(results.filter(({ outcome }) => outcome === "applied")).toHaveLength(1);
  // A late one may meet what the first has applied; all others were told.
  const others = results.filter(({ outcome }) => outcome !== "applied" && outcome !== "unchanged");
  for (const other of others) expect(other).toMatchObject({ outcome: "cancelled", code: "STACK_BUSY" });
  expect(await upsOf("twenty")).toHaveLength(1);
  expect(vpcs("twenty")).toBe(1);
});

test("a lease that is lost in the middle of up stops the engine, and the run says so", async () => {
  slow("lost", 2500);
  const store = leasesOf("lost");
  let robbed: Promise<void> | undefined;
  const rob = async (): Promise<void> => {
    for (;;) {
      const stored = await store.read("base/lost");
      if (stored === undefined) throw new TypeError("nobody holds it");
      const document = JSON.parse(stored.text);
      const holder = { ...document.holder, id: "another", name: "another" };
      const taken = JSON.stringify({ ...document, fence: document.fence + 1, holder });
      if ((await store.write("base/lost", taken, stored.version)) !== undefined) return;
      await sleep(10);
    }
  };
  await project.use(
    async (orchestrator) => {
      const record = await orchestrator.deploy(base("lost"));
      await robbed;
      expect([record.state, record.outcome, record.reason?.code]).toEqual(["DONE", "failed", "LEASE_LOST"]);
      expect(record.reason?.message).toContain("The engine was stopped");
      expect(orchestrator.outputs(base("lost"))).toBeUndefined();
      // Whoever has it now is not robbed in turn: it is of this very process, which lives, until it falls silent.
      const next = await orchestrator.deploy({ ...base("lost"), waitMs: 600_000 });
      expect([next.outcome, next.fence, next.reason?.message]).toEqual(["applied", 3, undefined]);
      expect(vpcs("lost")).toBe(1);
    },
    {
      leaseMs: 8000,
      onEvent: ({ name, data }) => {
        if (
          robbed === undefined &&
          name === "resource.started" &&
          !data.planning &&
          data.type === "aws:ec2/vpc:Vpc"
        )
          robbed = rob();
      },
    },
  );
  store.close();
});

test("who waits can leave, and a review whose time ends in the queue is not applied", async () => {
  const keeper = new LeaseKeeper(leasesOf("lapse"));
  const hold = async (): Promise<Lease> => {
    const held = await keeper.acquire({ key: "base/lapse", name: "someone", ttlMs: 600_000 });
    if ("position" in held) throw new TypeError("someone has it already");
    return held;
  };
  let now = new Date();
  let onWaiting: () => void = () => undefined;
  await project.use(
    async (orchestrator) => {
      const reviewed = await orchestrator.deploy(base("lapse"));
      expect([reviewed.state, reviewed.reason?.message]).toEqual(["WAIT_FOR_APPROVE", undefined]);
      const held = await hold();

      const abort = new AbortController();
      onWaiting = () => abort.abort();
      const left = await orchestrator.deploy({ ...base("lapse"), waitMs: 600_000, signal: abort.signal });
      expect([left.state, left.outcome, left.reason?.code]).toEqual(["DONE", "cancelled", "STACK_BUSY"]);
      expect(left.timeline.map(({ state }) => state)).toEqual(["PENDING", "DONE"]);

      // Busy leaves an approved run where it is.
      await expect(orchestrator.approve({ run: reviewed.id, by: "ben" })).rejects.toMatchObject({
        code: "STACK_BUSY",
        facts: { holder: "someone", pid: process.pid, position: 1 },
      });
      expect(orchestrator.run(reviewed.id)).toMatchObject({ state: "WAIT_FOR_APPROVE", approvalsMissing: 0 });

      onWaiting = () => {
        now = new Date(now.getTime() + 61 * 60_000);
        void keeper.release(held);
      };
      const lapsed = await orchestrator.approve({ run: reviewed.id, by: "ben", waitMs: 600_000 });
      expect([lapsed.outcome, lapsed.reason?.code, lapsed.fence]).toEqual([
        "expired",
        "APPROVAL_VOID",
        undefined,
      ]);
      expect(vpcs("lapse")).toBe(0);
    },
    {
      clock: () => now,
      onEvent: ({ name }) => {
        if (name === "stack.lease.waiting") onWaiting();
      },
    },
  );
  keeper.close();
});
