import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { pack as aws } from "@groundplane/policy-aws";
import { pack as libvirt } from "@groundplane/policy-libvirt";
import { pack as strict } from "@groundplane/policy-strict";
import { sandbox } from "@groundplane/sandbox";
import * as pulumi from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { automationFolder, workspaceOn } from "../automation-folder.ts";
import { examplesOf, HYPERVISOR_PROVIDER, type NamedExample, withBeside } from "../pack-examples.ts";

const PACKS = [
  { npm: "@groundplane/policy-aws", pack: aws },
  { npm: "@groundplane/policy-libvirt", pack: libvirt },
  { npm: "@groundplane/policy-strict", pack: strict },
];

const folder = automationFolder("policy-packs");
let stack: automation.Stack;

beforeAll(async () => {
  const clouds = ["aws", "libvirt", "groundplane-machine"] as const;
  stack = await automation.LocalWorkspace.createStack(
    { stackName: "examples", projectName: "policy-packs", program: async () => ({}) },
    await workspaceOn(sandbox({ clouds }), folder),
  );
  await stack.setConfig("aws:region", { value: "eu-central-1" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Example extends pulumi.CustomResource {}
/** Shows the same before and after it is made: the engine's stack rules see outputs. */
class ExampleComponent extends pulumi.ComponentResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs) {
    super(type, name, inputs);
    this.registerOutputs(inputs);
  }
}
class ExampleProvider extends pulumi.ProviderResource {}

/** Versions of the plugins without an SDK that says so. */
const VERSIONS: Readonly<Record<string, string>> = { libvirt: "0.5.4", "groundplane-machine": "0.1.0" };

/** Declares these as a program would; those of libvirt on one hypervisor. */
function declare(examples: readonly NamedExample[]): void {
  const { name: host, inputs: config } = HYPERVISOR_PROVIDER;
  let hypervisor: pulumi.ProviderResource | undefined;
  for (const { type, name, inputs, byDefaultProvider } of withBeside(examples)) {
    const [, , provided] = /^(pulumi:providers):(.*)$/.exec(type) ?? [];
    const [cloud = ""] = type.split(":");
    const version = VERSIONS[provided ?? cloud];
    const options = version === undefined ? {} : { version };
    if (provided !== undefined) new ExampleProvider(provided, name, { ...inputs }, options);
    else if (cloud === "groundplane") new ExampleComponent(type, name, { ...inputs });
    else if (cloud === "libvirt" && byDefaultProvider !== true) {
      hypervisor ??= new ExampleProvider("libvirt", host, { ...config }, options);
      new Example(type, name, { ...inputs }, { ...options, provider: hypervisor });
    } else new Example(type, name, { ...inputs }, options);
  }
}

/** A preview of these on the sandbox under a pack: how many it plans, and what the pack says in the engine. */
async function preview(examples: readonly NamedExample[], npm: string) {
  const remarks: string[] = [];
  const messages: string[] = [];
  let planned = 0;
  const running = stack.preview({
    program: async () => {
      declare(examples);
    },
    policyPacks: [dirname(fileURLToPath(import.meta.resolve(`${npm}/package.json`)))],
    onEvent({ policyEvent, resourcePreEvent }) {
      if (policyEvent) {
        remarks.push(`${policyEvent.policyName} ${policyEvent.resourceUrn?.split("::").at(-1)}`);
        messages.push(policyEvent.message);
      }
      const [, , ...rest] = resourcePreEvent?.metadata.urn.split("::") ?? [];
      if (examples.some(({ name }) => name === rest.at(-1))) planned += 1;
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
    // A rule on the stack may report what stands beside an example too.
    const own = remarks.filter((remark) => !/^(\S+) \1-failing-\d+-beside-\d+$/.test(remark));
    expect(own, failure).toEqual(failing.map(({ rule, name }) => `${rule} ${name}`).sort());
    for (const message of messages) expect(message).toContain("To mend: ");
  });
});
