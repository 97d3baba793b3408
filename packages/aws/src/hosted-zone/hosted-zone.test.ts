import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { HostedZone } from "./hosted-zone.ts";
import type { HostedZoneArgs } from "./hosted-zone-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const create = (args: Partial<HostedZoneArgs> = {}) =>
  record(
    (options) => new HostedZone("shop", { domainName: "shop.example.com", tags, ...args }, options),
    ({ type, name }) => {
      if (type.endsWith(":Zone")) return { zoneId: "Z1", arn: "arn:aws:route53:::hostedzone/Z1" };
      if (type.endsWith(":KeySigningKey")) return { dsRecord: "12345 13 2 ABCDEF" };
      return { arn: `arn:of:${name}` };
    },
  );
const inputsOf = async (role: string, args: Partial<HostedZoneArgs> = {}) =>
  (await create(args)).resources.find(({ name }) => name === `shop-${role}`)?.inputs ?? {};

describe("HostedZone", () => {
  test("is public, protected, with its queries kept for 90 days, when nothing is said", async () => {
    const { resources, children } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "shop",
      "shop-query-log",
      "shop-query-logs",
      "shop-query-logs-policy",
      "shop-zone",
    ]);
    expect(await inputsOf("zone")).toEqual({
      comment: "Managed by Pulumi",
      name: "shop.example.com",
      tags: { ...tags, Name: "shop-zone" },
    });
    expect(children.filter(({ options }) => options.protect).map(({ name }) => name)).toEqual(["shop-zone"]);
  });

  test("logs queries where Route 53 wants them, and lets it write from this account alone", async () => {
    expect(await inputsOf("query-logs")).toMatchObject({ region: "us-east-1", retentionInDays: 90 });
    const policy = await inputsOf("query-logs-policy");
    expect(policy).toMatchObject({ region: "us-east-1", policyName: "shop-query-logs" });
    expect(JSON.parse(String(policy["policyDocument"])).Statement).toEqual([
      {
        Sid: "Route53Writes",
        Effect: "Allow",
        Principal: { Service: "route53.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["arn:of:shop-query-logs:*"],
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:route53:::hostedzone/*" },
        },
      },
    ]);
  });

  test("is signed with a key that Route 53 takes, and says what the parent needs", async () => {
    const { component } = await create({ dnssec: true });
    expect(await inputsOf("key", { dnssec: true })).toMatchObject({
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      region: "us-east-1",
    });
    expect(await inputsOf("key-signing-key", { dnssec: true })).toEqual({
      hostedZoneId: "Z1",
      keyManagementServiceArn: "arn:of:shop-key",
      name: "shop_ksk",
    });
    expect(await resolved(component.dsRecord ?? "")).toBe("12345 13 2 ABCDEF");
    const { Statement } = JSON.parse(String((await inputsOf("key", { dnssec: true }))["policy"]));
    expect(Statement.map(({ Sid }: { readonly Sid: string }) => Sid)).toEqual([
      "AccountPolicies",
      "Route53Signs",
      "Route53Grants",
    ]);
  });

  test("tells of signing that fails, where the metric is", async () => {
    const topic = { topicArn: "arn:aws:sns:us-east-1:1:on-call" };
    expect(await inputsOf("dnssec-failure-alarm", { dnssec: true, alarms: { topic } })).toMatchObject({
      region: "us-east-1",
      metricName: "DNSSECInternalFailure",
      dimensions: { HostedZoneId: "Z1" },
      alarmActions: [topic.topicArn],
    });
  });

  test("is private with networks, and then has no query logs", async () => {
    const { resources } = await create({
      vpcs: [{ vpcId: "vpc-1" }, { vpcId: "vpc-2", region: "us-east-1" }],
    });
    expect(resources.map(({ name }) => name)).toEqual(["shop", "shop-zone"]);
    expect(resources[1]?.inputs["vpcs"]).toEqual([
      { vpcId: "vpc-1" },
      { vpcId: "vpc-2", vpcRegion: "us-east-1" },
    ]);
  });

  test.each<[Partial<HostedZoneArgs>, string]>([
    [{ domainName: "Shop.example.com" }, 'domainName is "Shop.example.com"'],
    [{ domainName: "example.com." }, "without a dot at its end"],
    [{ domainName: "localhost" }, 'domainName is "localhost"'],
    [{ vpcs: [] }, "vpcs is empty"],
    [{ vpcs: [{ vpcId: "vpc-1" }], dnssec: true }, "signs public zones only"],
    [{ vpcs: [{ vpcId: "vpc-1" }], queryLogs: 30 }, "by the networks' resolvers"],
    [{ adopt: { zoneId: "example.com" } }, 'adopt.zoneId is "example.com"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
