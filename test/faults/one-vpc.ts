/** A program of one resource that holds no data: what is killed many times must be quick. */
export const ONE_VPC = `
import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({ owner: z.string().default("team") }),
  outputs: z.object({ vpcId: z.string() }),
  program: ({ config, tags }) => {
    const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", tags: { ...tags, Team: config.owner } });
    return { vpcId: vpc.id };
  },
});
`;
