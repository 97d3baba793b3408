import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";
import net from "../net/index.ts";

export default defineStack({
  name: "app",
  config: z.object({}),
  outputs: z.object({ groupId: z.string() }),
  dependsOn: { net },
  program: ({ upstream, tags }) => {
    const vpcId: string = upstream.net.vpcId;
    const subnets: readonly string[] = upstream.net.privateSubnetIds;
    // @ts-expect-error net has no such output
    const none = upstream.net.subnetIds;
    const group = new aws.ec2.SecurityGroup("app", { vpcId, description: `${subnets.length} ${none}`, tags });
    return { groupId: group.id };
  },
});
