import { definePropertyRule, type Rule } from "@groundplane/policy";

const PASSWORDS = { minimumPasswordLength: 14, passwordReusePrevention: 24 };
const POOL = { passwordPolicy: { minimumLength: 12 }, mfaConfiguration: "ON" };

/** Sign-in: the account's password policy, roles that may do anything, Cognito. */
export const accountRules: readonly Rule[] = [
  definePropertyRule({
    id: "iam-password-length",
    title: "Passwords have at least 14 characters",
    severity: "medium",
    why: "Shorter ones are found by trying.",
    remedy: "Set minimumPasswordLength to 14 or more.",
    source: "AWS Security Hub IAM.15; CIS AWS Foundations v3.0.0 1.8",
    types: ["aws:iam/accountPasswordPolicy:AccountPasswordPolicy"],
    properties: ["minimumPasswordLength"],
    mustBe: { atLeast: 14 },
    passing: PASSWORDS,
    failing: { ...PASSWORDS, minimumPasswordLength: 8 },
  }),
  definePropertyRule({
    id: "iam-password-reuse",
    title: "The last 24 passwords are not taken again",
    severity: "low",
    why: "A password that leaked once is tried again.",
    remedy: "Set passwordReusePrevention: 24.",
    source: "AWS Security Hub IAM.16; CIS AWS Foundations v3.0.0 1.9",
    types: ["aws:iam/accountPasswordPolicy:AccountPasswordPolicy"],
    properties: ["passwordReusePrevention"],
    mustBe: { atLeast: 24 },
    passing: PASSWORDS,
    failing: { ...PASSWORDS, passwordReusePrevention: 5 },
  }),
  definePropertyRule({
    id: "iam-no-admin-attachment",
    title: "Nothing is given the administrator policy",
    severity: "critical",
    why: "One program that is broken into is then the whole account.",
    remedy: "Give the actions that are needed, on the resources that are needed.",
    source: "AWS FSBP IAM.1; CIS AWS Foundations v3.0.0 1.16, 1.22; cdk-nag AwsSolutions-IAM4",
    types: [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      "aws:iam/policyAttachment:PolicyAttachment",
    ],
    properties: ["policyArn"],
    // AWS's own have an ARN that is known; one that is not is of a policy made beside it.
    mustBe: {
      differsFrom:
        /:aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess|AWSCloudShellFullAccess)$/,
      orUnknown: true,
    },
    passing: { role: "app", policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" },
    failing: { role: "app", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
  }),
  definePropertyRule({
    id: "iam-role-no-admin",
    title: "No role lists the administrator policy",
    severity: "critical",
    why: "One program that is broken into is then the whole account.",
    remedy: "Give the actions that are needed, on the resources that are needed.",
    source: "AWS FSBP IAM.1; CIS AWS Foundations v3.0.0 1.16; cdk-nag AwsSolutions-IAM4",
    types: ["aws:iam/role:Role"],
    properties: ["managedPolicyArns[*]"],
    mustBe: { differsFrom: /:aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/ },
    passing: {
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
    },
    failing: {
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
    },
  }),
  definePropertyRule({
    id: "cognito-password-length",
    title: "User pools ask for passwords of at least 12 characters",
    severity: "medium",
    why: "Shorter ones are found by trying.",
    remedy: "Set passwordPolicy.minimumLength to 12 or more.",
    source: "AWS FSBP Cognito.3; cdk-nag AwsSolutions-COG1",
    types: ["aws:cognito/userPool:UserPool"],
    properties: ["passwordPolicy.minimumLength"],
    mustBe: { atLeast: 12 },
    passing: POOL,
    failing: { ...POOL, passwordPolicy: { minimumLength: 8 } },
  }),
  definePropertyRule({
    id: "cognito-mfa",
    title: "User pools offer a second factor",
    severity: "medium",
    enforcement: "advisory",
    why: "A password that is used elsewhere too is known elsewhere too.",
    remedy: 'Set mfaConfiguration to "ON" or "OPTIONAL".',
    source: "cdk-nag AwsSolutions-COG2",
    types: ["aws:cognito/userPool:UserPool"],
    properties: ["mfaConfiguration"],
    mustBe: { oneOf: ["ON", "OPTIONAL"] },
    passing: POOL,
    failing: { ...POOL, mfaConfiguration: "OFF" },
  }),
];

function trust(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
}
