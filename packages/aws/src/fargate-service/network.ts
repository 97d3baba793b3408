import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import type { FargateServiceArgs } from "./fargate-service-args.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/**
 * Creates `security-group`, and the rules that let in the load balancer and what `allowFrom` names. Tasks may call out:
 * they pull images and read secrets; what else they reach is up to routes and to the security groups of the others.
 */
export function createSecurityGroup(
  context: ComponentContext,
  { vpc, port, allowFrom = {} }: Pick<FargateServiceArgs, "vpc" | "port" | "allowFrom">,
  loadBalancer: LoadBalancer | undefined,
): aws.ec2.SecurityGroup {
  const securityGroup = new aws.ec2.SecurityGroup(
    context.child("security-group"),
    { description: `Tasks of ${context.name}`, vpcId: vpc.vpcId, tags: context.tags("security-group") },
    context.options(),
  );
  new aws.vpc.SecurityGroupEgressRule(
    context.child("to-anywhere"),
    {
      securityGroupId: securityGroup.id,
      ...{ description: "Calls of tasks", ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
      tags: context.tags("to-anywhere"),
    },
    context.options(),
  );
  if (port === undefined) return securityGroup;
  const peers = Object.entries(allowFrom).map(([id, peer]) => ({ id, ...peer }));
  if (loadBalancer !== undefined) {
    peers.push({ id: "lb", securityGroupId: loadBalancer.securityGroup.id });
    new aws.vpc.SecurityGroupEgressRule(
      context.child("lb-to-tasks"),
      {
        securityGroupId: loadBalancer.securityGroup.id,
        referencedSecurityGroupId: securityGroup.id,
        ...{ description: "Requests to tasks", ipProtocol: "tcp", fromPort: port, toPort: port },
        tags: context.tags("lb-to-tasks"),
      },
      context.options(),
    );
  }
  for (const { id, securityGroupId } of peers) {
    const role = `from-${id}`;
    new aws.vpc.SecurityGroupIngressRule(
      context.child(role),
      {
        securityGroupId: securityGroup.id,
        referencedSecurityGroupId: securityGroupId,
        ...{ description: `Calls of ${id}`, ipProtocol: "tcp", fromPort: port, toPort: port },
        tags: context.tags(role),
      },
      context.options(),
    );
  }
  return securityGroup;
}
