import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import { SandboxStore } from "@groundplane/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestProject } from "../project.ts";

const back = 'onFailure: "roll-back",';
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev" },
    { name: "gate", more: 'approval: { type: "any-person" },' },
    { name: "guard" },
    { name: "half", more: back },
    { name: "check", more: back },
    { name: "first", more: back },
    { name: "lossy", more: back },
    { name: "prod", more: 'protected: true, strict: false, approval: { type: "any-person" },' },
  ]);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });
const subject = (environment: string) => ({ stack: "base", environment });

/** What ended a run, in one line that a failing test shows. */
function story({ state, outcome, reason }: RunRecord): string {
  return [state, outcome, reason?.code, reason?.message].filter(Boolean).join(" | ");
}

const program = () => project.read("stacks/base/index.ts");

/** Another program for the stack, until `restore` is called. */
async function rewrite(change: (text: string) => string): Promise<() => Promise<void>> {
  const text = await program();
  const changed = change(text);
  expect(changed).not.toBe(text);
  await project.write("stacks/base/index.ts", changed);
  return () => project.write("stacks/base/index.ts", text);
}

function inCloud<Result>(environment: string, work: (store: SandboxStore) => Result): Result {
  const store = SandboxStore.open(join(project.root, `.groundplane/sandbox/${environment}.db`));
  try {
    return work(store);
  } finally {
    store.close();
  }
}

const tagsOf = (environment: string): unknown =>
  inCloud(environment, (store) => store.list({ type: "aws:ec2/vpc:Vpc" })[0]?.outputs["tags"]);

describe("a rollback that a person asks for", () => {
  test("brings back program, config, resources and outputs of then; the next one goes one further", async () => {
    await project.configure("dev", { owner: "first" });
    const restore = await rewrite((text) =>
      text
        .replace('zones: ["eu-central-1a"]', 'zones: ["eu-central-1a", "eu-central-1b"]')
        .replace("const vpc =", 'new aws.ec2.Eip("later", { tags });\n    const vpc ='),
    );
    const changed = await program();
    await restore();
    await project.use(async (orchestrator) => {
      const first = await orchestrator.deploy(base("dev"));
      expect(story(first)).toBe("DONE | applied");
      await project.write("stacks/base/index.ts", changed);
      await project.configure("dev", { owner: "second" });
    });
    // A process of its own for each program, as for a user.
    await project.use(async (orchestrator, events) => {
      const second = await orchestrator.deploy(base("dev"));
      expect(story(second)).toBe("DONE | applied");
      expect(orchestrator.outputs(subject("dev"))?.values["zones"]).toHaveLength(2);
      const points = orchestrator.returnPoints(subject("dev"));
      expect(points.map(({ run, stands, next, missing }) => [run, stands, next, missing])).toEqual([
        [second.id, true, false, []],
        [expect.stringMatching(/^run-/), false, true, []],
      ]);
      const first = points[1]?.run;

      const looked = await orchestrator.rollback({ ...base("dev"), previewOnly: true });
      expect([story(looked), looked.returnTo]).toEqual([expect.stringContaining("PREVIEW_ONLY"), first]);

      const rolled = await orchestrator.rollback(base("dev"));
      expect(story(rolled)).toBe("DONE | rolled-back");
      expect(rolled).toMatchObject({
        operation: "rollback",
        returnTo: first,
        counts: { delete: 1, update: 1 },
      });
      expect(rolled.rollback).toMatchObject({ to: first, late: [] });
      expect(rolled.rollback?.beganAt).toBeDefined();
      expect(rolled.rollback?.finishedAt).toBeDefined();
      expect(tagsOf("dev")).toMatchObject({ Team: "first" });
      expect(orchestrator.outputs(subject("dev"))?.values["zones"]).toEqual(["eu-central-1a"]);
      expect(events.map(({ name }) => name).filter((name) => name.startsWith("stack.rollback"))).toEqual([
        "stack.rollback.started",
        "stack.rollback.finished",
      ]);
      // What was in the folder is there as it was, and nothing was left beside it.
      expect(await program()).toBe(changed);
      expect(await project.read("stacks/base/Pulumi.dev.yaml")).toContain("second");
      expect(await readdir(join(project.root, "stacks/base/.groundplane"))).toEqual([]);

      await expect(orchestrator.rollback(base("dev"))).rejects.toMatchObject({
        code: "ROLLBACK_UNAVAILABLE",
        message: expect.stringContaining("before, there was nothing"),
      });
      const forth = await orchestrator.rollback({ ...base("dev"), to: second.id });
      expect([story(forth), forth.returnTo]).toEqual(["DONE | rolled-back", second.id]);
      expect(tagsOf("dev")).toMatchObject({ Team: "second" });
      const again = await orchestrator.rollback({ ...base("dev"), to: second.id });
      expect(story(again)).toBe("DONE | unchanged");
      await expect(orchestrator.rollback({ ...base("dev"), to: looked.id })).rejects.toMatchObject({
        code: "ROLLBACK_UNAVAILABLE",
      });
    });
    await restore();
  });
});
