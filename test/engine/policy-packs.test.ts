import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pack as aws } from "@groundplane/policy-aws";
import { pack as strict } from "@groundplane/policy-strict";
import { awsSandbox } from "@groundplane/sandbox";
import * as pulumi from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplesOf, type NamedExample } from "../pack-examples.ts";

const PACKS = [
  { npm: "@groundplane/policy-aws", pack: aws },
  { npm: "@groundplane/policy-strict", pack: strict },
];

// Inside the repository, so that the plugin finds its packages.
const scratch = fileURLToPath(new URL("../.groundplane/", import.meta.url));
mkdirSync(scratch, { recursive: true });
const folder = mkdtempSync(join(scratch, "policy-packs-"));
const engine = process.env["GROUNDPLANE_PULUMI"];
// The Automation API starts the first `pulumi` on the PATH.
if (engine !== undefined) process.env["PATH"] = [dirname(engine), process.env["PATH"] ?? ""].join(delimiter);
const pulumiHome = join(folder, "home");
let stack: automation.Stack;

beforeAll(async () => {
  const { env } = await awsSandbox().prepare({ pulumiHome, database: join(folder, "cloud.db") });
  const envVars = {
    ...env,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_BACKEND_URL: `file://${folder}`,
  };
  stack = await automation.LocalWorkspace.createStack(
    { stackName: "examples", projectName: "policy-packs", program: async () => ({}) },
    { pulumiHome, envVars },
  );
  await stack.setConfig("aws:region", { value: "eu-central-1" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Example extends pulumi.CustomResource {}

/** A preview of these on the sandbox under a pack: how many it plans, and what the pack says in the engine. */
async function preview(examples: readonly NamedExample[], npm: string) {
  const remarks: string[] = [];
  const messages: string[] = [];
  let planned = 0;
  const running = stack.preview({
    program: async () => {
      for (const { type, name, inputs } of examples) new Example(type, name, { ...inputs });
    },
    policyPacks: [dirname(fileURLToPath(import.meta.resolve(`${npm}/package.json`)))],
    onEvent({ policyEvent, resourcePreEvent }) {
      if (policyEvent) {
        remarks.push(`${policyEvent.policyName} ${policyEvent.resourceUrn?.split("::").at(-1)}`);
        messages.push(policyEvent.message);
      }
      if (resourcePreEvent?.metadata.type.startsWith("aws:")) planned += 1;
    },
  });
  const failure = await running.then(
    () => undefined,
    (error: unknown) => String(error),
  );
  return { remarks: [...new Set(remarks)].sort(), messages, planned, failure };
}

describe.each(PACKS)("the examples of $npm in the engine", ({ npm, pack }) => {
  test("the pack says nothing of what passes", async () => {
    const passing = examplesOf(pack, "passing");
    const { remarks, planned, failure } = await preview(passing, npm);
    expect(failure).toBeUndefined();
    expect(remarks).toEqual([]);
    expect(planned).toBe(passing.length);
  });

  test("each rule reports the resource that fails it, and no other", async () => {
    const failing = examplesOf(pack, "failing");
    const { remarks, messages, failure } = await preview(failing, npm);
    expect(failure).toBeDefined();
    expect(remarks, failure).toEqual(failing.map(({ rule, name }) => `${rule} ${name}`).sort());
    for (const message of messages) expect(message).toContain("To mend: ");
  });
});
