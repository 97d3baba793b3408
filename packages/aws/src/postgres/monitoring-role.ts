import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument, serviceTrust } from "../iam/policy-statement.ts";

export interface MonitoringRole {
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicyAttachment;
}

/** Lets RDS of this account write the operating system's metrics. */
export function createMonitoringRole(
  context: ComponentContext,
  { accountId, partition }: CallerAccount,
): MonitoringRole {
  const role = new aws.iam.Role(
    context.child("monitoring-role"),
    {
      description: `Enhanced monitoring of the PostgreSQL database ${context.name}`,
      assumeRolePolicy: policyDocument([
        serviceTrust("monitoring.rds.amazonaws.com", { StringEquals: { "aws:SourceAccount": accountId } }),
      ]),
      tags: context.tags("monitoring-role"),
    },
    context.options(),
  );
  const policy = new aws.iam.RolePolicyAttachment(
    context.child("monitoring-policy"),
    {
      role: role.name,
      policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    },
    context.options(),
  );
  return { role, policy };
}
