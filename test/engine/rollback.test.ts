import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { story } from "../story.ts";

const back = 'onFailure: "roll-back",';
/** Several deployments in one test, on a machine that does other things as well. */
const LONG_MS = 600_000;
vi.setConfig({ testTimeout: LONG_MS });
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

const program = () => project.read("stacks/base/index.ts");

/** Another program for the stack, until `restore` is called. */
async function rewrite(change: (text: string) => string): Promise<() => Promise<void>> {
  const text = await program();
  const changed = change(text);
  expect(changed).not.toBe(text);
  await project.write("stacks/base/index.ts", changed);
  return () => project.write("stacks/base/index.ts", text);
}

const tagsOf = (environment: string): unknown =>
  inCloud(project.root, environment, (store) => store.list({ type: "aws:ec2/vpc:Vpc" })[0]?.outputs["tags"]);

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

const failing = (text: string): string =>
  text
    .replace("const vpc =", 'new aws.ec2.Eip("later", { tags });\n    const vpc =')
    .replace(
      'name: "is not failing",',
      'name: "never holds",\n      check: () => { throw new TypeError("this version is bad"); },\n    },\n    {\n      name: "is not failing",',
    );

function fault(environment: string, type: string, error: string): void {
  // Slow, so that what does not wait for it is done by then.
  inCloud(project.root, environment, (store) =>
    store.addFault({ type, operation: "create", delayMs: 2000, error, times: 1 }),
  );
}

describe("a deployment that fails, where the rule is to roll back", () => {
  test("goes back in the same run when a provider fails half-way", async () => {
    await project.configure("half", { owner: "first" });
    const first = await project.use((orchestrator) => orchestrator.deploy(base("half")));
    expect([story(first), first.onFailure]).toEqual(["DONE | applied", { rule: "roll-back" }]);

    await project.configure("half", { owner: "second", logs: true });
    fault("half", "aws:cloudwatch/logGroup:LogGroup", "ServiceUnavailable: not today");
    await project.use(async (orchestrator, events) => {
      const run = await orchestrator.deploy(base("half"));
      expect(story(run)).toContain("DONE | rolled-back | ENGINE_FAILED");
      expect(run.reason?.message).toContain("not today");
      expect(run.timeline.map(({ state }) => state).slice(-3)).toEqual(["APPLYING", "ROLLBACK", "DONE"]);
      expect(run.onFailure).toEqual({ rule: "roll-back", to: first.id });
      expect(run.rollback).toMatchObject({ to: first.id, late: [] });
      expect(run.rollback?.finishedAt).toBeDefined();
      expect(tagsOf("half")).toMatchObject({ Team: "first" });
      const told = events.map(({ name }) => name).filter((name) => /^stack\.(up|rollback)\./.test(name));
      expect(told).toEqual([
        ...["stack.up.started", "stack.up.finished", "stack.rollback.started"],
        ...["stack.up.started", "stack.up.finished", "stack.rollback.finished"],
      ]);
      expect(orchestrator.returnPoints(subject("half"))).toMatchObject([{ run: first.id, stands: true }]);
      await project.configure("half", { owner: "first" });
    });
    await project.use(async (orchestrator) => {
      expect(story(await orchestrator.deploy(base("half")))).toBe("DONE | unchanged");
    });
  });

  test("goes back when its checks fail, and holds the target to the target's own checks", async () => {
    const first = await project.use((orchestrator) => orchestrator.deploy(base("check")));
    const restore = await rewrite(failing);
    try {
      await project.use(async (orchestrator) => {
        const run = await orchestrator.deploy(base("check"));
        expect(story(run)).toContain("DONE | rolled-back | VERIFICATION_FAILED");
        expect(run.reason?.message).toContain("this version is bad");
        expect(run.rollback?.to).toBe(first.id);
        expect(inCloud(project.root, "check", (store) => store.list({ type: "aws:ec2/eip:Eip" }))).toEqual(
          [],
        );
        await expect(orchestrator.rollback({ ...base("check"), to: run.id })).rejects.toThrow(
          `was itself rolled back to run ${first.id}`,
        );
      });
    } finally {
      await restore();
    }
  });

  test("stops where there is nothing to go back to, and says so", async () => {
    await project.configure("first", { logs: true });
    inCloud(project.root, "first", (store) =>
      store.addFault({
        type: "aws:cloudwatch/logGroup:LogGroup",
        operation: "create",
        error: "no",
        times: 1,
      }),
    );
    await project.use(async (orchestrator) => {
      const run = await orchestrator.deploy(base("first"));
      expect(story(run)).toContain("DONE | failed | ENGINE_FAILED");
      expect(run.reason?.message).toContain("there was nothing to go back to");
      expect(run.rollback).toBeUndefined();
    });
  });

  test("does not lose data on the way: a person confirms it, and the clock runs from the failure", async () => {
    const first = await project.use((orchestrator) => orchestrator.deploy(base("lossy")));
    await project.configure("lossy", { logs: true });
    const restore = await rewrite(failing);
    const failed = await project.use((orchestrator) => orchestrator.deploy(base("lossy")));
    await restore();
    expect(story(failed)).toContain("DONE | failed | VERIFICATION_FAILED");
    expect(failed.reason?.message).toContain("this version is bad");
    expect(failed.reason?.message).toContain("it is blocked (data-loss: the change would delete logs");
    expect(failed.reason?.message).toContain(`groundplane rollback lossy base --to ${first.id}`);
    expect(failed.rollback?.beganAt).toBeUndefined();

    await project.use(
      async (orchestrator, events) => {
        const blocked = await orchestrator.rollback(base("lossy"));
        expect([blocked.state, blocked.returnTo]).toEqual(["BLOCKED", first.id]);
        const urns = blocked.findings.flatMap(({ rule, urn }) => (rule === "data-loss" ? [urn ?? ""] : []));
        expect(urns).toHaveLength(1);
        const run = await orchestrator.rollback({ ...base("lossy"), confirm: urns });
        expect(story(run)).toBe("DONE | rolled-back");
        expect(run.rollback).toMatchObject({
          to: first.id,
          failedRun: failed.id,
          since: failed.rollback?.since,
        });
        // Six minutes after the failure, by this orchestrator's clock.
        expect(run.rollback?.late).toMatchObject([{ phase: "begin" }]);
        expect(events.filter(({ name }) => name === "stack.rollback.late")).not.toEqual([]);
      },
      { clock: () => new Date(Date.now() + 6 * 60_000) },
    );
  });
});

