import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** What ECS acts as when it moves traffic, and what it may do: the part that this load balancer needs of AWS's managed AmazonECSInfrastructureRolePolicyForLoadBalancers. */
export interface TrafficRole {
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
}

/** Creates `traffic-role` and `traffic-policy`. */
export function createTrafficRole(
  context: ComponentContext,
  { targetGroups: { blue, green }, httpsListener, rule }: LoadBalancer,
): TrafficRole {
  const role = new aws.iam.Role(
    context.child("traffic-role"),
    {
      description: `Lets ECS move the traffic of ${context.name} between target groups`,
      assumeRolePolicy: policyDocument([serviceTrust("ecs.amazonaws.com")]),
      tags: context.tags("traffic-role"),
    },
    context.options(),
  );
  const policy = new aws.iam.RolePolicy(
    context.child("traffic-policy"),
    {
      role: role.id,
      policy: policyDocument([
        {
          // Actions that describe know no resources.
          actions: [
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
          ],
          resources: ["*"],
        },
        {
          actions: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
          resources: [blue.arn, green.arn],
        },
        { actions: ["elasticloadbalancing:ModifyListener"], resources: [httpsListener.arn] },
        { actions: ["elasticloadbalancing:ModifyRule"], resources: [rule.arn] },
      ]),
    },
    context.options(),
  );
  return { role, policy };
}
