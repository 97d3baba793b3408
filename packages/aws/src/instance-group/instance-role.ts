import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import type { InstanceGroupArgs } from "./instance-group-args.ts";

export interface InstanceRole {
  readonly role: aws.iam.Role;
  readonly sessionManager: aws.iam.RolePolicyAttachment;
  readonly policy?: aws.iam.RolePolicy;
  readonly instanceProfile: aws.iam.InstanceProfile;
}

/** Session Manager in place of SSH: no key, no open port, and each session is on record. */
export function createRole(context: ComponentContext, { statements = [] }: InstanceGroupArgs): InstanceRole {
  const role = new aws.iam.Role(
    context.child("role"),
    {
      description: `What instances of ${context.name} may do`,
      assumeRolePolicy: policyDocument([serviceTrust("ec2.amazonaws.com")]),
      tags: context.tags("role"),
    },
    context.options(),
  );
  const { partition } = callerAccount(context);
  return {
    role,
    sessionManager: new aws.iam.RolePolicyAttachment(
      context.child("session-manager"),
      {
        role: role.name,
        policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`,
      },
      context.options(),
    ),
    ...(statements.length > 0 && {
      policy: new aws.iam.RolePolicy(
        context.child("policy"),
        { role: role.name, policy: policyDocument(statements) },
        context.options(),
      ),
    }),
    instanceProfile: new aws.iam.InstanceProfile(
      context.child("profile"),
      { role: role.name, tags: context.tags("profile") },
      context.options(),
    ),
  };
}
