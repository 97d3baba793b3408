import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Vpc, type VpcArgs } from "@groundplane/aws";
import type { Tags } from "@groundplane/contracts";
import { awsSandbox } from "@groundplane/sandbox";
import * as aws from "@pulumi/aws";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { automationFolder, workspaceOn } from "../automation-folder.ts";

const tags: Tags = { Environment: "test", Project: "vpc", Owner: "platform", ManagedBy: "groundplane" };
const full: VpcArgs = {
  cidrBlock: "10.16.0.0/16",
  zones: ["eu-central-1a", "eu-central-1b"],
  nat: "per-zone",
  ipv6: true,
  gatewayEndpointTiers: ["private", "isolated"],
  interfaceEndpoints: ["ecr.api", "ssm"],
  publicIngress: [{ port: 443, reason: "web" }],
  publicIpOnLaunch: { reason: "bastion" },
  peerCidrBlocks: ["10.99.0.0/16"],
  tags,
};

const folder = automationFolder("vpc");
const pack = dirname(fileURLToPath(import.meta.resolve("@groundplane/policy-baseline/package.json")));
let workspace: Awaited<ReturnType<typeof workspaceOn>>;

beforeAll(async () => {
  workspace = await workspaceOn(awsSandbox(), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Step {
  readonly op: string;
  readonly type: string;
  readonly name: string;
}

class TestStack {
  readonly #stack: automation.Stack;

  private constructor(stack: automation.Stack) {
    this.#stack = stack;
  }

  static async create(stackName: string): Promise<TestStack> {
    const stack = await automation.LocalWorkspace.createStack(
      { stackName, projectName: "vpc", program: async () => ({}) },
      workspace,
    );
    await stack.setConfig("aws:region", { value: "eu-central-1" });
    return new TestStack(stack);
  }

  /** What an up did, without what stayed the same. */
  async up(program: automation.PulumiFn): Promise<{ steps: readonly Step[]; outputs: automation.OutputMap }> {
    const steps: Step[] = [];
    const { outputs } = await this.#stack.up({ program, onEvent: (event) => collect(event, steps) });
    return { steps, outputs };
  }

  async preview(program: automation.PulumiFn): Promise<readonly Step[]> {
    const steps: Step[] = [];
    await this.#stack.preview({ program, onEvent: (event) => collect(event, steps) });
    return steps;
  }

  /** What the pack says about a preview, remarks included. */
  async findings(program: automation.PulumiFn, pack: string): Promise<readonly string[]> {
    const findings: string[] = [];
    const preview = this.#stack.preview({
      program,
      policyPacks: [pack],
      onEvent: ({ policyEvent }) => {
        if (policyEvent)
          findings.push(`${policyEvent.policyName} ${policyEvent.resourceUrn?.split("::").at(-1)}`);
      },
    });
    // A preview that is refused says so in its findings.
    await preview.catch(() => undefined);
    return findings;
  }

  async refreshed(): Promise<automation.OpMap | undefined> {
    return (await this.#stack.refresh()).summary.resourceChanges;
  }

  async destroy(): Promise<void> {
    await this.#stack.destroy();
  }
}

function collect({ resourcePreEvent }: automation.EngineEvent, steps: Step[]): void {
  if (resourcePreEvent === undefined) return;
  const { op, type, urn } = resourcePreEvent.metadata;
  if (op !== "same" && op !== "read") steps.push({ op, type, name: urn.split("::").at(-1) ?? "" });
}
const ops = (steps: readonly Step[], op: string) =>
  steps.flatMap((step) => (step.op === op ? [step.name] : [])).toSorted();

describe("a Vpc in the engine", () => {
  const program = (args: VpcArgs) => async () => {
    const { ref, ipv6CidrBlock, natPublicIps, endpointIds } = new Vpc("main", args);
    return { ref, ipv6CidrBlock, natPublicIps, endpointIds };
  };
  let stack: TestStack;
  beforeAll(async () => {
    stack = await TestStack.create("full");
  });

  test("passes the baseline pack before anything exists", async () => {
    expect(await stack.findings(program({ ...full, ipv6: false }), pack)).toEqual([]);
    // The VPC's IPv6 block is not known yet, so that the pack cannot judge the rules that name it.
    expect((await stack.findings(program(full), pack)).toSorted()).toEqual([
      "no-open-ingress main-isolated-acl",
      "no-open-ingress main-private-acl",
      "no-open-ingress main-public-acl",
    ]);
    const opened = async () => {
      const { vpcId } = new Vpc("main", { ...full, ipv6: false });
      const ingress = [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }];
      new aws.ec2.SecurityGroup("open", { vpcId, ingress, tags });
    };
    expect(await stack.findings(opened, pack)).toEqual(["no-open-ingress open"]);
  });

  test("is created whole, and then has nothing left to do", async () => {
    const { steps, outputs } = await stack.up(program(full));
    expect(new Set(steps.map((step) => step.op))).toEqual(new Set(["create"]));
    expect(outputs["ref"]?.value).toMatchObject({
      vpcId: expect.stringMatching(/^vpc-/),
      cidrBlock: "10.16.0.0/16",
      privateSubnetIds: [expect.stringMatching(/^subnet-/), expect.stringMatching(/^subnet-/)],
    });
    expect(outputs["natPublicIps"]?.value).toHaveLength(2);
    expect(Object.keys(outputs["endpointIds"]?.value)).toEqual(["dynamodb", "ecr.api", "s3", "ssm"]);
    expect(await stack.preview(program(full))).toEqual([]);
    expect(Object.keys((await stack.refreshed()) ?? {})).toEqual(["same"]);
    expect(await stack.findings(program(full), pack)).toEqual([]);
  });

  test("grows by a zone without touching a subnet, a route or a gateway that exists", async () => {
    const { steps } = await stack.up(program({ ...full, zones: [...full.zones, "eu-central-1c"] }));
    expect(ops(steps, "create")).toEqual(
      [
        ...["public-c", "private-c", "isolated-c"].flatMap((key) => [key, `${key}-association`]),
        ...[
          "nat-c",
          "nat-c-address",
          "private-c-routes",
          "private-c-nat-route",
          "private-c-egress-ipv6-route",
        ],
      ]
        .map((role) => `main-${role}`)
        .toSorted(),
    );
    expect(ops(steps, "update")).toEqual([
      "main-dynamodb-endpoint",
      "main-ecr-api-endpoint",
      "main-isolated-acl",
      "main-private-acl",
      "main-public-acl",
      "main-s3-endpoint",
      "main-ssm-endpoint",
    ]);
    expect(steps.filter(({ op }) => op !== "create" && op !== "update")).toEqual([]);
  });

  test("goes from a gateway in each zone to one, and keeps the first with its address", async () => {
    const zones = [...full.zones, "eu-central-1c"];
    const { steps, outputs } = await stack.up(program({ ...full, zones, nat: "single" }));
    expect(ops(steps, "delete")).toEqual([
      "main-nat-b",
      "main-nat-b-address",
      "main-nat-c",
      "main-nat-c-address",
    ]);
    expect(ops(steps, "update")).toEqual(["main-private-b-nat-route", "main-private-c-nat-route"]);
    expect(outputs["natPublicIps"]?.value).toHaveLength(1);
  });

  test("is destroyed in an order that the cloud takes", async () => {
    await stack.destroy();
  });
});

describe("an adopted VPC in the engine", () => {
  /** Written by hand years ago: other tags, other addresses, everything on the main route table. */
  const legacy = async () => {
    const vpc = new aws.ec2.Vpc("old", { cidrBlock: "172.20.0.0/16", tags: { Name: "old" } });
    const gateway = new aws.ec2.InternetGateway("old", { vpcId: vpc.id });
    const subnet = (name: string, zone: string, cidrBlock: string) =>
      new aws.ec2.Subnet(name, {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock,
        mapPublicIpOnLaunch: true,
      });
    const publicA = subnet("public-a", "eu-central-1a", "172.20.1.0/24");
    const privateA = subnet("private-a", "eu-central-1a", "172.20.11.0/24");
    return {
      vpcId: vpc.id,
      internetGatewayId: gateway.id,
      publicA: publicA.id,
      privateA: privateA.id,
    };
  };
  const later: VpcArgs = {
    cidrBlock: "172.20.0.0/16",
    zones: ["eu-central-1a"],
    tiers: ["public", "private"],
    subnets: {
      "public-a": { cidrBlock: "172.20.1.0/24" },
      "private-a": { cidrBlock: "172.20.11.0/24" },
    },
    tags,
  };
  const program = (args: VpcArgs) => async () => ({ ref: new Vpc("main", args).ref });
  let first: VpcArgs;
  let adopter: TestStack;
  beforeAll(async () => {
    const { outputs } = await (await TestStack.create("legacy")).up(legacy);
    const id = (name: string) => String(outputs[name]?.value);
    first = {
      ...later,
      adopt: {
        vpcId: id("vpcId"),
        internetGatewayId: id("internetGatewayId"),
        subnets: {
          "public-a": { id: id("publicA") },
          "private-a": { id: id("privateA") },
        },
      },
    };
    adopter = await TestStack.create("adopter");
  });

  test("fails when a block is not the one that is there, and leaves the subnet alone", async () => {
    const wrong = { ...first, subnets: { ...first.subnets, "public-a": { cidrBlock: "172.20.2.0/24" } } };
    const stack = await TestStack.create("mistyped");
    expect(ops(await stack.preview(program(wrong)), "replace")).toEqual(["main-public-a"]);
    await expect(stack.up(program(wrong))).rejects.toThrow("may not be replaced");
  });

  test("is imported first, and nothing that was there changes", async () => {
    const { steps } = await adopter.up(program(first));
    const touched = steps.filter(({ op }) => op !== "create");
    expect(touched.map(({ op, name }) => `${op} ${name}`).toSorted()).toEqual([
      "import main-internet-gateway",
      "import main-private-a",
      "import main-public-a",
      "import main-vpc",
    ]);
    expect(ops(steps, "create")).not.toContain("main-default-security-group");
    expect(await adopter.preview(program(first))).toEqual([]);
  });

  test("is brought into line by the second deployment, without replacing anything", async () => {
    const { steps } = await adopter.up(program(later));
    expect(ops(steps, "create")).toEqual([
      "main-default-security-group",
      "main-private-acl",
      "main-public-acl",
    ]);
    expect(ops(steps, "update")).toEqual([
      "main-internet-gateway",
      "main-private-a",
      "main-public-a",
      "main-vpc",
    ]);
    expect(steps.filter(({ op }) => op !== "create" && op !== "update")).toEqual([]);
    expect(await adopter.preview(program(later))).toEqual([]);
  });
});
