import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev" },
    { name: "gate", more: 'approval: { type: "any-person" },' },
  ]);
});
afterAll(() => project.remove());

const states = (
  runs: ReadonlyMap<string, { readonly state: string; readonly outcome?: string | undefined }>,
) => Object.fromEntries([...runs].map(([stack, { state, outcome }]) => [stack, outcome ?? state]));

test("an environment is deployed in dependency order, and destroyed the other way round", async () => {
  await project.use(async (orchestrator, events) => {
    const first = await orchestrator.deployEnvironment({ environment: "dev", requester: "ann" });
    expect(states(first.runs)).toEqual({ base: "applied", app: "applied" });
    const ups = events.filter(({ name }) => name === "stack.up.started").map(({ stack }) => stack);
    expect(ups).toEqual(["base", "app"]);
    const second = await orchestrator.deployEnvironment({ environment: "dev", requester: "ann" });
    expect(states(second.runs)).toEqual({ base: "unchanged", app: "unchanged" });

    const refused = await orchestrator.destroyEnvironment({ environment: "dev", requester: "ann" });
    expect(states(refused.runs)).toEqual({ app: "BLOCKED" });
    expect(refused.skipped).toEqual([{ stack: "base", because: "app" }]);
    const losses = [
      ...(refused.runs.get("app")?.findings ?? []),
      ...(await orchestrator.destroy({ stack: "base", environment: "dev", requester: "ann" })).findings,
    ].flatMap(({ rule, urn }) => (rule === "data-loss" && urn !== undefined ? [urn] : []));
    const gone = await orchestrator.destroyEnvironment({
      environment: "dev",
      requester: "ann",
      confirm: losses,
    });
    expect(states(gone.runs)).toEqual({ app: "applied", base: "applied" });
  });
});

test("a stack that waits for approval holds back those that need it", async () => {
  await project.use(async (orchestrator) => {
    const { runs, skipped } = await orchestrator.deployEnvironment({
      environment: "gate",
      requester: "ann",
      keepGoing: true,
    });
    expect(states(runs)).toEqual({ base: "WAIT_FOR_APPROVE" });
    expect(skipped).toEqual([{ stack: "app", because: "base" }]);
  });
});

test("fails when nothing matches, or a confirmation speaks of another stack", async () => {
  await project.use(async (orchestrator) => {
    const request = { environment: "dev", requester: "ann" };
    await expect(orchestrator.deployEnvironment({ ...request, stacks: [] })).rejects.toMatchObject({
      code: "STACK_NOT_FOUND",
    });
    await expect(
      orchestrator.deployEnvironment({ ...request, confirm: ["urn:pulumi:dev::nope::x::y"] }),
    ).rejects.toMatchObject({
      code: "CONFIRMATION_REQUIRED",
    });
    await expect(orchestrator.deployEnvironment({ ...request, environment: "nope" })).rejects.toMatchObject({
      code: "ENVIRONMENT_NOT_FOUND",
    });
  });
});
