import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

const run = promisify(execFile);
const TOKEN = "canary-of-the-preflight-7f3a";

/** It needs no plugin, so that it can be deployed to a real environment with nothing behind it. */
const PROGRAM = `
import { defineStack, secret } from "@groundplane/orchestrator";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

export default defineStack({
  name: "ready",
  config: z.object({ says: z.enum(["nothing", "problem", "throws", "hangs", "hanging check"]).default("nothing"), token: secret(z.string()) }),
  outputs: z.object({ done: z.boolean() }),
  checks: [{
    name: "looks",
    timeoutSeconds: 1,
    check: async ({ config, outputs, sandbox, signal }) => {
      if (config.says === "hanging check") await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return JSON.stringify({ config, outputs, sandbox });
    },
  }],
  preflight: async ({ config, environment, signal }) => {
    const text = "in " + environment + " the key " + config.token + " is refused";
    if (config.says === "throws") throw new TypeError(text);
    if (config.says === "hangs") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    const [problem, remedy] = [text, "add the key there"];
    return config.says === "problem" ? ["r820", "r710"].map((subject) => ({ subject, problem, remedy })) : [];
  },
  program: () => {
    new pulumi.ComponentResource("test:index:Thing", "thing");
    return { done: true };
  },
});
`;

let project: TestProject;

async function pulumi(environment: string, ...args: readonly string[]): Promise<void> {
  const variables = await plainPulumiEnvironment(await loadProject(project.root), environment);
  await run("pulumi", [...args, `--stack=${environment}`, "--non-interactive"], {
    cwd: join(project.root, "stacks/ready"),
    env: { ...process.env, ...variables },
  });
}

const configure = (environment: string, says: string): Promise<void> =>
  pulumi(environment, "config", "set", "ready:says", says);

/** How a deployment ends, and the names of its events. */
function deploy(environment: string) {
  return project.use(
    async (orchestrator, events) => {
      const { outcome, reason, artifacts } = await orchestrator.deploy({
        stack: "ready",
        environment,
        requester: "ann",
      });
      const told = JSON.stringify([events, reason]);
      const checks = events.flatMap((event) => (event.name === "stack.verify.check" ? event.data : []));
      return { outcome, reason, artifacts, told, checks, events: events.map(({ name }) => name) };
    },
    { limits: { preflightMs: 2000 } },
  );
}

beforeAll(async () => {
  project = await TestProject.create([
    {
      name: "rack",
      more: 'cloud: "real", policyPacks: [], stacks: ["ready"], secrets: { type: "passphrase", file: "passphrase" },',
    },
    { name: "laptop", more: 'stacks: ["ready"],' },
  ]);
  await project.write("passphrase", "made up for this test\n");
  await project.write("stacks/ready/index.ts", PROGRAM);
  const settings = await project.read("stacks/base/Pulumi.yaml");
  await project.write("stacks/ready/Pulumi.yaml", settings.replace("name: base", "name: ready"));
  const config = await project.read("groundplane.config.ts");
  await project.write(
    "groundplane.config.ts",
    config.replace('"stacks/app"]', '"stacks/app", "stacks/ready"]'),
  );
  for (const environment of ["rack", "laptop"]) {
    await pulumi(environment, "stack", "init");
    await pulumi(environment, "config", "set", "--secret", "ready:token", TOKEN);
  }
});
afterAll(() => project.remove());

test("a preflight's problem, throw and silence each end the run before the engine is started", async () => {
  for (const [says, words] of [
    ["problem", "nothing was made.\nr820, r710: in rack the key [secret] is refused (add the key there)"],
    ["throws", "it failed: in rack the key [secret] is refused"],
    ["hangs", "it did not end within 2 s"],
  ] as const) {
    await configure("rack", says);
    const ended = await deploy("rack");
    expect([says, ended.outcome, ended.reason?.code]).toEqual([says, "failed", "PREFLIGHT_FAILED"]);
    expect(ended.reason?.message).toContain(words);
    expect(ended.told).not.toContain(TOKEN);
    expect(ended.events).toContain("stack.preflight.finished");
    expect(ended.events).not.toContain("stack.preview.started");
    expect(ended.artifacts).toEqual({});
  }
});

test("where nothing is wrong the run goes on, and on a sandbox no preflight is asked", async () => {
  await configure("rack", "nothing");
  const real = await deploy("rack");
  expect([real.outcome, real.reason]).toEqual(["applied", undefined]);
  expect(real.events.slice(real.events.indexOf("stack.preflight.started"))).toEqual(
    expect.arrayContaining(["stack.preflight.finished", "stack.preview.started", "stack.preview.finished"]),
  );
  expect(real.checks).toEqual([
    // The config's own default is in it, the secret is not.
    {
      check: "looks",
      ok: true,
      message: '{"config":{"says":"nothing"},"outputs":{"done":true},"sandbox":false}',
    },
  ]);
  await configure("laptop", "problem");
  const sandbox = await deploy("laptop");
  expect(sandbox.outcome).toBe("applied");
  expect(sandbox.events).not.toContain("stack.preflight.started");
});

test("a check that takes longer than it says has failed, and hears of it", async () => {
  await configure("rack", "hanging check");
  await project.write("stacks/ready/index.ts", PROGRAM.replace('"thing"', '"another"'));
  const ended = await deploy("rack");
  expect([ended.outcome, ended.reason?.code]).toEqual(["failed", "VERIFICATION_FAILED"]);
  expect(ended.checks).toEqual([{ check: "looks", ok: false, message: "did not end within 1 s" }]);
});

test("a stack that an environment does not have is refused, and none of it is made there", async () => {
  await project.use(async (orchestrator) => {
    const subject = { stack: "base", environment: "rack" };
    for (const asked of [
      () => orchestrator.deploy({ ...subject, requester: "ann" }),
      () => orchestrator.destroy({ ...subject, requester: "ann" }),
      () => orchestrator.drift(subject),
      () => orchestrator.pending(subject),
      () => orchestrator.unlock(subject),
      async () => orchestrator.outputs(subject),
      () => orchestrator.deployEnvironment({ environment: "rack", stacks: ["base"], requester: "ann" }),
    ]) {
      await expect(asked()).rejects.toMatchObject({
        code: "STACK_NOT_FOUND",
        message: expect.stringMatching(/"base" is not in environment "rack", which has: ready\. .* add it/),
      });
    }
    const { runs, skipped } = await orchestrator.deployEnvironment({ environment: "rack", requester: "ann" });
    expect([[...runs.keys()], skipped]).toEqual([["ready"], []]);
  });
  expect(existsSync(join(project.root, ".groundplane/state/rack/.pulumi/stacks/base"))).toBe(false);
});
