import { readFile } from "node:fs/promises";
import type { EnvironmentResult } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

const HEAD = `
import { defineStack, secret } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
`;

const NETWORK = `${HEAD}
export default defineStack({
  name: "base",
  config: z.object({ owner: z.string().default("team"), token: secret(z.string().optional()) }),
  outputs: z.object({
    vpcId: z.string().startsWith("vpc-"),
    cidr: z.string(),
    owner: z.string(),
    zones: z.array(z.string()),
    ids: z.array(z.string().startsWith("vpc-")),
    size: z.number(),
    token: secret(z.string()),
  }),
  program: ({ config, tags }) => {
    const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", tags: { ...tags, Team: config.owner } });
    return {
      vpcId: vpc.id,
      cidr: "10.0.0.0/16",
      owner: config.owner,
      zones: vpc.arn.apply((arn) => [arn]),
      ids: [vpc.id],
      size: vpc.id.apply((id) => id.length),
      token: config.token.apply((token) => token ?? "none-at-all"),
    };
  },
});
`;

/** Uses texts of its upstream as they are and inside longer ones, and hands on more. */
const APP = `${HEAD}
import base from "../base/index.ts";
export default defineStack({
  name: "app",
  config: z.object({}),
  outputs: z.object({ subnetId: z.string(), note: z.string(), where: z.string() }),
  dependsOn: { base },
  program: ({ upstream: { base }, tags }) => {
    const subnet = new aws.ec2.Subnet("app", {
      vpcId: base.vpcId,
      cidrBlock: base.cidr.replace("/16", "/24"),
      tags: { ...tags, Owner: base.owner, Vpc: "in " + base.ids[0] },
    });
    new aws.ec2.SecurityGroup("policy", { description: JSON.stringify({ vpc: base.vpcId }), tags });
    new aws.ec2.SecurityGroup("built", { description: pulumi.interpolate\`\${base.vpcId}/\${subnet.id}\`, tags });
    new aws.ssm.Parameter("token", { type: "SecureString", value: base.token.apply((token) => token.toUpperCase()), tags });
    return { subnetId: subnet.id, note: "vpc " + base.vpcId, where: base.cidr };
  },
});
`;

/** Needs what nobody can plan: a list that is not known, and a number. */
const WAITING = `${HEAD}
import base from "../base/index.ts";
export default defineStack({
  name: "waiting",
  config: z.object({}),
  outputs: z.object({}),
  dependsOn: { base },
  program: ({ upstream: { base }, tags }) => {
    for (const zone of base.zones) new aws.ssm.Parameter(zone, { type: "String", value: zone, tags });
    return {};
  },
});
`;

/** Needs what needs: two steps from the one that is not deployed. */
const LAST = `${HEAD}
import app from "../app/index.ts";
export default defineStack({
  name: "last",
  config: z.object({}),
  outputs: z.object({}),
  dependsOn: { app },
  program: ({ upstream: { app }, tags }) => {
    new aws.ec2.SecurityGroup("last", { description: app.where, tags: { ...tags, Note: app.note } });
    return {};
  },
});
`;

/** Looks something up by what is not known: once as an output, which waits, and once plainly, which cannot. */
const lookup = (name: string, how: string): string => `${HEAD}
import base from "../base/index.ts";
export default defineStack({
  name: "${name}",
  config: z.object({}),
  outputs: z.object({}),
  dependsOn: { base },
  program: async ({ upstream: { base }, tags }) => {
    const found = ${how}({ id: base.vpcId });
    new aws.ec2.SecurityGroup("${name}", { description: found.cidrBlock, tags });
    return {};
  },
});
`;

const UUID = "04da6b54";
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([{ name: "dev" }]);
  const settings = await project.read("stacks/app/Pulumi.yaml");
  const programs = {
    ...{ base: NETWORK, app: APP, waiting: WAITING, last: LAST },
    asking: lookup("asking", "aws.ec2.getVpcOutput"),
    looking: lookup("looking", "await aws.ec2.getVpc"),
  };
  for (const [name, program] of Object.entries(programs)) {
    await project.write(`stacks/${name}/index.ts`, program);
    await project.write(`stacks/${name}/Pulumi.yaml`, settings.replace("name: app", `name: ${name}`));
  }
  const config = await project.read("groundplane.config.ts");
  await project.write(
    "groundplane.config.ts",
    config.replace(
      'stacks: ["stacks/base", "stacks/app"]',
      `stacks: ${JSON.stringify(Object.keys(programs).map((name) => `stacks/${name}`))}`,
    ),
  );
});
afterAll(() => project.remove());

const request = { environment: "dev", requester: "ann" };
const states = ({ runs }: EnvironmentResult) =>
  Object.fromEntries([...runs].map(([stack, { reason, outcome }]) => [stack, reason?.code ?? outcome]));

