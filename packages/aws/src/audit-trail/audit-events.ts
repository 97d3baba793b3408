/** Something in the account's audit log that one wants to be told of. */
export type AuditEvent =
  | "denied-calls"
  | "sign-in-without-mfa"
  | "root-use"
  | "iam-changes"
  | "trail-changes"
  | "failed-sign-ins"
  | "key-deletion"
  | "bucket-policy-changes"
  | "config-changes"
  | "security-group-changes"
  | "network-acl-changes"
  | "gateway-changes"
  | "route-changes"
  | "vpc-changes"
  | "organisation-changes";

export interface AuditEventSpec {
  readonly id: AuditEvent;
  /** CIS AWS Foundations Benchmark v3.0.0. */
  readonly control: string;
  /** For who is woken: "… happened". */
  readonly what: string;
  /** CloudWatch Logs filter pattern. */
  readonly pattern: string;
  /** More than so many in 5 minutes. @default 0 */
  readonly threshold?: number;
}

const names = (...events: readonly string[]): string =>
  events.map((event) => `($.eventName = ${event})`).join(" || ");
const of = (source: string, ...events: readonly string[]): string =>
  `{ ($.eventSource = ${source}.amazonaws.com) && (${names(...events)}) }`;

/**
 * Section 4 of the CIS AWS Foundations Benchmark v3.0.0, also controls CloudWatch.1 to .14 of Security Hub:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export const AUDIT_EVENTS: readonly AuditEventSpec[] = [
  {
    id: "denied-calls",
    control: "4.1",
    what: "calls were denied",
    pattern:
      '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }',
    // Some denials are daily life, such as of consoles that look everywhere.
    threshold: 10,
  },
  {
    id: "sign-in-without-mfa",
    control: "4.2",
    what: "somebody signed in to the console without MFA",
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  {
    id: "root-use",
    control: "4.3",
    what: "the root user was used",
    pattern:
      '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  },
  {
    id: "iam-changes",
    control: "4.4",
    what: "IAM policies were changed",
    pattern: of(
      "iam",
      ...["DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy"],
      ...["PutUserPolicy", "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"],
      ...["AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy"],
      ...["AttachGroupPolicy", "DetachGroupPolicy"],
    ),
  },
  {
    id: "trail-changes",
    control: "4.5",
    what: "CloudTrail was changed",
    pattern: `{ ${names("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")} }`,
  },
  {
    id: "failed-sign-ins",
    control: "4.6",
    what: "signing in to the console failed",
    pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    // A mistyped password is nobody's concern, a guessed one is.
    threshold: 5,
  },
  {
    id: "key-deletion",
    control: "4.7",
    what: "a KMS key was disabled or is to be deleted",
    pattern: of("kms", "DisableKey", "ScheduleKeyDeletion"),
  },
  {
    id: "bucket-policy-changes",
    control: "4.8",
    what: "who reaches a bucket was changed",
    pattern: of(
      "s3",
      ...["PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication"],
      ...["DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"],
    ),
  },
  {
    id: "config-changes",
    control: "4.9",
    what: "AWS Config was changed",
    pattern: of(
      "config",
      ...[
        "StopConfigurationRecorder",
        "DeleteDeliveryChannel",
        "PutDeliveryChannel",
        "PutConfigurationRecorder",
      ],
    ),
  },
  {
    id: "security-group-changes",
    control: "4.10",
    what: "security groups were changed",
    pattern: `{ ${names(
      ...["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
      ...["RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup"],
    )} }`,
  },
  {
    id: "network-acl-changes",
    control: "4.11",
    what: "network ACLs were changed",
    pattern: `{ ${names(
      ...["CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry"],
      ...["ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"],
    )} }`,
  },
  {
    id: "gateway-changes",
    control: "4.12",
    what: "gateways to other networks were changed",
    pattern: `{ ${names(
      ...["CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway"],
      ...["DeleteInternetGateway", "DetachInternetGateway"],
    )} }`,
  },
  {
    id: "route-changes",
    control: "4.13",
    what: "route tables were changed",
    pattern: of(
      "ec2",
      ...[
        "CreateRoute",
        "CreateRouteTable",
        "ReplaceRoute",
        "ReplaceRouteTableAssociation",
        "DeleteRouteTable",
      ],
      ...["DeleteRoute", "DisassociateRouteTable"],
    ),
  },
  {
    id: "vpc-changes",
    control: "4.14",
    what: "VPCs were changed",
    pattern: `{ ${names(
      ...["CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection"],
      ...["CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection"],
      ...["AttachClassicLinkVpc", "DetachClassicLinkVpc", "DisableVpcClassicLink", "EnableVpcClassicLink"],
    )} }`,
  },
  {
    id: "organisation-changes",
    control: "4.15",
    what: "the organisation was changed",
    pattern: of(
      "organizations",
      ...["AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy"],
      ...[
        "DeclineHandshake",
        "DeleteOrganization",
        "DeleteOrganizationalUnit",
        "DeletePolicy",
        "DetachPolicy",
      ],
      ...["DisablePolicyType", "EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization"],
      ...["MoveAccount", "RemoveAccountFromOrganization", "UpdatePolicy", "UpdateOrganizationalUnit"],
    ),
  },
];

export const AUDIT_EVENT_IDS: readonly AuditEvent[] = AUDIT_EVENTS.map(({ id }) => id);
