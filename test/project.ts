import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GroundplaneEvent } from "@groundplane/contracts";
import type { Orchestrator, OrchestratorOptions } from "@groundplane/orchestrator";
import { withOrchestrator } from "./with-orchestrator.ts";

const BASE_PROGRAM = `
import { defineStack, secret } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({
    owner: z.string().default("team"),
    open: z.boolean().default(false),
    logs: z.boolean().default(false),
    failing: z.boolean().default(false),
    token: secret(z.string().optional()),
  }),
  outputs: z.object({
    vpcId: z.string().startsWith("vpc-"),
    zones: z.array(z.string()),
    token: secret(z.string().optional()),
  }),
  program: ({ config, tags }) => {
    const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", tags: { ...tags, Team: config.owner } });
    if (config.logs) new aws.cloudwatch.LogGroup("logs", { retentionInDays: 30, tags });
    if (config.open) {
      new aws.ec2.SecurityGroup("open", {
        vpcId: vpc.id,
        tags,
        ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
      });
    }
    new aws.ssm.Parameter("token", { type: "SecureString", value: config.token.apply((token) => token ?? "none"), tags });
    return { vpcId: vpc.id, zones: ["eu-central-1a"], token: config.token };
  },
  checks: [
    {
      name: "is not failing",
      check: ({ outputs }) => {
        if (process.env["TEST_CHECK_FAILS"] === "1") throw new TypeError("told to fail, with " + String(outputs["vpcId"]));
      },
    },
  ],
});
`;

const APP_PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";
import base from "../base/index.ts";

export default defineStack({
  name: "app",
  config: z.object({}),
  outputs: z.object({ subnetId: z.string(), zone: z.string() }),
  dependsOn: { base },
  program: ({ upstream, tags }) => {
    const zone: string = upstream.base.zones[0] ?? "none";
    const subnet = new aws.ec2.Subnet("app", { vpcId: upstream.base.vpcId, cidrBlock: "10.0.1.0/24", tags });
    new aws.ssm.Parameter("copy", { type: "SecureString", value: upstream.base.token.apply((token) => token ?? "none"), tags });
    return { subnetId: subnet.id, zone };
  },
});
`;

export interface TestEnvironment {
  readonly name: string;
  /** The body of defineEnvironment, over the defaults. */
  readonly more?: string;
}

/** A project of its own, on the sandbox and a file backend, in a folder that `remove` deletes. */
export class TestProject {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(environments: readonly TestEnvironment[]): Promise<TestProject> {
    // Inside the repository, so that its packages are found.
    const scratch = fileURLToPath(new URL(".groundplane/", import.meta.url));
    await mkdir(scratch, { recursive: true });
    const project = new TestProject(await mkdtemp(join(scratch, "project-")));
    for (const [name, program] of [
      ["base", BASE_PROGRAM],
      ["app", APP_PROGRAM],
    ] as const) {
      await project.write(`stacks/${name}/index.ts`, program);
      await project.write(
        `stacks/${name}/Pulumi.yaml`,
        `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n`,
      );
    }
    await project.write("package.json", '{ "name": "test-project", "private": true, "type": "module" }\n');
    await project.write("package-lock.json", "{}\n");
    await project.write("groundplane.config.ts", configOf(environments));
    for (const { name } of environments) await project.configure(name, {});
    return project;
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.root, path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), "utf8");
  }

  /** Rewrites the config of the base stack. */
  configure(environment: string, config: Readonly<Record<string, string | boolean>>): Promise<void> {
    const lines = Object.entries({ "aws:region": "eu-central-1", ...prefixed(config) });
    return this.write(
      `stacks/base/Pulumi.${environment}.yaml`,
      `config:\n${lines.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`).join("\n")}\n`,
    );
  }

  /** Opens the orchestrator, hands it on with what it tells, and closes it. */
  use<Result>(
    work: (orchestrator: Orchestrator, events: readonly GroundplaneEvent[]) => Promise<Result>,
    options: Partial<OrchestratorOptions> = {},
  ): Promise<Result> {
    return withOrchestrator(this.root, work, options);
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

function prefixed(config: Readonly<Record<string, string | boolean>>): Record<string, string | boolean> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`base:${key}`, value]));
}

function configOf(environments: readonly TestEnvironment[]): string {
  const definitions = environments.map(
    ({ name, more }) => `    defineEnvironment({
      name: "${name}",
      cloud: awsSandbox(),
      policyPacks: ["@groundplane/policy-baseline"],
      approval: { type: "automatic" },
      tags: { Environment: "${name}", Project: "test", Owner: "team", ManagedBy: "groundplane" },
      ${more ?? ""}
    }),`,
  );
  return `import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { awsSandbox } from "@groundplane/sandbox";

export default defineProject({
  name: "test",
  stacks: ["stacks/base", "stacks/app"],
  environments: [
${definitions.join("\n")}
  ],
});
`;
}
