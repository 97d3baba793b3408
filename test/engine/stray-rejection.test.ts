// A program whose error goes past it: an output that is rejected, which others wait for.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

const program = (rejects: string) => `
import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({}),
  outputs: z.object({ vpcId: z.string() }),
  program: ({ tags }) => {
    const cidrBlock = ${rejects};
    const vpc = new aws.ec2.Vpc("main", { cidrBlock, tags });
    return { vpcId: vpc.id };
  },
});
`;

let project: TestProject;
beforeAll(async () => {
  project = await TestProject.create([{ name: "dev" }]);
  await project.configure("dev", {});
});
afterAll(() => project.remove());

test.each([
  ["in an apply", 'pulumi.output(1).apply((): string => { throw new TypeError("no block is left"); })'],
  ["in a promise", 'Promise.reject<string>(new TypeError("no block is left"))'],
])(
  "ends with what it said when it is thrown %s, and does not wait for what never comes",
  async (_, rejects) => {
    await project.write("stacks/base/index.ts", program(rejects));
    const run = await project.use((orchestrator) =>
      orchestrator.deploy({ stack: "base", environment: "dev", requester: "ann" }),
    );
    expect(run).toMatchObject({ state: "DONE", outcome: "failed" });
    expect(JSON.stringify(run)).toContain("no block is left");
  },
  90_000,
);
