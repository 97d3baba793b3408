import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import { createTaskSecurityGroup } from "../ecs/task-security-group.ts";
import { allowPeer } from "../network/peer-access.ts";
import type { FargateServiceArgs } from "./fargate-service-args.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** Creates `security-group` with `to-anywhere`, and lets in the load balancer and what `allowFrom` names. */
export function createSecurityGroup(
  context: ComponentContext,
  { vpc, port, allowFrom = {} }: Pick<FargateServiceArgs, "vpc" | "port" | "allowFrom">,
  loadBalancer: LoadBalancer | undefined,
): aws.ec2.SecurityGroup {
  const group = createTaskSecurityGroup(context, vpc);
  if (port === undefined) return group;
  const peers = { ...allowFrom };
  if (loadBalancer !== undefined) {
    peers["lb"] = { securityGroupId: loadBalancer.securityGroup.id };
    new aws.vpc.SecurityGroupEgressRule(
      context.child("lb-to-tasks"),
      {
        securityGroupId: loadBalancer.securityGroup.id,
        referencedSecurityGroupId: group.id,
        ...{ description: "Requests to tasks", ipProtocol: "tcp", fromPort: port, toPort: port },
        tags: context.tags("lb-to-tasks"),
      },
      context.options(),
    );
  }
  for (const [peer, { securityGroupId: from }] of Object.entries(peers))
    allowPeer(context, { role: `from-${peer}`, group, port, from, peer });
  return group;
}
