import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud, sandboxFile } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { processesOf } from "./processes.ts";

let project: TestProject;

/** Long enough for an engine to come up on a busy machine; the escalation is short, as nothing answers it. */
const LIMITS = { upSilenceMs: 15_000, previewSilenceMs: 15_000, interruptMs: 1500, terminateMs: 1500 };
const NEVER = "new Promise((resolve) => setTimeout(resolve, 2 ** 30))";
const PACKS = {
  "review-waits": { engine: "", review: `() => ${NEVER}` },
  "review-loops": { engine: "", review: "() => { for (;;); }" },
  "engine-waits": { engine: `() => ${NEVER}`, review: "async () => []" },
  "engine-loops": { engine: "() => { for (;;); }", review: "async () => []" },
} as const;

const enginePack = (validate: string) => `
import { PolicyPack } from "@pulumi/policy";
new PolicyPack("hangs", { policies: ${validate === "" ? "[]" : `[{ name: "hangs", description: "hangs", enforcementLevel: "mandatory", validateResource: ${validate} }]`} });
`;

beforeAll(async () => {
  project = await TestProject.create([
    ...["cancellable", "deaf", "interrupted", "preview"].map((name) => ({ name, more: "policyPacks: []," })),
    ...Object.keys(PACKS).map((name) => ({ name, more: `policyPacks: ["./packs/${name}"],` })),
  ]);
  for (const [name, { engine, review }] of Object.entries(PACKS)) {
    const files = {
      "package.json": `{ "name": "${name}", "version": "1.0.0", "type": "module", "main": "./pulumi.mjs", "exports": { ".": "./review.mjs", "./package.json": "./package.json" } }`,
      "PulumiPolicy.yaml": "runtime: nodejs\nmain: pulumi.mjs\n",
      "pulumi.mjs": enginePack(engine),
      "review.mjs": `export const pack = { name: "${name}", version: "1.0.0", rules: [], review: ${review} };`,
    };
    for (const [file, text] of Object.entries(files)) await project.write(`packs/${name}/${file}`, text);
  }
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

const VPC = "aws:ec2/vpc:Vpc";
const vpcs = (environment: string): number =>
  inCloud(project.root, environment, (store) => store.list({ type: VPC }).length);

describe.concurrent("what never answers is ended", () => {
  test("a provider that hangs is told to cancel, and the next deploy goes on", async () => {
    inCloud(project.root, "cancellable", (store) =>
      store.addFault({ type: VPC, operation: "create", hang: true, times: 1 }),
    );
    await project.use(
      async (orchestrator) => {
        const ended = await orchestrator.deploy(base("cancellable"));
        expect([ended.state, ended.outcome, ended.reason?.code]).toEqual([
          "DONE",
          "failed",
          "ENGINE_TIMEOUT",
        ]);
        expect(ended.reason?.message).toContain("the next deploy goes on from there");
        expect((await orchestrator.deploy(base("cancellable"))).outcome).toBe("applied");
        expect((await orchestrator.deploy(base("cancellable"))).outcome).toBe("unchanged");
        expect(vpcs("cancellable")).toBe(1);
      },
      { limits: LIMITS },
    );
  });

  test("a provider that is deaf to cancellation is killed; the record names what nobody knows, and so does the next deploy", async () => {
    inCloud(project.root, "deaf", (store) =>
      store.addFault({ type: VPC, operation: "create", hang: "forever", times: 1 }),
    );
    await project.use(
      async (orchestrator) => {
        const ended = await orchestrator.deploy(base("deaf"));
        expect([ended.state, ended.outcome, ended.reason?.code]).toEqual([
          "DONE",
          "failed",
          "ENGINE_TIMEOUT",
        ]);
        expect(ended.reason?.message).toMatch(
          /fell silent and was ended .* uncertain: .*creating urn:\S+::main\b/,
        );
        expect(await processesOf(sandboxFile(project.root, "deaf"))).toEqual([]);
        expect(await orchestrator.resume({ stack: "base", environment: "deaf" })).toEqual([]);
        const blocked = await orchestrator.deploy(base("deaf"));
        expect(blocked.state).toBe("BLOCKED");
        expect(blocked.findings).toMatchObject([
          { rule: "pending-operation", urn: expect.stringContaining("::main") },
        ]);
        expect(vpcs("deaf")).toBe(0);
      },
      { limits: LIMITS },
    );
  });

  test("an interrupt is bounded too, whatever the provider does", async () => {
    inCloud(project.root, "interrupted", (store) =>
      store.addFault({ type: VPC, operation: "create", hang: "forever", times: 1 }),
    );
    const abort = new AbortController();
    await project.use(
      async (orchestrator) => {
        const ended = await orchestrator.deploy({ ...base("interrupted"), signal: abort.signal });
        expect([ended.state, ended.outcome]).toEqual(["DONE", "cancelled"]);
        expect(ended.reason?.message).toMatch(/was cancelled .* uncertain: .*creating urn:\S+::main\b/);
        expect(await processesOf(sandboxFile(project.root, "interrupted"))).toEqual([]);
      },
      {
        limits: { ...LIMITS, upSilenceMs: 600_000 },
        onEvent: ({ name, data }) => {
          if (name === "resource.started" && !data.planning && data.type === VPC) abort.abort();
        },
      },
    );
  });

  test("a provider that hangs in the preview: nothing was changed, and the run says who did not answer", async () => {
    inCloud(project.root, "preview", (store) =>
      store.addFault({ type: VPC, operation: "check", hang: "forever" }),
    );
    await project.use(
      async (orchestrator, events) => {
        const ended = await orchestrator.deploy(base("preview"));
        expect([ended.outcome, ended.reason?.code]).toEqual(["failed", "ENGINE_TIMEOUT"]);
        expect(ended.reason?.message).toContain("a provider, or the program, does not answer");
        expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
        expect(await processesOf(sandboxFile(project.root, "preview"))).toEqual([]);
      },
      { limits: LIMITS },
    );
  });

  test.each(Object.keys(PACKS))("a pack whose %s for ever is a pack that failed", async (environment) => {
    await project.use(
      async (orchestrator, events) => {
        const ended = await orchestrator.deploy(base(environment));
        expect([ended.outcome, ended.reason?.code]).toEqual(["failed", "POLICY_PACK_FAILED"]);
        expect(ended.reason?.message).toContain(environment);
        expect(ended.reason?.message).toMatch(/ (3|15) s/);
        expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
        expect(await processesOf(sandboxFile(project.root, environment))).toEqual([]);
      },
      { limits: { ...LIMITS, policyMs: 3000 } },
    );
  });
});

test("fails when a limit is none", async () => {
  await expect(project.use(async () => undefined, { limits: { upSilenceMs: 0 } })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("upSilenceMs"),
  });
});
