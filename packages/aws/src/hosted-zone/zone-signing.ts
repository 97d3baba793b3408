import * as aws from "@pulumi/aws";
import type { CallerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { createComponentKey } from "../kms/component-key.ts";
import { type AlarmSpec, createAlarms } from "../monitoring/alarms.ts";
import type { HostedZoneAlarm, HostedZoneArgs } from "./hosted-zone-args.ts";

/** Where Route 53 takes keys and log groups from, and has its metrics. */
export const ZONE_REGION = "us-east-1";

export interface ZoneSigning {
  readonly key?: aws.kms.Key;
  readonly keySigningKey?: aws.route53.KeySigningKey;
  readonly dnssec?: aws.route53.HostedZoneDnsSec;
  readonly alarms: ReadonlyMap<HostedZoneAlarm, aws.cloudwatch.MetricAlarm>;
}

export function signZone(
  context: ComponentContext,
  args: HostedZoneArgs,
  protect: boolean,
  account: CallerAccount,
  zone: aws.route53.Zone,
): ZoneSigning {
  if (args.dnssec !== true) return { alarms: new Map() };
  // An elliptic-curve key of us-east-1 is what Route 53 takes:
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html
  const key = createComponentKey(context, account, {
    role: "key",
    description: `Signs ${args.domainName}`,
    protect,
    signing: "ECC_NIST_P256",
    statements: signingStatements(account),
    region: ZONE_REGION,
  });
  const keySigningKey = new aws.route53.KeySigningKey(
    context.child("key-signing-key"),
    // Route 53 takes letters, digits and underscores.
    {
      hostedZoneId: zone.zoneId,
      keyManagementServiceArn: key.arn,
      name: context.child("ksk").replaceAll("-", "_"),
    },
    context.options(),
  );
  const dnssec = new aws.route53.HostedZoneDnsSec(
    context.child("dnssec"),
    { hostedZoneId: zone.zoneId },
    context.options({ dependsOn: [keySigningKey] }),
  );
  return { key, keySigningKey, dnssec, alarms: createAlarms(context, alarmSpecs(args, zone), args.alarms) };
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/access-control-managing-permissions.html#KMS-key-policy-for-DNSSEC */
function signingStatements({ accountId, partition }: CallerAccount): readonly PolicyStatement[] {
  const principals = { Service: "dnssec-route53.amazonaws.com" };
  const zones = partition.apply((name) => `arn:${name}:route53:::hostedzone/*`);
  return [
    {
      sid: "Route53Signs",
      actions: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
      resources: ["*"],
      principals,
      conditions: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": zones },
      },
    },
    {
      sid: "Route53Grants",
      actions: ["kms:CreateGrant"],
      resources: ["*"],
      principals,
      conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-enable-signing.html */
function alarmSpecs(
  { domainName }: HostedZoneArgs,
  zone: aws.route53.Zone,
): readonly AlarmSpec<HostedZoneAlarm>[] {
  const common = {
    namespace: "AWS/Route53",
    dimensions: { HostedZoneId: zone.zoneId },
    statistic: "Sum",
    comparison: "above",
    threshold: 0,
    periods: 1,
    noData: "notBreaching",
    region: ZONE_REGION,
  } as const;
  return [
    {
      ...common,
      id: "dnssec-failure",
      description: `${domainName} cannot be signed, and resolvers will stop answering for it: look at the zone's DNSSEC page.`,
      metric: "DNSSECInternalFailure",
      // Route 53 sends both every four hours.
      periodSeconds: 14_400,
    },
    {
      ...common,
      id: "dnssec-keys",
      description: `A key of ${domainName} cannot be used: look at the state and the policy of its KMS key.`,
      metric: "DNSSECKeySigningKeysNeedingAction",
      periodSeconds: 14_400,
    },
  ];
}
