import { checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import type { BreakGlassAlarm, BreakGlassRoleArgs } from "./break-glass-role-args.ts";
import { type UseWatch, watchUse } from "./watch-use.ts";

/** The resources of a `BreakGlassRole`. */
export interface BreakGlassRoleNodes extends UseWatch {
  readonly role: aws.iam.Role;
  /** By the names in `managedPolicies`. */
  readonly attachments: ReadonlyMap<string, aws.iam.RolePolicyAttachment>;
}

/**
 * A role with all rights for an emergency: taken by a few, with MFA, for a short time, and never unnoticed.
 *
 * Creates, named `${name}-…`: `role`, `administrator-attachment` or one for each of `managedPolicies`, `use-rule`,
 * `use-target`; with `auditLogs` also `use-filter` and `use-alarm`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class BreakGlassRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly nodes: BreakGlassRoleNodes;

  constructor(name: string, args: BreakGlassRoleArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:BreakGlassRole", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const role = new aws.iam.Role(
      context.child("role"),
      {
        description: "For emergencies: its use is told of at once",
        assumeRolePolicy: policyDocument([trust(args)]),
        maxSessionDuration: (args.sessionMinutes ?? 60) * 60,
        tags: context.tags("role"),
      },
      context.options(),
    );
    this.nodes = { role, attachments: attach(context, args, role), ...watchUse(context, args, role) };
    this.roleArn = role.arn;
    this.roleName = role.name;
    const { roleArn, roleName } = this;
    this.registerOutputs({ roleArn, roleName });
  }
}

function validate(name: string, args: BreakGlassRoleArgs): Tags {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  if (args.principalArns.length === 0)
    throw invalidArgument("principalArns is empty; name the users or roles that may take it");
  // `root` stands for everyone of the account.
  const wrong = args.principalArns.find(
    (arn) => !/^arn:[\w-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn),
  );
  if (wrong !== undefined)
    throw invalidArgument(
      `principalArns has "${wrong}"; give ARNs of users and roles, without wildcards, not of a whole account`,
      { principalArn: wrong },
    );
  checkWhole("sessionMinutes", args.sessionMinutes, 60, 240);
  checkWhole("mfaMinutes", args.mfaMinutes, 5, 240);
  const policies = Object.keys(args.managedPolicies ?? { administrator: "" });
  if (policies.length === 0)
    throw invalidArgument("managedPolicies is empty; leave it out for AWS's AdministratorAccess");
  for (const key of policies)
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key))
      throw invalidArgument(
        `managedPolicies has "${key}"; name each in lower case with dashes: administrator`,
      );
  checkAlarms<BreakGlassAlarm>(["use"], args.alarms);
  return tags;
}

/** CIS AWS Foundations v3.0.0 1.5 and 1.10 ask for MFA; an access key alone has none, so that it does not do here. */
function trust({ principalArns, mfaMinutes = 60 }: BreakGlassRoleArgs): PolicyStatement {
  return {
    actions: ["sts:AssumeRole"],
    principals: { AWS: principalArns.toSorted() },
    conditions: {
      Bool: { "aws:MultiFactorAuthPresent": "true" },
      NumericLessThan: { "aws:MultiFactorAuthAge": String(mfaMinutes * 60) },
    },
  };
}

function attach(
  context: ComponentContext,
  { managedPolicies }: BreakGlassRoleArgs,
  role: aws.iam.Role,
): ReadonlyMap<string, aws.iam.RolePolicyAttachment> {
  const administrator = pulumi.interpolate`arn:${callerAccount(context).partition}:iam::aws:policy/AdministratorAccess`;
  return new Map(
    Object.entries(managedPolicies ?? { administrator }).map(([key, policyArn]) => [
      key,
      new aws.iam.RolePolicyAttachment(
        context.child(`${key}-attachment`),
        { role: role.name, policyArn },
        context.options(),
      ),
    ]),
  );
}
