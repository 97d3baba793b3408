import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type ChangeSet,
  type Finding,
  type JsonValue,
  nameOfUrn,
  type PlannedResource,
  SECRET_MARK,
  UNKNOWN_MARK,
} from "@groundplane/contracts";
import { pack } from "@groundplane/policy-baseline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const packFolder = dirname(fileURLToPath(import.meta.resolve("@groundplane/policy-baseline/package.json")));
const engine = process.env["GROUNDPLANE_PULUMI"];
const plainPassword = "correct-horse-battery";

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, JsonValue>>;
}

const tags = { Environment: "dev", Project: "policy-test", Owner: "platform", ManagedBy: "pulumi" };
const openGroup: Resource = {
  type: "aws:ec2/securityGroup:SecurityGroup",
  name: "bastion",
  inputs: {
    tags,
    ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
  },
};
const withVariable = (name: string, value: JsonValue): Resource => ({
  type: "aws:lambda/function:Function",
  name,
  inputs: {
    role: "arn:aws:iam::123456789012:role/x",
    tags,
    environment: { variables: { DB_PASSWORD: value } },
  },
});
const unknownSource: Resource = {
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  name: "from-peer",
  inputs: {
    securityGroupId: "sg-1",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: UNKNOWN_MARK,
    tags,
  },
};
const otherEnvironment: Resource = {
  type: "aws:sqs/queue:Queue",
  name: "stray",
  inputs: { tags: { ...tags, Environment: "prod" } },
};

// The marks of a change set become what they stand for: a secret output, and the id of something not yet made.
const program = `
import { readFileSync } from "node:fs";
import pulumi from "@pulumi/pulumi";
const resources = JSON.parse(readFileSync(new URL("./resources.json", import.meta.url), "utf8"));
class Resource extends pulumi.CustomResource {}
const maker = new Resource("aws:ec2/eip:Eip", "maker", { tags: ${JSON.stringify(tags)} });
const real = (value) =>
  Array.isArray(value) ? value.map(real)
  : value === null || typeof value !== "object" ? value
  : value.$groundplane === "secret" ? pulumi.secret("${plainPassword}")
  : value.$groundplane === "unknown" ? maker.id
  : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, real(inner)]));
for (const { type, name, inputs } of resources) new Resource(type, name, real(inputs));
`;

// Takes the place of the AWS plugin: accepts everything and gives it an id.
const provider = `
import { main } from "@pulumi/pulumi/provider/index.js";
await main({ version: "7.48.0", create: async (urn, inputs) => ({ id: urn, outs: inputs }) }, process.argv.slice(2));
`;

