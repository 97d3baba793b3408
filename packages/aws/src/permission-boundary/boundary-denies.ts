import type { PolicyStatement } from "../iam/policy-statement.ts";

/** What no one inside of a boundary may do, whatever else allows it. */
export type BoundaryDeny =
  | "users"
  | "audit"
  | "organisation"
  | "public-access"
  | "encryption-defaults"
  | "password-policy";

/** Each switched off by its name in `allow`, with a reason. */
export const BOUNDARY_DENIES: Readonly<Record<BoundaryDeny, readonly string[]>> = {
  // People and programs use roles: CIS AWS Foundations v3.0.0 1.15, 1.21.
  users: [
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:CreateAccessKey",
    "iam:CreateGroup",
    "iam:CreateLoginProfile",
    "iam:CreateUser",
    "iam:PutGroupPolicy",
    "iam:UpdateLoginProfile",
  ],
  audit: [
    "access-analyzer:DeleteAnalyzer",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "guardduty:UpdateDetector",
    "securityhub:DisableSecurityHub",
  ],
  organisation: ["account:CloseAccount", "organizations:LeaveOrganization"],
  "public-access": [
    "ec2:DisableImageBlockPublicAccess",
    "ec2:DisableSnapshotBlockPublicAccess",
    "s3:PutAccountPublicAccessBlock",
  ],
  "encryption-defaults": ["ec2:DisableEbsEncryptionByDefault"],
  "password-policy": ["iam:DeleteAccountPasswordPolicy", "iam:UpdateAccountPasswordPolicy"],
};

/** Names of all denies that can be switched off. */
export const BOUNDARY_DENY_NAMES: readonly BoundaryDeny[] = [
  "users",
  "audit",
  "organisation",
  "public-access",
  "encryption-defaults",
  "password-policy",
];

/** Where a policy is in effect, and the boundary itself. */
export interface BoundaryPlace {
  readonly partition: string;
  readonly accountId: string;
  readonly policyName: string;
}

/**
 * What keeps the boundary closed; it has no switch. A role or user is made and changed only with this boundary on it, the
 * boundary is not edited from inside, and roles that lie outside of it are neither taken nor handed on.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
export function boundaryKeepers(
  { partition, accountId, policyName }: BoundaryPlace,
  outsideRoles: readonly string[],
): readonly PolicyStatement[] {
  const iam = `arn:${partition}:iam::${accountId}`;
  const boundary = `${iam}:policy/${policyName}`;
  return [
    {
      sid: "OnlyWithTheBoundary",
      effect: "Deny",
      actions: [
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:CreateRole",
        "iam:CreateUser",
        "iam:DeleteRolePolicy",
        "iam:DeleteUserPolicy",
        "iam:DetachRolePolicy",
        "iam:DetachUserPolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:PutUserPermissionsBoundary",
        "iam:PutUserPolicy",
      ],
      resources: ["*"],
      conditions: { StringNotEquals: { "iam:PermissionsBoundary": boundary } },
    },
    {
      sid: "BoundaryStays",
      effect: "Deny",
      actions: ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"],
      resources: ["*"],
    },
    {
      sid: "BoundaryIsNotEdited",
      effect: "Deny",
      actions: [
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:SetDefaultPolicyVersion",
      ],
      resources: [boundary],
    },
    {
      sid: "OutsideRoles",
      effect: "Deny",
      actions: ["iam:DeleteRole", "iam:PassRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"],
      resources: outsideRoles.map((name) => `${iam}:role/${name}`),
    },
  ];
}
