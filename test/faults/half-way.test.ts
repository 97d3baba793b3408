import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create(["again", "gone"].map((name) => ({ name, more: "policyPacks: []," })));
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

const made = (environment: string): readonly string[] =>
  inCloud(project.root, environment, (store) =>
    store
      .list()
      .flatMap(({ type, urn }) => (urn === "" ? [] : [type]))
      .sort(),
  );

function failParameter(environment: string, moment: "before" | "after"): void {
  inCloud(project.root, environment, (store) =>
    store.addFault({
      type: "aws:ssm/*",
      operation: "create",
      moment,
      error: "ServiceUnavailable: told to fail",
      times: 1,
    }),
  );
}

test("an empty stack is destroyed without a change, and stays empty", async () => {
  await project.use(async (orchestrator, events) => {
    for (const _ of [1, 2]) {
      const run = await orchestrator.destroy(base("gone"));
      expect([run.outcome, run.reason?.message, run.counts]).toEqual(["unchanged", undefined, {}]);
    }
    expect(events.map(({ name }) => name)).not.toContain("stack.destroy.started");
  });
  const state = JSON.parse(await project.read(".groundplane/state/gone/.pulumi/stacks/base/gone.json"));
  expect(state.checkpoint.latest?.resources ?? []).toEqual([]);
});

test("what a failing deploy left is destroyed, and nothing of the rest is made on the way", async () => {
  failParameter("gone", "before");
  await project.use(async (orchestrator) => {
    const failed = await orchestrator.deploy(base("gone"));
    expect([failed.outcome, failed.reason?.message]).toEqual([
      "failed",
      expect.stringContaining("told to fail"),
    ]);
    const destroyed = await orchestrator.destroy(base("gone"));
    expect([destroyed.outcome, destroyed.reason?.message]).toEqual([
      expect.stringMatching(/applied|unchanged/),
      undefined,
    ]);
    const operations = orchestrator.changeSet(destroyed.id).changes.map(({ operation }) => operation);
    expect(operations.filter((operation) => operation !== "delete")).toEqual([]);
    expect(made("gone")).toEqual([]);
    expect((await orchestrator.destroy(base("gone"))).outcome).toBe("unchanged");
  });
});

test("an error that comes after the cloud has done it is told, and leaves what the next person must know", async () => {
  failParameter("again", "after");
  await project.use(async (orchestrator) => {
    const failed = await orchestrator.deploy(base("again"));
    expect([failed.outcome, failed.reason?.message]).toEqual([
      "failed",
      expect.stringContaining("told to fail"),
    ]);
    // The parameter is there, and the state does not know: the cloud refuses the second one of that name, or it
    // is made under another; either way the run says what the cloud said.
    const again = await orchestrator.deploy(base("again"));
    const there = made("again");
    if (again.outcome === "applied") expect(there).toContain("aws:ec2/vpc:Vpc");
    else expect(again.reason?.message).toMatch(/exist/i);
    expect(there.filter((type) => type === "aws:ec2/vpc:Vpc")).toHaveLength(1);
  });
});
