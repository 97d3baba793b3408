import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunRecord } from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { story } from "../story.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "cut", more: "policyPacks: []," },
    { name: "gate", more: 'policyPacks: [], approval: { type: "other-person" },' },
    { name: "gone", more: "policyPacks: []," },
    { name: "made", more: "policyPacks: []," },
  ]);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });
const stateFile = (environment: string): string =>
  join(project.root, ".groundplane/state", environment, ".pulumi/stacks/base", `${environment}.json`);

function countOf(environment: string, type: string): number {
  return inCloud(project.root, environment, (store) => store.list({ type }).length);
}

async function engineOf(environment: string): Promise<number> {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const [program, command, ...rest] = words.split("\0");
    if (!program?.endsWith("/pulumi") || command !== "up" || !rest.includes(`--stack=${environment}`))
      continue;
    // Another project of the tests may have an environment of the same name.
    if (readlinkSync(`/proc/${pid}/cwd`).startsWith(project.root)) return Number(pid);
  }
  throw new TypeError("no engine runs");
}

const VPC = "aws:ec2/vpc:Vpc";

/** The engine wrote down that it creates the VPC, and that everything else is through. */
function isAllThatIsPending(environment: string): boolean {
  const { latest } = JSON.parse(readFileSync(stateFile(environment), "utf8")).checkpoint;
  const urns: string[] = (latest.pending_operations ?? []).map(
    (mark: { resource: { urn: string } }) => mark.resource.urn,
  );
  return urns.length === 1 && urns[0]?.includes(`::${VPC}::`) === true && latest.resources.length > 2;
}

/** Deploys, and kills the engine while it creates the VPC: before the cloud made it, or after. */
async function killedCreate(environment: string, moment: "before" | "after"): Promise<RunRecord> {
  inCloud(project.root, environment, (store) =>
    store.addFault({ type: VPC, operation: "create", moment, hang: true, times: 1 }),
  );
  let killed: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    while (countOf(environment, VPC) < (moment === "after" ? 1 : 0) || !isAllThatIsPending(environment))
      await sleep(50);
    process.kill(await engineOf(environment), "SIGKILL");
  };
  return project.use(
    async (orchestrator) => {
      const run = await orchestrator.deploy(base(environment));
      await killed;
      return run;
    },
    {
      onEvent: ({ name, data }) => {
        if (name === "resource.started" && !data.planning && data.type === VPC) killed ??= kill();
      },
    },
  );
}

const onLinux = test.skipIf(process.platform !== "linux");

