import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { PolicyConditions, PolicyStatement } from "../iam/policy-statement.ts";
import type { AlertPublisher } from "./alert-topic-args.ts";

export const PUBLISHERS: Readonly<Record<AlertPublisher, string>> = {
  cloudwatch: "cloudwatch.amazonaws.com",
  budgets: "budgets.amazonaws.com",
  "cost-anomalies": "costalerts.amazonaws.com",
  events: "events.amazonaws.com",
};

/**
 * Only for this account (the confused deputy of the IAM user guide). EventBridge sends without the key, and a condition
 * on it would drop every message: SNS developer guide, "Encryption key management".
 */
function ofAccount(
  publisher: AlertPublisher,
  { accountId }: CallerAccount,
): { conditions?: PolicyConditions } {
  return publisher === "events" ? {} : { conditions: { StringEquals: { "aws:SourceAccount": accountId } } };
}

/** The account administers the key, and the publishers encrypt with it. */
export function keyStatements(
  publishers: readonly AlertPublisher[],
  account: CallerAccount,
): readonly PolicyStatement[] {
  const root = pulumi.interpolate`arn:${account.partition}:iam::${account.accountId}:root`;
  return [
    { sid: "Account", actions: ["kms:*"], resources: ["*"], principals: { AWS: root } },
    ...publishers.map((publisher) => ({
      actions: ["kms:GenerateDataKey*", "kms:Decrypt"],
      resources: ["*"],
      principals: { Service: PUBLISHERS[publisher] },
      ...ofAccount(publisher, account),
    })),
  ];
}

/** The publishers publish, and nobody without TLS. What IAM allows in the account is not touched. */
export function topicStatements(
  topicArn: pulumi.Input<string>,
  publishers: readonly AlertPublisher[],
  account: CallerAccount,
): readonly PolicyStatement[] {
  return [
    ...publishers.map((publisher) => ({
      actions: ["sns:Publish"],
      resources: [topicArn],
      principals: { Service: PUBLISHERS[publisher] },
      ...ofAccount(publisher, account),
    })),
    {
      sid: "OnlyTls",
      effect: "Deny",
      actions: ["sns:Publish"],
      resources: [topicArn],
      principals: { AWS: "*" },
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}
