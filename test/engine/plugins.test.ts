import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import { installPlugins, loadProject } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oneStackProject } from "../one-stack-project.ts";
import type { TestProject } from "../project.ts";

/** A provider whose one resource is a greeting, as a package would deliver it. */
const PLUGIN = (greeting: string) => `
import { appendFileSync } from "node:fs";
import { main } from "@pulumi/pulumi/provider/index.js";

appendFileSync(process.env.ACME_LOG, "started\\n");
const provider = {
  version: "0.3.0",
  check: async (_urn, _olds, news) => ({ inputs: news, failures: [] }),
  diff: async (_id, _urn, olds, news) => ({ changes: olds.who !== news.who }),
  create: async (_urn, inputs) => ({ id: inputs.who, outs: { ...inputs, text: "${greeting} " + inputs.who } }),
  read: async (id, _urn, props) => ({ id, props }),
  update: async (_id, _urn, _olds, news) => ({ outs: { ...news, text: "${greeting} " + news.who } }),
  delete: async () => undefined,
};
await main(provider, process.argv.slice(2));
`;

const PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

export default defineStack({
  name: "hello",
  config: z.object({}),
  outputs: z.object({ text: z.string() }),
  program: () => {
    const made = new pulumi.CustomResource("acme:index:Hello", "hello", { who: "ada", text: undefined }, { version: "0.3.0" });
    return { text: made.text };
  },
});
`;

let project: TestProject;
const before = { home: process.env["PULUMI_HOME"], log: process.env["ACME_LOG"] };

beforeAll(async () => {
  project = await oneStackProject({ stack: "hello", program: PROGRAM, packages: ["@acme/plugin"] });
  await project.write(
    "node_modules/@acme/plugin/package.json",
    JSON.stringify({
      ...{ name: "@acme/plugin", version: "1.0.0", type: "module" },
      groundplane: { plugin: { name: "acme", version: "0.3.0", executable: "plugin.js" } },
    }),
  );
  await project.write("node_modules/@acme/plugin/plugin.js", PLUGIN("hello"));
  process.env["PULUMI_HOME"] = join(project.root, "pulumi-home");
  process.env["ACME_LOG"] = join(project.root, "plugin.log");
});
afterAll(async () => {
  for (const [name, value] of [
    ["PULUMI_HOME", before.home],
    ["ACME_LOG", before.log],
  ] as const) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await project.remove();
});

const subject = { stack: "hello", environment: "rack", requester: "ann" };
const story = ({ state, outcome, reason }: RunRecord) =>
  [state, outcome, reason?.code].filter(Boolean).join(" | ");
const started = () => readFile(join(project.root, "plugin.log"), "utf8").catch(() => "");

test("a real environment says which plugin is missing before the preview, and deploys once it is installed", async () => {
  const refused = await project.use(async (orchestrator, events) => {
    const run = await orchestrator.deploy(subject);
    expect(events.map(({ name }) => name)).not.toContain("stack.preview.started");
    return run;
  });
  expect(story(refused)).toBe("DONE | failed | PLUGIN_NOT_INSTALLED");
  expect(refused.reason?.message).toMatch(/acme 0\.3\.0 .*"groundplane doctor --fix"/);
  expect(await started()).toBe("");

  expect(await installPlugins(await loadProject(project.root))).toMatchObject([{ status: "ready" }]);
  await project.use(async (orchestrator) => {
    const deployed = await orchestrator.deploy(subject);
    expect(story(deployed)).toBe("DONE | applied");
    expect(orchestrator.outputs(subject)).toMatchObject({ values: { text: "hello ada" } });
    expect(story(await orchestrator.deploy(subject))).toBe("DONE | unchanged");
  });
  expect(await started()).not.toBe("");
});

test("an approval is void when the plugin's code is another one than at the review", async () => {
  const config = await project.read("groundplane.config.ts");
  await project.write("groundplane.config.ts", config.replace('type: "automatic"', 'type: "any-person"'));
  await project.write("stacks/hello/index.ts", PROGRAM.replace('who: "ada"', 'who: "grace"'));
  const run = await project.use((orchestrator) => orchestrator.deploy(subject));
  expect(run.state).toBe("WAIT_FOR_APPROVE");
  await project.write("node_modules/@acme/plugin/plugin.js", PLUGIN("bye"));
  const voided = await project.use((orchestrator) => orchestrator.approve({ run: run.id, by: "ben" }));
  expect(story(voided)).toBe("DONE | expired | APPROVAL_VOID");
  expect(voided.reason?.message).toContain("providers");
});
