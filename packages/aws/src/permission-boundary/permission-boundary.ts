import { checkOneOf, invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { policyObject } from "../iam/policy-statement.ts";
import { openingTag } from "../opening.ts";
import { BOUNDARY_DENY_NAMES, type BoundaryPlace } from "./boundary-denies.ts";
import { type BoundaryPlanOptions, planBoundary } from "./boundary-plan.ts";
import type { PermissionBoundaryArgs } from "./permission-boundary-args.ts";

/** Characters of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_POLICY_LENGTH = 6144;

/** What roles need of a boundary. */
export interface PermissionBoundaryRef {
  /** @format ARN of an IAM policy */
  readonly policyArn: pulumi.Input<string>;
}

/** The resources of a `PermissionBoundary`. */
export interface PermissionBoundaryNodes {
  readonly policy: aws.iam.Policy;
}

/**
 * A policy that caps what the roles under it can do, and that none of them can leave.
 *
 * Creates, named `${name}-…`: `boundary`. It gives no rights by itself; it has no cost.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid, or the policy would be longer than IAM takes.
 */
export class PermissionBoundary extends pulumi.ComponentResource implements PermissionBoundaryRef {
  readonly policyArn: pulumi.Output<string>;
  readonly nodes: PermissionBoundaryNodes;

  constructor(name: string, args: PermissionBoundaryArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, openings, plan, policyName } = validate(name, args);
    super("groundplane:aws:PermissionBoundary", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const account = callerAccount(context);
    const policy = new aws.iam.Policy(
      context.child("boundary"),
      {
        name: policyName,
        description: "The most that the roles under it can do",
        policy: pulumi
          .all([account.partition, account.accountId])
          .apply(([partition, accountId]) => documentOf(plan, { partition, accountId, policyName })),
        tags: context.tags("boundary", openings),
      },
      context.options(),
    );
    this.nodes = { policy };
    this.policyArn = policy.arn;
    this.registerOutputs(this.ref);
  }

  /** What roles need, without the rest: to export, or to pass on. */
  get ref(): { readonly policyArn: pulumi.Output<string> } {
    return { policyArn: this.policyArn };
  }
}

function documentOf(plan: BoundaryPlanOptions, place: BoundaryPlace): string {
  return JSON.stringify(policyObject(planBoundary(plan, place)));
}

function validate(
  name: string,
  args: PermissionBoundaryArgs,
): {
  readonly tags: Tags;
  readonly openings: Readonly<Record<string, string>>;
  readonly plan: BoundaryPlanOptions;
  readonly policyName: string;
} {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  checkEach("services", args.services, /^[a-z][a-z0-9-]*$/, "s3, ec2, iam: the prefixes of IAM actions");
  checkEach("regions", args.regions, /^[a-z]{2}(-[a-z]+)+-\d$/, "eu-central-1");
  if (args.outsideRoles !== undefined)
    checkEach("outsideRoles", args.outsideRoles, /^[\w+=,.@/*-]{1,512}$/, "names of roles: admin-*");
  const policyName = args.policyName ?? `${name}-boundary`;
  if (!/^[\w+=,.@-]{1,128}$/.test(policyName))
    throw invalidArgument(
      `policyName is "${policyName}"; give 1 to 128 letters, digits and _ + = , . @ - without a path`,
    );
  for (const what of Object.keys(args.allow ?? {})) checkOneOf<string>("allow", what, BOUNDARY_DENY_NAMES);
  const allow = BOUNDARY_DENY_NAMES.filter((what) => args.allow?.[what] !== undefined);
  const openings = Object.assign({}, ...allow.map((what) => openingTag(`allow-${what}`, args.allow?.[what])));
  const { services, regions, outsideRoles = [] } = args;
  const plan = { services, regions, outsideRoles, allow };
  // The longest partition; accounts all have 12 digits.
  const { length } = documentOf(plan, { partition: "aws-us-gov", accountId: "0".repeat(12), policyName });
  if (length > MAX_POLICY_LENGTH)
    throw invalidArgument(
      `the boundary has ${length} characters, and IAM takes ${MAX_POLICY_LENGTH}; name fewer services, or make a boundary for each kind of role`,
      { length },
    );
  return { tags, openings, plan, policyName };
}

function checkEach(argument: string, values: readonly string[], shape: RegExp, example: string): void {
  if (values.length === 0)
    throw invalidArgument(`${argument} is empty; give such as ${example}`, { argument });
  const wrong = values.find((value) => !shape.test(value));
  if (wrong !== undefined)
    throw invalidArgument(`${argument} has "${wrong}"; give such as ${example}`, { argument, value: wrong });
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined)
    throw invalidArgument(`${argument} has "${twice}" twice; give it once`, { argument, value: twice });
}