describe("an engine that was killed in the middle of a create", () => {
  onLinux("is told by name; what does not exist is settled as gone, and then made once", async () => {
    const killed = await killedCreate("gone", "before");
    expect(story(killed)).toMatch(
      /^DONE \| failed \| ENGINE_FAILED .*uncertain: .*groundplane pending gone base/s,
    );
    const ref = { stack: "base", environment: "gone" };
    await project.use(async (orchestrator) => {
      const report = await orchestrator.pending(ref);
      expect(report.operations).toMatchObject([
        { operation: "creating", type: VPC, name: "main", told: "began", run: killed.id },
      ]);
      expect(report.operations[0]?.inputs).toMatchObject({ cidrBlock: "10.0.0.0/16" });
      const blocked = await orchestrator.deploy(base("gone"));
      expect(story(blocked)).toContain("BLOCKED");
      expect(blocked.findings[0]?.remedy).toContain("groundplane pending gone base");

      // Of several, none may be left undecided.
      const undecided = await orchestrator.settle(base("gone"));
      expect(story(undecided)).toMatch(/DONE \| failed \| INVALID_ARGUMENT \| .*::main/);
      const urn = report.operations[0]?.urn ?? "";
      const wrong = await orchestrator.settle({
        ...base("gone"),
        adopt: [{ urn, id: "vpc-0a1b2c3d4e5f60718" }],
      });
      expect(story(wrong)).toMatch(
        /DONE \| failed \| ENGINE_FAILED \| .*nothing was changed.*it has no aws:ec2/s,
      );
      expect((await orchestrator.pending(ref)).operations).toHaveLength(1);

      const settled = await orchestrator.settle({ ...base("gone"), gone: [urn] });
      expect(story(settled)).toBe("DONE | applied");
      expect(settled.findings.map(({ rule }) => rule)).toEqual(["pending-gone"]);
      expect((await orchestrator.pending(ref)).operations).toEqual([]);
      expect(story(await orchestrator.deploy(base("gone")))).toBe("DONE | applied");
      expect(countOf("gone", VPC)).toBe(1);
      // The engine's lock was left too, and nobody had to clear it.
      expect(await orchestrator.unlock(ref)).toEqual([]);
    });
  });

  onLinux("is told by name; what exists is adopted by its id, and never made twice", async () => {
    await killedCreate("made", "after");
    const ref = { stack: "base", environment: "made" };
    const id = inCloud(project.root, "made", (store) => {
      const [made] = store.list({ type: VPC });
      store.set(made?.id ?? "", "tags.Team", "someone-else");
      return made?.id ?? "";
    });
    await project.use(async (orchestrator) => {
      const [pending] = (await orchestrator.pending(ref)).operations;
      const urn = pending?.urn ?? "";
      const adopt = [{ urn, id }];
      const nothing = await orchestrator.settle({
        ...base("made"),
        adopt: [{ urn, id: `${id.slice(0, -4)}0000` }],
      });
      expect(story(nothing)).toMatch(/INVALID_ARGUMENT .*the cloud has no such thing/);
      // It is not what was reviewed: only by name.
      const blocked = await orchestrator.settle({ ...base("made"), adopt });
      expect(blocked.state).toBe("BLOCKED");
      expect(blocked.findings).toMatchObject([
        { rule: "adopted-differs", urn, message: expect.stringContaining("tags") },
      ]);
      const stray = await orchestrator.settle({ ...base("made"), adopt, confirm: ["urn:else"] });
      expect(story(stray)).toContain("CONFIRMATION_REQUIRED");
      const shown = await orchestrator.settle({ ...base("made"), adopt, confirm: [urn], previewOnly: true });
      expect(story(shown)).toContain("PREVIEW_ONLY");
      expect((await orchestrator.pending(ref)).operations).toHaveLength(1);

      const settled = await orchestrator.settle({ ...base("made"), adopt, confirm: [urn] });
      expect(story(settled)).toBe("DONE | applied");
      expect(orchestrator.changeSet(settled.id)).toMatchObject({
        operation: "state",
        counts: { import: 1 },
        changes: [{ urn, operation: "import", id }],
      });
      const next = await orchestrator.deploy(base("made"));
      expect(story(next)).toBe("DONE | applied");
      expect(next.counts).toMatchObject({ update: 1 });
      expect(orchestrator.outputs(ref)?.values["vpcId"]).toBe(id);
      expect(countOf("made", VPC)).toBe(1);
      expect(story(await orchestrator.deploy(base("made")))).toBe("DONE | unchanged");
    });
  });
});

describe("a state file that was cut short", () => {
  test("stops every command, which names the way out; restored, there are no changes and nothing was made twice", async () => {
    await project.use(async (orchestrator, events) => {
      const first = await orchestrator.deploy(base("cut"));
      expect(story(first)).toBe("DONE | applied");
      const whole = readFileSync(stateFile("cut"), "utf8");
      const broken = whole.slice(0, whole.length / 2);
      writeFileSync(stateFile("cut"), broken);

      for (const run of [
        await orchestrator.deploy(base("cut")),
        await orchestrator.preview(base("cut")),
        await orchestrator.destroy(base("cut")),
      ]) {
        expect(story(run)).toMatch(/^DONE \| failed \| STATE_CORRUPT \| .*groundplane restore cut base/);
      }
      await expect(orchestrator.drift({ stack: "base", environment: "cut" })).rejects.toMatchObject({
        code: "STATE_CORRUPT",
        message: expect.stringContaining("groundplane restore cut base"),
      });

      const kept = orchestrator.backups({ stack: "base", environment: "cut" });
      expect(kept).toMatchObject([
        { run: first.id, moment: "after", intact: true, resources: 2 },
        { run: first.id, moment: "before", intact: true, resources: 0 },
      ]);

      const shown = await orchestrator.restore({ ...base("cut"), previewOnly: true });
      expect(story(shown)).toContain("DONE | cancelled | PREVIEW_ONLY");
      expect(readFileSync(stateFile("cut"), "utf8")).toBe(broken);

      const restored = await orchestrator.restore(base("cut"));
      expect(story(restored)).toBe("DONE | applied");
      expect(restored.findings.map(({ rule }) => rule)).toEqual(["state-unreadable"]);
      expect(orchestrator.changeSet(restored.id)).toMatchObject({
        operation: "state",
        counts: { import: 4 },
        unreadable: expect.stringContaining("cannot be read"),
      });
      expect(readFileSync(orchestrator.artifactFile(restored.id, "state-broken"), "utf8")).toBe(broken);
      const page = readFileSync(orchestrator.artifactFile(restored.id, "review"), "utf8");
      expect(page.includes("Only the state is written; nothing in the cloud changes.")).toBe(true);

      const before = events.length;
      expect(story(await orchestrator.deploy(base("cut")))).toBe("DONE | unchanged");
      expect(events.slice(before).map(({ name }) => name)).not.toContain("stack.up.started");
      expect(countOf("cut", "aws:ec2/vpc:Vpc")).toBe(1);
      // What stands is what was kept last: there is nothing to restore.
      expect(story(await orchestrator.restore(base("cut")))).toBe("DONE | unchanged");
    });
  });

  test.each([
    ["empty", ""],
    ["an object without a deployment", "{}"],
    ["no JSON", "garbage"],
  ])("or is %s, is never taken for an empty stack", async (_what, text) => {
    const whole = readFileSync(stateFile("cut"), "utf8");
    writeFileSync(stateFile("cut"), text);
    await project.use(async (orchestrator) => {
      expect(story(await orchestrator.preview(base("cut")))).toContain("STATE_CORRUPT");
    });
    writeFileSync(stateFile("cut"), whole);
  });
});

