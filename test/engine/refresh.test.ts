import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { story } from "../story.ts";

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev" },
    { name: "gate", more: 'approval: { type: "any-person" },' },
    { name: "taken" },
  ]);
  for (const environment of ["dev", "gate", "taken"]) await project.configure(environment, { logs: true });
  await project.use(async (orchestrator) => {
    for (const environment of ["dev", "gate", "taken"]) {
      const run = await orchestrator.deploy(base(environment));
      if (run.state === "WAIT_FOR_APPROVE") await orchestrator.approve({ run: run.id, by: "ben" });
      expect(orchestrator.run(run.id).outcome).toBe("applied");
    }
  });
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

const teamIn = (environment: string): unknown =>
  inCloud(project.root, environment, (store, idOf) => {
    const tags = store.get(idOf(":Vpc"))[0]?.outputs["tags"];
    return typeof tags === "object" && tags !== null && "Team" in tags ? tags.Team : undefined;
  });

test("a deployment that refreshes shows what drifted and brings it back; one that does not sees nothing", async () => {
  inCloud(project.root, "dev", (store, idOf) => {
    store.set(idOf(":Vpc"), "tags.Team", "hacker");
    store.remove(idOf(":LogGroup"));
  });
  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(base("dev")))).toBe("DONE | unchanged");

    const looked = await orchestrator.preview({ ...base("dev"), refresh: true });
    expect(story(looked)).toContain("PREVIEW_ONLY");
    expect(teamIn("dev")).toBe("hacker");

    const run = await orchestrator.deploy({ ...base("dev"), refresh: true });
    expect(story(run)).toBe("DONE | applied");
    expect(run.refresh).toBe(true);
    expect(run.counts).toMatchObject({ create: 1, update: 1 });
    const changeSet = orchestrator.changeSet(run.id);
    expect(changeSet.refreshed).toMatchObject([
      { name: "logs", kind: "missing" },
      { name: "main", properties: [{ path: "tags.Team", before: "team", after: "hacker" }] },
    ]);
    expect(changeSet.changes.map(({ operation, name }) => [operation, name])).toEqual([
      ["create", "logs"],
      ["update", "main"],
    ]);
    expect(changeSet.changes[1]?.properties).toMatchObject([
      { path: "tags.Team", before: "hacker", after: "team" },
    ]);
    expect(teamIn("dev")).toBe("team");
    expect((await orchestrator.drift(base("dev"))).items).toEqual([]);
    expect(story(await orchestrator.deploy({ ...base("dev"), refresh: true }))).toBe("DONE | unchanged");
  });
});

test("an approval is void when the cloud drifts on after the review, and nothing is written", async () => {
  await project.use(async (orchestrator) => {
    inCloud(project.root, "gate", (store, idOf) => store.set(idOf(":Vpc"), "tags.Team", "hacker"));
    const waiting = await orchestrator.deploy({ ...base("gate"), refresh: true });
    expect(waiting.state).toBe("WAIT_FOR_APPROVE");
    inCloud(project.root, "gate", (store, idOf) => store.set(idOf(":Vpc"), "tags.Team", "other"));
    const voided = await orchestrator.approve({ run: waiting.id, by: "ben" });
    expect(story(voided)).toContain("DONE | expired | APPROVAL_VOID");
    expect(voided.reason?.message).toContain("changeSet");
    expect(teamIn("gate")).toBe("other");
    expect((await orchestrator.drift(base("gate"))).items[0]?.properties).toMatchObject([
      { path: "tags.Team", before: "team", after: "other" },
    ]);

    const again = await orchestrator.deploy({ ...base("gate"), refresh: true });
    const done = await orchestrator.approve({ run: again.id, by: "ben" });
    expect(story(done)).toBe("DONE | applied");
    expect(teamIn("gate")).toBe("team");
  });
});

test("what the program has taken over is accepted into the state, and is a change that wants approval", async () => {
  inCloud(project.root, "taken", (store, idOf) => {
    store.set(idOf(":Vpc"), "tags.Team", "others");
    store.remove(idOf(":LogGroup"));
  });
  await project.configure("taken", { owner: "others", logs: false });
  await project.use(async (orchestrator) => {
    const run = await orchestrator.deploy({ ...base("taken"), refresh: true });
    expect(story(run)).toBe("DONE | applied");
    const changeSet = orchestrator.changeSet(run.id);
    expect(changeSet.changes).toEqual([]);
    expect(changeSet.planned.map(({ name }) => name)).not.toContain("logs");
    expect(changeSet.refreshed?.map(({ name }) => name)).toEqual(["logs", "main"]);
    const report = await orchestrator.drift(base("taken"));
    expect([report.checked, report.items]).toEqual([2, []]);
    expect(story(await orchestrator.deploy(base("taken")))).toBe("DONE | unchanged");
  });
});

test("a secret that drifted is brought back, and its value is in no file of the runs", async () => {
  const canary = "canary-0d9f6ab31c274e58";
  inCloud(project.root, "dev", (store, idOf) => store.set(idOf(":Parameter"), "value", canary));
  await project.use(async (orchestrator) => {
    const run = await orchestrator.deploy({ ...base("dev"), refresh: true });
    expect(story(run)).toBe("DONE | applied");
    expect(orchestrator.changeSet(run.id).refreshed).toMatchObject([
      { name: "token", properties: [{ path: "value" }] },
    ]);
    expect((await orchestrator.drift(base("dev"))).items).toEqual([]);
  });
  const data = join(project.root, ".groundplane");
  const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes("/sandbox"),
  );
  const leaks = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const text = await readFile(join(parentPath, name), "latin1");
      return text.includes(canary) ? [name] : [];
    }),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(leaks.flat()).toEqual([]);
});
