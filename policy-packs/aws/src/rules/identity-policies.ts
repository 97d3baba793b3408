import type { PropertyRead, Rule } from "@groundplane/policy";
import { isEveryone, isLimited, type PolicyStatement } from "../documents/policy-statement.ts";
import { defineStatementRule } from "../documents/statement-rule.ts";

/** Policies that say what an identity may do. */
const IDENTITY: readonly PropertyRead[] = [
  { type: "aws:iam/policy:Policy", property: "policy" },
  { type: "aws:iam/rolePolicy:RolePolicy", property: "policy" },
  { type: "aws:iam/groupPolicy:GroupPolicy", property: "policy" },
  { type: "aws:iam/userPolicy:UserPolicy", property: "policy" },
  { type: "aws:iam/role:Role", property: "inlinePolicies[*].policy" },
  { type: "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", property: "inlinePolicy" },
];
/** Policies that say who may take a role. */
const TRUST: readonly PropertyRead[] = [{ type: "aws:iam/role:Role", property: "assumeRolePolicy" }];

type Json = Readonly<Record<string, string | readonly string[] | object>>;
const text = (statement: Json): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const identity = (passing: Json, failing: Json) => ({
  passing: [{ type: "aws:iam/policy:Policy", inputs: { policy: text(passing) } }],
  failing: [{ type: "aws:iam/policy:Policy", inputs: { policy: text(failing) } }],
});
const trust = (passing: Json, failing: Json) => ({
  passing: [{ type: "aws:iam/role:Role", inputs: { assumeRolePolicy: text(passing) } }],
  failing: [{ type: "aws:iam/role:Role", inputs: { assumeRolePolicy: text(failing) } }],
});

