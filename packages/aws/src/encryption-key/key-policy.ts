import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { EncryptionKeyArgs } from "./encryption-key-args.ts";
import { grantsForAws, serviceStatements, USE_ACTIONS } from "./key-service.ts";

/**
 * KMS developer guide, "Allows key administrators to administer the KMS key", without imports of key material, and
 * without grants: by one an administrator could decrypt.
 */
const ADMIN_ACTIONS = [
  "kms:CreateAlias",
  "kms:Describe*",
  "kms:Enable*",
  "kms:List*",
  "kms:Put*",
  "kms:Update*",
  "kms:RevokeGrant",
  "kms:Disable*",
  "kms:Get*",
  "kms:Delete*",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
  "kms:RotateKeyOnDemand",
  // Of a multi-region key.
  "kms:ReplicateKey",
];

type Principals = NonNullable<PolicyStatement["principals"]>;

/** Administering and using are apart: who may do the one may not do the other by this policy. */
export function keyStatements(
  { administrators, users, services = [] }: EncryptionKeyArgs,
  account: CallerAccount,
): readonly PolicyStatement[] {
  // The account's ARN hands the decision to IAM policies.
  const root: Principals = {
    AWS: pulumi.interpolate`arn:${account.partition}:iam::${account.accountId}:root`,
  };
  const using: Principals = users === undefined ? root : { AWS: users };
  return [
    administer("Administer", administrators === undefined ? root : { AWS: administrators }),
    ...(administrators === undefined ? [] : [rootUser(root)]),
    { sid: "Use", actions: USE_ACTIONS, principals: using, resources: ["*"] },
    grantsForAws("UseThroughServices", using),
    ...services.flatMap((name) => serviceStatements(name, account)),
  ];
}

function administer(sid: string, principals: Principals): PolicyStatement {
  return { sid, actions: ADMIN_ACTIONS, principals, resources: ["*"] };
}

/** Without it nobody could open the key again after its administrators are deleted. `Account`: only the root user. */
function rootUser(principals: Principals): PolicyStatement {
  return {
    ...administer("AdministerAsRootUser", principals),
    conditions: { StringEquals: { "aws:PrincipalType": "Account" } },
  };
}
