import { openDrift } from "@groundplane/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev" },
    { name: "gate", more: 'approval: { type: "any-person" },' },
    // Nothing is ever deployed there.
    { name: "bare" },
  ]);
  await addLoneStack(project);
});
afterAll(() => project.remove());

const LONE_PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";

export default defineStack({
  name: "lone",
  config: z.object({}),
  outputs: z.object({ group: z.string() }),
  program: ({ tags }) => ({ group: new aws.ec2.SecurityGroup("lone", { description: "needs nobody", tags }).id }),
});
`;

/** A stack that needs no other, and that no other needs. */
async function addLoneStack(to: TestProject): Promise<void> {
  await to.write("stacks/lone/index.ts", LONE_PROGRAM);
  const settings = await to.read("stacks/app/Pulumi.yaml");
  await to.write("stacks/lone/Pulumi.yaml", settings.replace("name: app", "name: lone"));
  const config = await to.read("groundplane.config.ts");
  await to.write("groundplane.config.ts", config.replace('"stacks/app"]', '"stacks/app", "stacks/lone"]'));
}

/** Another one works on the Vpc of dev. */
function changeBehindItsBack({ root }: TestProject): void {
  inCloud(root, "dev", (store, idOf) => store.set(idOf(":Vpc"), "tags.Team", "hacker"));
}

const states = (
  runs: ReadonlyMap<string, { readonly state: string; readonly outcome?: string | undefined }>,
) => Object.fromEntries([...runs].map(([stack, { state, outcome }]) => [stack, outcome ?? state]));

test("an environment is deployed in dependency order; its drift is read; only what changed is affected", async () => {
  await project.use(async (orchestrator, events) => {
    const first = await orchestrator.deployEnvironment({ environment: "dev", requester: "ann" });
    expect(states(first.runs)).toEqual({ base: "applied", app: "applied", lone: "applied" });
    expect([...first.runs.keys()].indexOf("base")).toBeLessThan([...first.runs.keys()].indexOf("app"));
    const told = events.flatMap(({ name, stack }) =>
      name.startsWith("stack.up.") ? [`${stack} ${name}`] : [],
    );
    expect(told.indexOf("base stack.up.finished")).toBeLessThan(told.indexOf("app stack.up.started"));

    const calm = await orchestrator.deployEnvironment({
      ...{ environment: "dev", requester: "ann", affectedOnly: true },
    });
    expect([calm.runs.size, calm.affected.size, [...calm.unaffected.keys()].sort()]).toEqual([
      0,
      0,
      ["app", "base", "lone"],
    ]);
    changeBehindItsBack(project);
    const drift = await orchestrator.driftEnvironment({ environment: "dev" });
    expect(drift.stacks.map((one) => ["report" in one && openDrift(one.report).length, one.stack])).toEqual([
      [1, "base"],
      [0, "app"],
      [0, "lone"],
    ]);
    const plain = await orchestrator.previewEnvironment({ environment: "dev", requester: "ann" });
    expect(states(plain.runs)).toEqual({ base: "unchanged", app: "unchanged", lone: "unchanged" });
    const mended = await orchestrator.deployEnvironment({
      environment: "dev",
      requester: "ann",
      refresh: true,
      stacks: ["base", "app"],
    });
    expect(states(mended.runs)).toEqual({ base: "applied", app: "unchanged" });
    expect(mended.runs.get("app")).toMatchObject({ refresh: true });

    await project.write("stacks/lone/index.ts", LONE_PROGRAM.replace("needs nobody", "needs nobody at all"));
    const { runs, affected } = await orchestrator.previewEnvironment({
      ...{ environment: "dev", requester: "ann", affectedOnly: true },
    });
    expect(states(runs)).toEqual({ lone: "cancelled" });
    expect(affected.get("lone")).toMatchObject({ reason: "changed", parts: ["program"] });
  });
});

test("an environment is destroyed the other way round, and data only on a word", async () => {
  await project.use(async (orchestrator) => {
    const chosen = { environment: "dev", requester: "ann", stacks: ["base", "app"] };
    const refused = await orchestrator.destroyEnvironment(chosen);
    expect(states(refused.runs)).toEqual({ app: "BLOCKED" });
    expect(refused.skipped).toEqual([{ stack: "base", reason: "failed", because: "app" }]);
    const losses = [
      ...(refused.runs.get("app")?.findings ?? []),
      ...(await orchestrator.destroy({ stack: "base", environment: "dev", requester: "ann" })).findings,
    ].flatMap(({ rule, urn }) => (rule === "data-loss" && urn !== undefined ? [urn] : []));
    const gone = await orchestrator.destroyEnvironment({ ...chosen, confirm: losses });
    expect(states(gone.runs)).toEqual({ app: "applied", base: "applied" });
  });
});

test("a stack that waits for approval holds back those that need it", async () => {
  await project.use(async (orchestrator) => {
    const { runs, skipped } = await orchestrator.deployEnvironment({
      environment: "gate",
      requester: "ann",
      concurrency: 1,
    });
    // Only those: what does not need it is reviewed too, also without keepGoing.
    expect(states(runs)).toEqual({ base: "WAIT_FOR_APPROVE", lone: "WAIT_FOR_APPROVE" });
    expect(skipped).toEqual([{ stack: "app", reason: "waits", because: "base" }]);
  });
});

test("what waits is approved as one set, or not at all, and applied in order", async () => {
  await project.use(async (orchestrator) => {
    const set = orchestrator.reviewedSet("gate");
    expect(set.runs.map(({ stack }) => stack)).toEqual(["base", "lone"]);
    const request = { environment: "gate", by: "ben", digest: set.digest };
    // As it would have been looked at when only the first of them waited.
    const older = `sha256:${"0".repeat(64)}`;
    await expect(orchestrator.approveEnvironment({ ...request, digest: older })).rejects.toMatchObject({
      code: "APPROVAL_VOID",
    });
    expect(orchestrator.reviewedSet("gate").runs.flatMap(({ decisions }) => decisions)).toEqual([]);
    const done = await orchestrator.approveEnvironment(request);
    expect(states(done.runs)).toEqual({ base: "applied", lone: "applied" });
    await expect(orchestrator.approveEnvironment(request)).rejects.toMatchObject({
      code: "APPROVAL_VOID",
      message: expect.stringContaining("is applied"),
    });
    expect(orchestrator.reviewedSet("gate").runs).toEqual([]);
  });
});

test("a downstream review is void once its upstream of the same set hands on something else", async () => {
  await project.use(async (orchestrator) => {
    const request = { environment: "gate", requester: "ann" };
    const app = await orchestrator.deploy({ ...request, stack: "app" });
    expect(app.state).toBe("WAIT_FOR_APPROVE");
    const program = await project.read("stacks/base/index.ts");
    await project.write(
      "stacks/base/index.ts",
      program.replace('zones: ["eu-central-1a"]', 'zones: ["eu-central-1b"]'),
    );
    const base = await orchestrator.deploy({ ...request, stack: "base" });
    expect(base.state).toBe("WAIT_FOR_APPROVE");
    const { digest } = orchestrator.reviewedSet("gate");
    const done = await orchestrator.approveEnvironment({ environment: "gate", by: "ben", digest });
    expect(states(done.runs)).toEqual({ base: "applied", app: "expired" });
    expect(done.voided).toEqual([{ stack: "app", run: app.id, because: ["base"] }]);
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
    await expect(orchestrator.driftEnvironment({ environment: "bare" })).rejects.toMatchObject({
      code: "STACK_NOT_DEPLOYED",
    });
    await expect(orchestrator.resume({ environment: "dev", stack: "nope" })).rejects.toMatchObject({
      code: "STACK_NOT_FOUND",
    });
    await expect(orchestrator.deployEnvironment({ ...request, environment: "nope" })).rejects.toMatchObject({
      code: "ENVIRONMENT_NOT_FOUND",
    });
  });
});
