import { readFile } from "node:fs/promises";
import { type CostEstimate, costEstimateSchema, type RunRecord } from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { codeOfLater } from "../code-of.ts";
import { TestProject } from "../project.ts";

const base = { stack: "base", environment: "dev", requester: "rita" } as const;
const LOGS = "aws:cloudwatch/logGroup:LogGroup";

function estimateOf(run: RunRecord): CostEstimate {
  const estimate = run.cost?.estimate;
  if (estimate === undefined) throw new TypeError(`no estimate: ${run.cost?.problem ?? run.reason?.message}`);
  return estimate;
}

describe("the cost of a change", () => {
  let project: TestProject;
  let held: RunRecord;

  beforeAll(async () => {
    project = await TestProject.create([
      {
        name: "dev",
        more: `cost: { assumptions: { logIngestGb: 10, logStorageGb: 0 } }, budget: { monthlyUsd: 7, liftedBy: ["grace"] },`,
      },
    ]);
  });
  afterAll(() => project.remove());

  test("a stack of what is free costs nothing, and is not held", async () => {
    const run = await project.use((orchestrator) => orchestrator.deploy(base));
    expect(run.outcome).toBe("applied");
    expect(estimateOf(run).items).toEqual([]);
    expect(run.cost?.budget).toMatchObject({ percent: 0, monthlyUsd: 7 });
    expect(run.budgetLift).toBeUndefined();
  });

  test("what brings the forecast to the brake is held, though nobody's approval is missing", async () => {
    await project.configure("dev", { logs: true });
    const { run, names } = await project.use(async (orchestrator, events) => {
      const run = await orchestrator.deploy(base);
      return { run, names: events.map(({ name }) => name) };
    });
    held = run;
    expect(run).toMatchObject({ state: "WAIT_FOR_APPROVE", approvalsMissing: 1 });
    expect(run.approvalRule).toEqual({ type: "automatic" });
    // 10 GB a month at Frankfurt's 0.63 USD.
    expect(estimateOf(run).change.expected).toBeCloseTo(6.3, 6);
    expect(estimateOf(run).items).toMatchObject([{ type: LOGS, operation: "create", unknown: [] }]);
    expect(run.cost?.budget).toMatchObject({ percent: 90, brake: expect.stringContaining("90 %") });
    expect(run.findings.map(({ rule }) => rule)).toContain("budget-brake");
    expect(names).toContain("stack.cost.estimated");
  });

  test("the estimate is a file of the run, and on its page", async () => {
    const [file, page] = await project.use(async (orchestrator) => [
      await readFile(orchestrator.artifactFile(held.id, "cost"), "utf8"),
      await readFile(orchestrator.artifactFile(held.id, "review"), "utf8"),
    ]);
    const { estimate } = z.object({ estimate: costEstimateSchema }).parse(JSON.parse(file ?? ""));
    expect(estimate.assumptions).toContainEqual(
      expect.objectContaining({ name: "logIngestGb", expected: 10, given: true }),
    );
    expect(page).toContain("Held by the budget&#39;s brake");
    expect(page).toContain("+6.30");
  });

  test("neither an approval nor the wrong person lifts it; the named one does, and it is applied", async () => {
    const applied = await project.use(async (orchestrator) => {
      const lift = { run: held.id, reason: "load test until Friday" };
      expect(await codeOfLater(() => orchestrator.approve({ run: held.id, by: "grace" }))).toBe(
        "BUDGET_BRAKE",
      );
      const { digest } = orchestrator.reviewedSet("dev");
      const all = orchestrator.approveEnvironment({ environment: "dev", by: "grace", digest });
      await expect(all).rejects.toMatchObject({
        code: "BUDGET_BRAKE",
        message: expect.stringContaining(`groundplane lift-budget ${held.id}`),
      });
      expect(await codeOfLater(() => orchestrator.liftBudget({ ...lift, by: "eve" }))).toBe(
        "APPROVAL_REFUSED",
      );
      expect(await codeOfLater(() => orchestrator.liftBudget({ ...lift, by: "grace", reason: "so" }))).toBe(
        "INVALID_ARGUMENT",
      );
      expect(orchestrator.run(held.id)).toMatchObject({ state: "WAIT_FOR_APPROVE", approvalsMissing: 1 });
      const run = await orchestrator.liftBudget({ ...lift, by: "grace" });
      orchestrator.verifyJournal();
      return run;
    });
    expect(applied).toMatchObject({ state: "DONE", outcome: "applied", budgetLift: { by: "grace" } });
    expect(applied.budgetLift?.digest).toBe(applied.digest?.digest);
  });

  test("the other stacks' last estimates count; what costs nothing more is not held", async () => {
    const run = await project.use((orchestrator) => orchestrator.deploy({ ...base, stack: "app" }));
    expect(run).toMatchObject({ outcome: "applied" });
    expect(run.cost?.budget).toMatchObject({ percent: 90 });
    expect(run.cost?.budget?.stacks.map(({ stack, after }) => [stack, after?.expected])).toEqual([
      ["app", 0],
      ["base", 6.3],
    ]);
  });

  test("a preview of what is taken away shows what is saved, and a destroy all of it", async () => {
    await project.configure("dev", { logs: false });
    const preview = await project.use((orchestrator) => orchestrator.preview(base));
    expect(estimateOf(preview).change.expected).toBeCloseTo(-6.3, 6);
    expect(preview.cost?.budget?.brake).toBeUndefined();
    await project.use((orchestrator) => orchestrator.destroy({ ...base, stack: "app" }));
    const { run, logs } = await project.use(async (orchestrator) => {
      const blocked = await orchestrator.destroy(base);
      const found = orchestrator.changeSet(blocked.id).changes.find(({ type }) => type === LOGS);
      return { run: blocked, logs: found };
    });
    expect(logs?.was?.inputs).toMatchObject({ retentionInDays: 30 });
    expect(estimateOf(run).before.expected).toBeCloseTo(6.3, 6);
    expect(estimateOf(run).after).toEqual({ low: 0, expected: 0, high: 0, unknown: 0 });
    expect(run.cost?.budget).toMatchObject({ percent: 0 });
  });
});