test("before anything is deployed, each stack is previewed on what is planned, or says what it has to wait for", async () => {
  await project.use(async (orchestrator, events) => {
    const result = await orchestrator.previewEnvironment({ ...request, keepGoing: true });
    expect(states(result)).toEqual({
      base: "PREVIEW_ONLY",
      app: "PREVIEW_ONLY",
      waiting: "UPSTREAM_NOT_KNOWN",
      last: "PREVIEW_ONLY",
      asking: "PREVIEW_ONLY",
      looking: "UPSTREAM_NOT_KNOWN",
    });
    const plannedBy = (stack: string) => orchestrator.changeSet(result.runs.get(stack)?.id ?? "").planned;
    expect(plannedBy("asking").find(({ name }) => name === "asking")?.inputs).toMatchObject({
      description: { $groundplane: "unknown" },
    });
    expect(result.runs.get("looking")?.reason?.message).toContain("getVpc looks something up by an output");
    const app = result.runs.get("app");
    const changeSet = orchestrator.changeSet(app?.id ?? "");
    expect(changeSet.assumes).toEqual(app?.assumes);
    expect(changeSet.assumes?.map(({ output, known }) => [output, known])).toEqual([
      ["cidr", true],
      ["ids", false],
      ["owner", true],
      ["size", false],
      ["token", false],
      ["vpcId", false],
      ["zones", false],
    ]);
    // Nothing that could be applied is left of it.
    expect([app?.digest, app?.artifacts["plan"]]).toEqual([undefined, undefined]);
    expect(result.runs.get("base")?.artifacts["plan"]).toBeDefined();
    const inputsOf = (name: string) => changeSet.planned.find((resource) => resource.name === name)?.inputs;
    const unknown = { $groundplane: "unknown" };
    expect(inputsOf("app")).toMatchObject({
      vpcId: unknown,
      cidrBlock: "10.0.0.0/24",
      tags: { Owner: "team", Vpc: unknown },
    });
    expect(inputsOf("policy")).toMatchObject({ description: unknown });
    expect(inputsOf("built")).toMatchObject({ description: unknown });
    // That it is a secret, the engine says only of what is known.
    expect(inputsOf("token")?.["value"]).toEqual(unknown);
    expect(changeSet.outputs).toMatchObject([
      { path: "note", after: unknown },
      { path: "subnetId", after: unknown },
      { path: "where", after: "10.0.0.0/16" },
    ]);
    const { reason } = result.runs.get("waiting") ?? {};
    expect(reason?.message).toContain("not known yet: base.ids");
    expect(reason?.message).toContain('output "zones" of stack "base" is not known before');
    const last = result.runs.get("last");
    expect(last?.assumes).toEqual([
      { stack: "app", output: "note", known: false },
      { stack: "app", output: "subnetId", known: false },
      { stack: "app", output: "where", known: true },
    ]);
    // The mark of the engine is nowhere: not in an event, a record, a change set or a page.
    const pages = await Promise.all(
      [...result.runs.values()]
        .filter(({ artifacts }) => artifacts["review"] !== undefined)
        .map(({ id }) => readFile(orchestrator.artifactFile(id, "review"), "utf8")),
    );
    const told = JSON.stringify([
      events,
      [...result.runs],
      changeSet,
      orchestrator.changeSet(last?.id ?? ""),
    ]);
    // A new provider's own id is in the reference to it; it is no value of a resource.
    const values = `${told}${pages.join("")}`.replaceAll(/"provider":"[^"]*"/g, "");
    expect(values.match(new RegExp(`.{0,100}${UUID}.{0,100}`, "s"))?.[0]).toBeUndefined();
    expect(pages.join("")).toContain("not known yet: base.ids, base.size");
  });
});

test("of a deployed upstream that would change, the downstream sees what is planned, and the rest as it stands", async () => {
  await project.use(async (orchestrator) => {
    const chosen = { ...request, stacks: ["base", "app"] };
    await orchestrator.deployEnvironment(chosen);
    const calm = await orchestrator.previewEnvironment(chosen);
    expect(states(calm)).toEqual({ base: "unchanged", app: "unchanged" });
    expect(calm.runs.get("app")?.assumes).toBeUndefined();

    await project.configure("dev", { owner: "others" });
    const { runs } = await orchestrator.previewEnvironment(chosen);
    const app = runs.get("app");
    expect(app?.assumes).toContainEqual({ stack: "base", output: "owner", known: true });
    const subnet = orchestrator.changeSet(app?.id ?? "").changes.find(({ name }) => name === "app");
    expect(subnet).toMatchObject({
      operation: "update",
      properties: [{ path: "tags.Owner", before: "team", after: "others" }],
    });
    expect(app?.artifacts["plan"]).toBeUndefined();
    // Nobody can approve it.
    await expect(orchestrator.approve({ run: app?.id ?? "", by: "ben" })).rejects.toMatchObject({
      code: "RUN_STATE_CONFLICT",
    });
    // A preview of that stack alone, and any deployment, take the upstream as it stands.
    const alone = await orchestrator.preview({ ...request, stack: "app" });
    expect([alone.outcome, alone.assumes]).toEqual(["unchanged", undefined]);
  });
});
