import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

/**
 * Creates `security-group` and `to-anywhere`: tasks call out, since they pull images and read secrets; what else they
 * reach is up to routes and to the security groups of the others. Nothing calls them before a rule lets it in.
 */
export function createTaskSecurityGroup(
  context: ComponentContext,
  { vpcId }: Pick<VpcRef, "vpcId">,
): aws.ec2.SecurityGroup {
  const securityGroup = new aws.ec2.SecurityGroup(
    context.child("security-group"),
    { description: `Tasks of ${context.name}`, vpcId, tags: context.tags("security-group") },
    context.options(),
  );
  new aws.vpc.SecurityGroupEgressRule(
    context.child("to-anywhere"),
    {
      securityGroupId: securityGroup.id,
      description: "Calls of tasks",
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
      tags: context.tags("to-anywhere"),
    },
    context.options(),
  );
  return securityGroup;
}
