import { checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import type { DeployRoleArgs, OidcProviderRef } from "./deploy-role-args.ts";
import { GITHUB, planSubjects, type SubjectPlan, trustStatements } from "./subjects.ts";

const DEFAULT_AUDIENCE = "sts.amazonaws.com";

/** The resources of a `DeployRole`. */
export interface DeployRoleNodes {
  /** Absent when it was given. */
  readonly provider?: aws.iam.OpenIdConnectProvider;
  readonly role: aws.iam.Role;
  /** Absent without `statements`. */
  readonly policy?: aws.iam.RolePolicy;
  /** By the names in `managedPolicies`. */
  readonly attachments: ReadonlyMap<string, aws.iam.RolePolicyAttachment>;
}

/**
 * A role that CI jobs take with their OpenID Connect token: no keys are kept anywhere.
 *
 * Creates, named `${name}-…`: `role`; `provider` unless it is given; `policy` with `statements`; `read-only-attachment`
 * for each of `managedPolicies`, here `read-only`. None of it costs anything.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class DeployRole extends pulumi.ComponentResource implements OidcProviderRef {
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly providerArn: pulumi.Output<string>;
  readonly nodes: DeployRoleNodes;

  constructor(name: string, args: DeployRoleArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, subjects } = validate(name, args);
    super("groundplane:aws:DeployRole", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const provider = createProvider(context, args);
    this.providerArn = pulumi.output(args.provider?.providerArn ?? provider?.arn ?? "");
    const role = createRole(context, args, subjects, this.providerArn);
    this.nodes = { ...(provider && { provider }), role, ...giveRights(context, args, role) };
    this.roleArn = role.arn;
    this.roleName = role.name;
    const { providerArn, roleArn, roleName } = this;
    this.registerOutputs({ providerArn, roleArn, roleName });
  }

  /** What other deploy roles of the same issuer need: to export, or to pass on. */
  get ref(): { readonly providerArn: pulumi.Output<string> } {
    return { providerArn: this.providerArn };
  }
}

function validate(
  name: string,
  args: DeployRoleArgs,
): { readonly tags: Tags; readonly subjects: SubjectPlan } {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const { issuerUrl = GITHUB, audience = DEFAULT_AUDIENCE } = args;
  if (!/^https:\/\/[a-z0-9.-]+(\/[\w./-]*[\w-])?$/.test(issuerUrl))
    throw invalidArgument(`issuerUrl is "${issuerUrl}"; give https://, and no slash at its end`, {
      issuerUrl,
    });
  if (!/^[^\s*?$]{1,255}$/.test(audience))
    throw invalidArgument(`audience is "${audience}"; give it exactly, without wildcards`, { audience });
  checkWhole("sessionMinutes", args.sessionMinutes, 60, 720);
  for (const key of Object.keys(args.managedPolicies ?? {}))
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key))
      throw invalidArgument(`managedPolicies has "${key}"; name each in lower case with dashes: read-only`);
  return { tags, subjects: planSubjects(args.subjects, issuerUrl) };
}

function createProvider(
  context: ComponentContext,
  { provider, issuerUrl = GITHUB, audience = DEFAULT_AUDIENCE }: DeployRoleArgs,
): aws.iam.OpenIdConnectProvider | undefined {
  if (provider !== undefined) return undefined;
  // No thumbprints: AWS trusts the issuer's certificate by its authority.
  return new aws.iam.OpenIdConnectProvider(
    context.child("provider"),
    { url: issuerUrl, clientIdLists: [audience], tags: context.tags("provider") },
    context.options(),
  );
}

function createRole(
  context: ComponentContext,
  args: DeployRoleArgs,
  subjects: SubjectPlan,
  providerArn: pulumi.Output<string>,
): aws.iam.Role {
  const { issuerUrl = GITHUB, audience = DEFAULT_AUDIENCE, sessionMinutes = 60 } = args;
  return new aws.iam.Role(
    context.child("role"),
    {
      description: `Taken by jobs with a token of ${issuerUrl}`,
      assumeRolePolicy: policyDocument(
        trustStatements(subjects, issuerUrl, audience, { Federated: providerArn }),
      ),
      permissionsBoundary: args.permissionsBoundary.policyArn,
      maxSessionDuration: sessionMinutes * 60,
      tags: context.tags("role", subjects.openings),
    },
    context.options(),
  );
}

function giveRights(
  context: ComponentContext,
  { statements = [], managedPolicies = {} }: DeployRoleArgs,
  role: aws.iam.Role,
): Pick<DeployRoleNodes, "policy" | "attachments"> {
  const attachments = new Map(
    Object.entries(managedPolicies).map(([key, policyArn]) => [
      key,
      new aws.iam.RolePolicyAttachment(
        context.child(`${key}-attachment`),
        { role: role.name, policyArn },
        context.options(),
      ),
    ]),
  );
  if (statements.length === 0) return { attachments };
  const policy = new aws.iam.RolePolicy(
    context.child("policy"),
    { role: role.name, policy: policyDocument(statements) },
    context.options(),
  );
  return { policy, attachments };
}
