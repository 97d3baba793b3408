import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import { SandboxStore } from "@groundplane/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestProject } from "../project.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "cut", more: "policyPacks: []," },
    { name: "gate", more: 'policyPacks: [], approval: { type: "other-person" },' },
  ]);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });
const stateFile = (environment: string): string =>
  join(project.root, ".groundplane/state", environment, ".pulumi/stacks/base", `${environment}.json`);

function story({ state, outcome, reason }: RunRecord): string {
  return [state, outcome, reason?.code, reason?.message].filter(Boolean).join(" | ");
}

function inCloud(environment: string, type: string): number {
  const store = SandboxStore.open(join(project.root, ".groundplane/sandbox", `${environment}.db`));
  try {
    return store.list({ type }).length;
  } finally {
    store.close();
  }
}

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
      expect(inCloud("cut", "aws:ec2/vpc:Vpc")).toBe(1);
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
      expect(inCloud("gate", "aws:cloudwatch/logGroup:LogGroup")).toBe(1);
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