describe("a protected environment", () => {
  test("is blocked without a way back; deploying what stands makes one", async () => {
    const approved = async (environment: string): Promise<RunRecord> =>
      project.use(async (orchestrator) => {
        const run = await orchestrator.deploy(base(environment));
        if (run.state !== "WAIT_FOR_APPROVE") return run;
        return orchestrator.approve({ run: run.id, by: "ben" });
      });
    const first = await approved("prod");
    expect(story(first)).toBe("DONE | applied");
    await rm(join(project.root, `.groundplane/runs/${first.id}/program.mjs`));

    await project.configure("prod", { owner: "second" });
    const blocked = await approved("prod");
    expect(blocked.state).toBe("BLOCKED");
    const found = blocked.findings.find(({ rule }) => rule === "no-rollback-path");
    expect(found?.message).toContain(`what run ${first.id} kept is gone or changed`);
    expect(found?.remedy).toContain("groundplane deploy prod base");

    await project.configure("prod", {});
    expect(story(await approved("prod"))).toBe("DONE | unchanged");
    await project.configure("prod", { owner: "second" });
    expect(story(await approved("prod"))).toBe("DONE | applied");
    await project.use(async (orchestrator) => {
      const points = orchestrator.returnPoints(subject("prod"));
      expect(points.map(({ outcome, stands, missing }) => [outcome, stands, missing])).toEqual([
        ["applied", true, []],
        ["unchanged", false, []],
        ["applied", false, ["program"]],
      ]);
    });
  });
});

test("a rollback waits for approval like any change; what it goes back to is checked again by whoever applies it", async () => {
  const deploy = async (owner: string): Promise<RunRecord> => {
    await project.configure("gate", { owner });
    return project.use(async (orchestrator) => {
      const run = await orchestrator.deploy(base("gate"));
      return orchestrator.approve({ run: run.id, by: "ben" });
    });
  };
  const first = await deploy("first");
  expect(story(await deploy("second"))).toBe("DONE | applied");
  const kept = join(project.root, `.groundplane/runs/${first.id}/program.mjs`);
  const text = await readFile(kept, "utf8");

  const waiting = await project.use((orchestrator) => orchestrator.rollback(base("gate")));
  expect([waiting.state, waiting.returnTo]).toEqual(["WAIT_FOR_APPROVE", first.id]);
  await writeFile(kept, text.replace("10.0.0.0/16", "10.9.0.0/16"));
  await project.use(async (orchestrator) => {
    const refused = await orchestrator.approve({ run: waiting.id, by: "ben" });
    expect(story(refused)).toContain("DONE | failed | ROLLBACK_UNAVAILABLE");
    expect(refused.reason?.message).toContain("its program is gone or was changed");
    await expect(orchestrator.rollback(base("gate"))).rejects.toMatchObject({ code: "ROLLBACK_UNAVAILABLE" });
    expect(orchestrator.returnPoints(subject("gate")).at(-1)).toMatchObject({
      missing: ["program"],
      next: false,
    });
  });

  await writeFile(kept, text);
  const again = await project.use((orchestrator) => orchestrator.rollback(base("gate")));
  await project.use(async (orchestrator) => {
    const page = await readFile(orchestrator.artifactFile(again.id, "review"), "utf8");
    expect(page).toContain("Roll back base in gate");
    expect(page).toContain(first.id);
    // Someone else's process: the context is made again from the journal.
    expect(story(await orchestrator.approve({ run: again.id, by: "ben" }))).toBe("DONE | rolled-back");
    expect(tagsOf("gate")).toMatchObject({ Team: "first" });
  });
});