describe("the baseline pack in the engine", () => {
  // Inside the repository, so that the program and the plugin find @pulumi/pulumi.
  const scratch = fileURLToPath(new URL("../.groundplane/", import.meta.url));
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, "policy-"));
  const home = join(folder, "home");
  const env = {
    ...process.env,
    PATH: [...(engine === undefined ? [] : [dirname(engine)]), process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DEBUG_COMMANDS: "1",
  };
  const pulumi = (...args: string[]): Promise<{ code: number; text: string }> =>
    new Promise((done) => {
      execFile(
        engine ?? "pulumi",
        [...args, "--non-interactive", "--color", "never"],
        { cwd: folder, env },
        (error, out, err) =>
          done({
            code: error === null ? 0 : typeof error.code === "number" ? error.code : 1,
            text: out + err,
          }),
      );
    });

  async function preview(resources: readonly Resource[], config?: object, policyPack = packFolder) {
    writeFileSync(join(folder, "resources.json"), JSON.stringify(resources));
    const log = join(folder, "events.json");
    rmSync(log, { force: true });
    const configured = config === undefined ? [] : ["--policy-pack-config", join(folder, "config.json")];
    if (config !== undefined) writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const result = await pulumi("preview", "--policy-pack", policyPack, ...configured, "--event-log", log);
    const events = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .flatMap((line) => {
        const { policyEvent }: { policyEvent?: PolicyEvent } = JSON.parse(line);
        return policyEvent === undefined ? [] : [policyEvent];
      });
    return { ...result, events };
  }

  beforeAll(async () => {
    const plugin = join(home, "plugins", "resource-aws-v7.48.0");
    mkdirSync(plugin, { recursive: true });
    writeFileSync(join(plugin, "plugin.mjs"), provider);
    writeFileSync(
      join(plugin, "pulumi-resource-aws"),
      `#!/bin/sh\nexec "${process.execPath}" "$(dirname "$0")/plugin.mjs" "$@"\n`,
    );
    chmodSync(join(plugin, "pulumi-resource-aws"), 0o755);
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
    writeFileSync(join(folder, "index.js"), program);
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: policy-test\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
    );
    const { code, text } = await pulumi("stack", "init", "dev");
    expect(code, text).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const exemption = (until: string) => ({
    "no-open-ingress": {
      exemptions: [{ resource: "*::bastion", reason: "the jump host of the move", who: "anna", until }],
    },
  });

  it("refuses an open security group, and says what is wrong and how to mend it", async () => {
    const { code, text } = await preview([openGroup]);
    expect(code).not.toBe(0);
    expect(text).toContain("ingress[0].cidrBlocks[0] opens tcp port 22 to 0.0.0.0/0");
    expect(text).toContain("To mend: Name the networks or the security group that may connect");
  });

  it("lets it pass by an exemption in force in the policy pack configuration", async () => {
    const { code, text } = await preview([openGroup], exemption("2999-12-31"));
    expect(code, text).toBe(0);
    expect(text).not.toContain("0.0.0.0/0");
  });

  it("fails when the exemption has expired", async () => {
    const { code, text } = await preview([openGroup], exemption("2024-02-29"));
    expect(code).not.toBe(0);
    expect(text).toContain('granted by anna ("the jump host of the move"), expired on 2024-02-29');
  });

  it("runs a pack of one's own: examples/custom-pack", async () => {
    const group = (name: string): Resource => ({
      type: "aws:cloudwatch/logGroup:LogGroup",
      name,
      inputs: {},
    });
    const customPack = fileURLToPath(new URL("../../examples/custom-pack", import.meta.url));
    const { text, events } = await preview([group("requests"), group("audit-trail")], undefined, customPack);
    expect(
      events.map(({ policyName, resourceUrn = "" }) => [policyName, nameOfUrn(resourceUrn)]),
      text,
    ).toEqual([["log-retention", "requests"]]);
    expect(text).toContain("To mend: Set retentionInDays to 365 or less.");
  });

  it("comes to the verdicts of the review: plain and secret values, unknowns, the stack as a whole", async () => {
    const resources = [
      openGroup,
      withVariable("plain", plainPassword),
      withVariable("guarded", SECRET_MARK),
      unknownSource,
      otherEnvironment,
    ];
    const { text, events } = await preview(resources);
    expect(text).not.toContain(plainPassword);
    const inEngine = events.map(
      ({ policyName, resourceUrn = "", enforcementLevel, message }) =>
        `${policyName} ${nameOfUrn(resourceUrn)} ${enforcementLevel === "advisory" && message.includes("can't run policy") ? "not-evaluated" : "violation"}`,
    );
    const findings = await pack.review({
      changeSet: changeSetOf(resources),
      exemptions: [],
      today: "2026-11-21",
    });
    expect(inEngine.sort()).toEqual(findings.map(verdictOf).sort());
    expect(findings.map(verdictOf).sort()).toEqual([
      "no-open-ingress bastion violation",
      "no-open-ingress from-peer not-evaluated",
      "no-plain-secrets plain violation",
      "single-environment stray violation",
    ]);
  });
});

interface PolicyEvent {
  readonly policyName: string;
  readonly resourceUrn?: string;
  readonly enforcementLevel: string;
  readonly message: string;
}

const verdictOf = ({ rule, urn = "", status }: Finding): string => `${rule} ${nameOfUrn(urn)} ${status}`;

function changeSetOf(resources: readonly Resource[]): ChangeSet {
  const planned = resources.map(
    ({ type, name, inputs }): PlannedResource => ({
      urn: `urn:pulumi:dev::policy-test::${type}::${name}`,
      type,
      name,
      operation: "create",
      custom: true,
      inputs,
    }),
  );
  return {
    schema: "groundplane.dev/change-set/v1",
    project: "policy-test",
    stack: "policy-test",
    environment: "dev",
    operation: "update",
    counts: { create: planned.length },
    changes: [],
    planned,
    outputs: [],
  };
}
