import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";

export interface ComponentKeySpec {
  /** Of the child. */
  readonly role: string;
  readonly description: string;
  readonly protect: boolean;
  /** What its policy allows besides the account's own IAM policies. */
  readonly statements?: readonly PolicyStatement[];
  /** @default "ENCRYPT_DECRYPT", with a symmetric key that is rotated each year */
  readonly signing?: "ECC_NIST_P256";
  /** @default - the provider's */
  readonly region?: string;
  /** Of a key that exists. */
  readonly adoptId?: string;
}

/** A KMS key of a component's own. The account's IAM policies decide who uses it, and `statements` besides. */
export function createComponentKey(
  context: ComponentContext,
  { accountId, partition }: Pick<CallerAccount, "accountId" | "partition">,
  spec: ComponentKeySpec,
): aws.kms.Key {
  // Without it nobody could manage the key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
  const account: PolicyStatement = {
    sid: "AccountPolicies",
    actions: ["kms:*"],
    resources: ["*"],
    principals: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
  };
  return new aws.kms.Key(
    context.child(spec.role),
    {
      description: spec.description,
      // AWS rotates symmetric keys only.
      ...(spec.signing === undefined
        ? { enableKeyRotation: true }
        : { customerMasterKeySpec: spec.signing, keyUsage: "SIGN_VERIFY" }),
      // The longest that AWS offers: what a key encrypted is lost with it.
      deletionWindowInDays: 30,
      policy: policyDocument([account, ...(spec.statements ?? [])]),
      ...(spec.region !== undefined && { region: spec.region }),
      tags: context.tags(spec.role),
    },
    context.adopted(spec.adoptId, ["description", "policy", "tags", "deletionWindowInDays"], {
      protect: spec.protect,
    }),
  );
}