const READ = { Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::data/*"] };
const isStar = (value: string): boolean => /^\*+$/.test(value);

/**
 * Actions that know no resources, or only read what is there: `*` is all that can be said. From the tables of the
 * service authorization reference; a service is listed whole where all that workloads use of it is so.
 */
const WITHOUT_RESOURCES =
  /^(?:[a-z0-9-]+:(?:Describe|List|Get|BatchGet|View|Lookup|Search|Query|Check|Estimate|Validate|Simulate|Generate)\w*\*?|cloudwatch:PutMetricData|xray:\w*\*?|ssmmessages:\w*\*?|ec2messages:\w*\*?|ssm:UpdateInstanceInformation|logs:(?:PutResourcePolicy|DeleteResourcePolicy|\w*LogDelivery)|ec2:(?:CreateNetworkInterface|DeleteNetworkInterface|AssignPrivateIpAddresses|UnassignPrivateIpAddresses)|elasticloadbalancing:SetWebAcl|cognito-identity:\w+|mobiletargeting:PhoneNumberValidate|rekognition:Detect\w+|comprehend:\w+|textract:\w+|translate:\w+|polly:SynthesizeSpeech|aws-marketplace:\w+|sts:(?:GetCallerIdentity|DecodeAuthorizationMessage))$/i;
/** Reading these is what is to be guarded, so a `Get` does not pass for harmless. */
const GUARDED_READ =
  /^(?:s3:Get(?:Object|\*)|secretsmanager:(?:Get|BatchGet)|ssm:GetParameter|dynamodb:(?:Get|BatchGet|Query)|kms:Generate|lambda:GetFunction|codecommit:Get|sqs:Get|sso:Get)/i;

const needsResources = (action: string): boolean =>
  GUARDED_READ.test(action) || (!WITHOUT_RESOURCES.test(action) && !action.endsWith(":*") && !isStar(action));

/** What identities may do, and who may become one. */
export const identityPolicyRules: readonly Rule[] = [
  defineStatementRule({
    id: "iam-no-full-admin",
    title: "No policy allows everything",
    severity: "critical",
    why: "One program that is broken into is then the whole account.",
    remedy: "Name the actions.",
    source: "AWS FSBP IAM.1; CIS AWS Foundations v3.0.0 1.16; cdk-nag AwsSolutions-IAM5",
    documents: IDENTITY,
    fault: ({ allows, actions }) => (allows && actions.some(isStar) ? "allows every action" : undefined),
    examples: identity(READ, { Action: "*", Resource: "*" }),
  }),
  defineStatementRule({
    id: "iam-no-service-wildcard",
    title: "No policy allows everything of a service",
    severity: "high",
    why: "A service's next action, and its most dangerous one, are then allowed too.",
    remedy: "Name the actions, such as s3:GetObject; a wildcard after a verb will do: s3:Get*.",
    source: "AWS FSBP IAM.21; cdk-nag AwsSolutions-IAM5",
    documents: IDENTITY,
    fault({ allows, actions }) {
      const wide = actions.filter((action) => /^[\w-]+:\*+$/.test(action) && !WITHOUT_RESOURCES.test(action));
      return allows && wide.length > 0 ? `allows ${wide.join(", ")}` : undefined;
    },
    examples: identity(READ, { Action: ["s3:*"], Resource: ["arn:aws:s3:::data/*"] }),
  }),
  defineStatementRule({
    id: "iam-resources-named",
    title: "Policies name the resources",
    severity: "medium",
    why: "With * the action works on everything that the account has, now and later.",
    remedy: "Name the ARNs, or give a condition; * is for actions that know no resources.",
    source: "IAM user guide, Apply least-privilege permissions; cdk-nag AwsSolutions-IAM5",
    documents: IDENTITY,
    fault({ allows, actions, resources, conditions }) {
      if (!allows || conditions.length > 0 || !resources.some(isStar)) return undefined;
      const wide = actions.filter((action) => needsResources(action) && !isPassRole(action));
      return wide.length > 0 ? `allows ${wide.join(", ")} on every resource` : undefined;
    },
    examples: identity(
      { Action: ["ec2:DescribeInstances", "cloudwatch:PutMetricData"], Resource: "*" },
      { Action: ["s3:PutObject"], Resource: "*" },
    ),
  }),
  defineStatementRule({
    id: "iam-pass-role",
    title: "Only named roles may be passed on",
    severity: "high",
    why: "Who may pass any role to a new function may do what any role may.",
    remedy: "Name the role's ARN, and give iam:PassedToService as a condition.",
    source: "IAM user guide, Granting permissions to pass a role",
    documents: IDENTITY,
    fault: ({ allows, actions, resources }) =>
      allows && actions.some(isPassRole) && resources.some((one) => isStar(one) || one.endsWith(":role/*"))
        ? "allows iam:PassRole for every role"
        : undefined,
    examples: identity(
      { Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/app" },
      { Action: "iam:PassRole", Resource: "*" },
    ),
  }),
  defineStatementRule({
    id: "iam-no-negation",
    title: "Policies allow what they name, not all else",
    severity: "high",
    why: "Allow with NotAction or NotResource also allows what AWS adds tomorrow.",
    remedy: "List Action and Resource; keep the negations for Deny.",
    source: "IAM user guide, NotAction with Allow",
    documents: IDENTITY,
    fault: ({ allows, notActions, notResources }) =>
      allows && notActions.length + notResources.length > 0
        ? `allows all but ${[...notActions, ...notResources].join(", ")}`
        : undefined,
    examples: identity(READ, { NotAction: ["iam:*"], Resource: ["arn:aws:s3:::data/*"] }),
  }),
  defineStatementRule({
    id: "iam-trust-named",
    title: "Roles name who may take them",
    severity: "critical",
    why: "A role that everyone may take is everyone's.",
    remedy: "Name the service, the account or the role; or give aws:PrincipalOrgID as a condition.",
    source: "IAM user guide, Principal; AWS IAM Access Analyzer, External access",
    documents: TRUST,
    fault: (statement) =>
      statement.allows && statement.principals.some(isEveryone) && !isLimited(statement)
        ? "lets everyone take the role"
        : undefined,
    examples: trust(
      { Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } },
      { Action: "sts:AssumeRole", Principal: { AWS: "*" } },
    ),
  }),
  defineStatementRule({
    id: "iam-trust-oidc-subject",
    title: "Roles for an identity provider name the subject",
    severity: "high",
    why: "Without sub every repository of GitHub, or every pod of the cluster, may take the role.",
    remedy: "Give StringEquals or StringLike for the provider's :sub, and for its :aud.",
    source: "IAM user guide, Create a role for OpenID Connect federation",
    documents: TRUST,
    fault: (statement) =>
      statement.allows && isOidc(statement) && !statement.conditions.some(namesSubject)
        ? "takes every subject of the provider"
        : undefined,
    examples: trust(
      {
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: {
          Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
        },
        Condition: {
          StringEquals: { "token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main" },
        },
      },
      {
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: {
          Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
        },
        Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
      },
    ),
  }),
];

const isPassRole = (action: string): boolean => /^iam:(?:PassRole|Pass\*)$/i.test(action);

const isOidc = ({ actions, principals }: PolicyStatement): boolean =>
  actions.some((action) => /^sts:AssumeRoleWithWebIdentity$/i.test(action)) &&
  principals.some(({ kind, value }) => kind === "Federated" && value.includes(":oidc-provider/"));

const namesSubject = ({ operator, key, values }: PolicyStatement["conditions"][number]): boolean =>
  key.endsWith(":sub") &&
  /^string(?:equals|like|equalsignorecase)$/.test(operator) &&
  values.every((value) => !/^(?:repo:)?\*+$/.test(value));
