import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { processesOf } from "./processes.ts";
import { asAPersonWould, plainPulumi, resumed, through } from "./settle.ts";
import { workInProcess } from "./work-in-process.ts";

/** More of them: `GRAPH_RUNS=50 npm run faults -- random-graphs`; others: `PROPERTY_SEED`. */
const RUNS = Number(process.env["GRAPH_RUNS"] ?? 3);
const VPC = "aws:ec2/vpc:Vpc";

/** Each node is a VPC: another block replaces it, another version updates it, and it names the ids of those it needs. */
const PROGRAM = `
import { readFileSync } from "node:fs";
import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({ graph: z.string().default("[]") }),
  outputs: z.object({}),
  program: ({ config, tags }) => {
    const made = new Map();
    for (const { name, block, version, needs } of JSON.parse(config.graph)) {
      const ids = needs.map((need) => made.get(need).id);
      made.set(name, new aws.ec2.Vpc(name, {
        cidrBlock: "10." + block + ".0.0/16",
        tags: { ...tags, Node: name, Version: String(version), Needs: pulumi.all(ids).apply((known) => known.join(" ")) },
      }));
    }
    return {};
  },
});
`;

interface Node {
  readonly name: string;
  readonly block: number;
  readonly version: number;
  readonly needs: readonly string[];
}
type Graph = readonly Node[];

/** 1 to 12 nodes without circles: a node needs some of those before it. Blocks and versions are few, so that some stay. */
const graphs: fc.Arbitrary<Graph> = fc
  .array(
    fc.record({
      id: fc.integer({ min: 0, max: 15 }),
      block: fc.integer({ min: 0, max: 1 }),
      version: fc.integer({ min: 0, max: 1 }),
      picks: fc.array(fc.nat(11), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) => {
    const nodes: Node[] = [];
    for (const { id, block, version, picks } of drawn) {
      if (nodes.some(({ name }) => name === `n${id}`)) continue;
      const needs = [
        ...new Set(picks.flatMap((pick) => nodes[pick % Math.max(1, nodes.length)]?.name ?? [])),
      ];
      nodes.push({ name: `n${id}`, block: 2 * id + block, version, needs });
    }
    return nodes;
  });

const faults = fc.record({
  operation: fc.constantFrom("create" as const, "update" as const, "delete" as const),
  how: fc.constantFrom("error" as const, "delay" as const, "kill" as const),
  /** So many resources go well before. */
  after: fc.nat(4),
  times: fc.integer({ min: 1, max: 3 }),
});

const steps = fc.array(fc.record({ graph: graphs, fault: faults }), { minLength: 2, maxLength: 2 });

type Fault = typeof faults extends fc.Arbitrary<infer Drawn> ? Drawn : never;

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create(
    Array.from({ length: RUNS }, (_, index) => ({ name: `g${index}`, more: "policyPacks: []," })),
  );
  await project.write("stacks/base/index.ts", PROGRAM);
});
afterAll(() => project.remove());

const vpcSchema = z.object({
  cidrBlock: z.string(),
  tags: z.object({ Node: z.string(), Version: z.string(), Needs: z.string() }),
});

/** What the cloud holds, with the names of the nodes in the place of ids. An id that nothing has stays one. */
function graphInCloud(environment: string): readonly unknown[] {
  const vpcs = inCloud(project.root, environment, (store) =>
    store.list({ type: VPC }).map(({ id, outputs }) => ({ id, ...vpcSchema.parse(outputs) })),
  );
  const nameOf = new Map(vpcs.map(({ id, tags }) => [id, tags.Node]));
  return vpcs
    .map(({ cidrBlock, tags }) => ({
      name: tags.Node,
      block: Number(cidrBlock.split(".")[1]),
      version: Number(tags.Version),
      needs: tags.Needs.split(" ")
        .filter(Boolean)
        .map((id) => nameOf.get(id) ?? id),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const stateSchema = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          parent: z.string().optional(),
          provider: z.string().optional(),
          id: z.string().optional(),
          custom: z.boolean().optional(),
          dependencies: z.array(z.string()).nullish(),
        }),
      )
      .nullish(),
  }),
});

/** The error begins when so many resources are through: those after it meet it. */
async function deployWithFault(environment: string, { operation, how, after, times }: Fault): Promise<void> {
  const strike = (): void => {
    if (how !== "error") return;
    const error = "ServiceUnavailable: told to fail";
    inCloud(project.root, environment, (store) => store.addFault({ type: VPC, operation, error, times }));
  };
  let through = 0;
  if (after === 0) strike();
  await project.use((orchestrator) => orchestrator.deploy({ stack: "base", environment, requester: "ann" }), {
    onEvent: ({ name, data }) => {
      if (name !== "resource.finished" || data.planning || data.type !== VPC) return;
      through += 1;
      if (through === after) strike();
    },
  });
}

/** Everything that a resource of the state refers to stands in it, and before it. */
async function refuseBrokenState(environment: string): Promise<void> {
  const exported = stateSchema.parse(
    JSON.parse(await plainPulumi(project.root, environment, ["stack", "export"])),
  );
  const seen = new Set<string>();
  for (const { urn, parent, provider, dependencies, custom, id } of exported.deployment.resources ?? []) {
    const needs = [
      ...(parent ? [parent] : []),
      ...(dependencies ?? []),
      ...(provider ? [provider.split("::").slice(0, 4).join("::")] : []),
    ];
    expect(
      needs.filter((need) => !seen.has(need)),
      `of ${urn}`,
    ).toEqual([]);
    if (custom === true) expect(id, `of ${urn}`).toBeTruthy();
    seen.add(urn);
  }
}

test(
  `a failing provider under ${RUNS} random graphs: the state stays valid, and the next run converges`,
  async () => {
    let next = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const environment = `g${next % RUNS}`;
        next += 1;
        for (const { graph, fault } of drawn) {
          await project.configure(environment, { graph: JSON.stringify(graph) });
          inCloud(project.root, environment, (store) => {
            if (fault.how !== "error")
              store.addFault({ type: VPC, operation: fault.operation, delayMs: 400, times: 3 });
          });
          if (fault.how === "kill") {
            const killAtResource = { type: VPC, after: fault.after };
            await workInProcess({ root: project.root, environment, operation: "deploy", killAtResource });
            expect(
              await processesOf(join(project.root, ".groundplane/sandbox", `${environment}.db`)),
            ).toEqual([]);
          } else {
            await deployWithFault(environment, fault);
          }
          await refuseBrokenState(environment);

          inCloud(project.root, environment, (store) => store.clearFaults());
          await project.use(async (orchestrator) => {
            await resumed(orchestrator, environment);
            let converged = await through(orchestrator, environment, "deploy");
            if (converged.outcome === "failed" || converged.state === "BLOCKED") {
              const told = `${converged.reason?.message} ${converged.findings.map(({ rule }) => rule).join()}`;
              expect(told).toMatch(/pending-operation|currently locked/);
              await asAPersonWould(orchestrator, project.root, environment);
              converged = await through(orchestrator, environment, "deploy");
            }
            expect([converged.outcome, converged.reason?.message]).toEqual([
              expect.stringMatching(/^(applied|unchanged)$/),
              undefined,
            ]);
            const wanted = [...graph].sort((a, b) => (a.name < b.name ? -1 : 1));
            expect(graphInCloud(environment)).toEqual(wanted);
            expect(
              (await orchestrator.preview({ stack: "base", environment, requester: "ann" })).outcome,
            ).toBe("unchanged");
          });
          await refuseBrokenState(environment);
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  60_000 + RUNS * 120_000,
);
