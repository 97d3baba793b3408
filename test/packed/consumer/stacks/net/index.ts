import { Vpc, type VpcRef } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";

export default defineStack({
  name: "net",
  config: z.object({ cidrBlock: z.string().default("10.16.0.0/16") }),
  outputs: z.object({ vpcId: z.string().startsWith("vpc-"), privateSubnetIds: z.array(z.string()) }),
  program: ({ config, tags }) => {
    const vpc = new Vpc("main", { cidrBlock: config.cidrBlock, zones: ["eu-central-1a"], tags });
    const ref: VpcRef = vpc.ref;
    return { vpcId: ref.vpcId, privateSubnetIds: vpc.privateSubnetIds };
  },
});

/** Never called: these lines must not compile. */
export function refusals(): void {
  // @ts-expect-error "two" is no kind of NAT
  new Vpc("main", { cidrBlock: "10.16.0.0/16", zones: ["eu-central-1a"], nat: "two", tags: {} });
  defineStack({
    name: "wrong",
    config: z.object({}),
    outputs: z.object({ vpcId: z.string() }),
    // @ts-expect-error the output is declared as text
    program: () => ({ vpcId: 5 }),
  });
}