describe("an older state", () => {
  test("takes the place of the present one only once approved; what it forgets is named, and stays in the cloud", async () => {
    await project.use(async (orchestrator) => {
      const approved = async (run: RunRecord): Promise<RunRecord> =>
        orchestrator.approve({ run: run.id, by: "ben" });
      const first = await approved(await orchestrator.deploy(base("gate")));
      expect(story(first)).toBe("DONE | applied");
      await project.configure("gate", { logs: true });
      expect(story(await approved(await orchestrator.deploy(base("gate"))))).toBe("DONE | applied");

      const asked = await orchestrator.restore({ ...base("gate"), from: { run: first.id } });
      expect(asked.state).toBe("WAIT_FOR_APPROVE");
      expect(asked.findings).toMatchObject([
        { rule: "state-forgets", enforcement: "advisory", urn: expect.stringContaining("::logs") },
      ]);
      await expect(orchestrator.approve({ run: asked.id, by: "ann" })).rejects.toMatchObject({
        code: "APPROVAL_REFUSED",
      });
      const second = await orchestrator.restore({ ...base("gate"), from: { run: first.id } });
      expect(story(await approved(asked))).toBe("DONE | applied");
      // The other review began from the state that was there before.
      expect(story(await approved(second))).toMatch(/^DONE \| expired \| APPROVAL_VOID \| .*state/);
      expect(countOf("gate", "aws:cloudwatch/logGroup:LogGroup")).toBe(1);
      const { counts } = orchestrator.run((await orchestrator.preview(base("gate"))).id);
      expect(counts).toMatchObject({ create: 1 });
      // And the state that it took the place of was kept.
      const [, kept] = orchestrator.backups({ stack: "base", environment: "gate" });
      expect(kept).toMatchObject({ run: asked.id, moment: "before", resources: 3 });
      const back = await approved(
        await orchestrator.restore({ ...base("gate"), from: { run: asked.id, moment: "before" } }),
      );
      expect(story(back)).toBe("DONE | applied");
      expect(story(await orchestrator.deploy(base("gate")))).toBe("DONE | unchanged");
    });
  });

  test("fails when it was changed since it was kept, or is not there", async () => {
    await project.use(async (orchestrator) => {
      const [kept] = orchestrator.backups({ stack: "base", environment: "gate" });
      const run = kept?.run ?? "";
      const file = orchestrator.artifactFile(run, "state-after");
      writeFileSync(file, readFileSync(file, "utf8").replace("10.0.0.0", "10.9.0.0"));
      await expect(orchestrator.restore({ ...base("gate"), from: { run } })).rejects.toMatchObject({
        code: "BACKUP_REFUSED",
      });
      await expect(
        orchestrator.restore({ ...base("gate"), from: { run: "run-20200101-000000-aaaaaa" } }),
      ).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
    });
  });
});
