import { invalidArgument } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { PolicyConditions, PolicyStatement } from "../iam/policy-statement.ts";

/** What encrypting and decrypting takes (KMS developer guide, "Allows key users to use the KMS key"). */
export const USE_ACTIONS = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncrypt*",
  "kms:GenerateDataKey*",
  "kms:DescribeKey",
];

interface ServiceRule {
  readonly principal: (account: CallerAccount) => Readonly<Record<string, pulumi.Input<string>>>;
  readonly conditions: (account: CallerAccount) => PolicyConditions;
  readonly actions: readonly string[];
}

const ofThisAccount = ({ accountId }: CallerAccount): PolicyConditions => ({
  StringEquals: { "aws:SourceAccount": accountId },
});
const service = (name: string): ServiceRule => ({
  principal: () => ({ Service: `${name}.amazonaws.com` }),
  conditions: ofThisAccount,
  actions: ["kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"],
});

const SERVICES = {
  // Its instances' disks. The role exists once the account has had a group.
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
  autoscaling: {
    principal: ({ partition, accountId }) => ({
      AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    }),
    conditions: () => ({}),
    actions: USE_ACTIONS,
  },
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
  cloudtrail: {
    principal: () => ({ Service: "cloudtrail.amazonaws.com" }),
    conditions: ({ partition, accountId }) => ({
      StringLike: {
        "kms:EncryptionContext:aws:cloudtrail:arn": pulumi.interpolate`arn:${partition}:cloudtrail:*:${accountId}:trail/*`,
      },
    }),
    actions: ["kms:GenerateDataKey*", "kms:DescribeKey"],
  },
  // Alarms and events that publish to an encrypted topic or queue.
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  cloudwatch: service("cloudwatch"),
  events: service("events"),
  // Flow logs and load balancers that write to an encrypted bucket.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
  "log-delivery": service("delivery.logs"),
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  logs: {
    principal: ({ region }) => ({ Service: pulumi.interpolate`logs.${region}.amazonaws.com` }),
    conditions: ({ partition, region, accountId }) => ({
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
      },
    }),
    actions: USE_ACTIONS,
  },
  // Notifications of a bucket, and messages of a topic, to an encrypted queue.
  s3: service("s3"),
  sns: service("sns"),
} as const satisfies Readonly<Record<string, ServiceRule>>;

/** A service that may use a key by itself. */
export type KeyService = keyof typeof SERVICES;

/**
 * Checks the services of a key.
 *
 * @throws {INVALID_ARGUMENT} there is no such service, or one is listed twice.
 */
export function checkServices(services: readonly KeyService[]): void {
  const known = Object.keys(SERVICES);
  for (const [at, name] of services.entries()) {
    if (!known.includes(name))
      throw invalidArgument(`services lists "${name}"; choose of ${known.join(", ")}`, { service: name });
    if (services.indexOf(name) !== at)
      throw invalidArgument(`services lists "${name}" twice; list it once`, { service: name });
  }
}

/** What a service needs of the key's policy. */
export function serviceStatements(name: KeyService, account: CallerAccount): readonly PolicyStatement[] {
  const rule: ServiceRule = SERVICES[name];
  const principals = rule.principal(account);
  const conditions = rule.conditions(account);
  const sid = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const use: PolicyStatement = {
    sid: `${sid}Uses`,
    actions: rule.actions,
    principals,
    resources: ["*"],
    ...(Object.keys(conditions).length > 0 && { conditions }),
  };
  return name === "autoscaling" ? [use, grantsForAws(`${sid}Grants`, principals)] : [use];
}

/** Services such as EBS and RDS work on behalf of who uses them through grants. */
export function grantsForAws(
  sid: string,
  principals: NonNullable<PolicyStatement["principals"]>,
): PolicyStatement {
  return {
    sid,
    actions: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
    principals,
    resources: ["*"],
    conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  };
}
