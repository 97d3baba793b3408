import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { HostedZone } from "./hosted-zone.ts";
import type { HostedZoneArgs } from "./hosted-zone-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const topic = { topicArn: "arn:aws:sns:us-east-1:123456789012:on-call" };
const logs = ["query-log", "query-logs", "query-logs-policy"];
const signing = ["dnssec", "dnssec-failure-alarm", "dnssec-keys-alarm", "key", "key-signing-key"];
const refused = { refused: "INVALID_ARGUMENT" };

/** The table of docs/hosted-zone.md. */
export const argumentEffects: ArgumentEffects<HostedZoneArgs> = {
  base: { preset: "dev", domainName: "shop.example.com", dnssec: true, tags },
  full: { domainName: "shop.example.com", dnssec: true, tags },
  create: (args, options) => new HostedZone("unit", args, options),
  untaggable: [
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
    "aws:route53/keySigningKey:KeySigningKey",
    "aws:route53/queryLog:QueryLog",
  ],
  changes: {
    preset: { to: "prod", effect: { creates: logs } },
    domainName: [
      {
        to: "shop.example.org",
        effect: { replaces: ["zone"], updates: ["dnssec-failure-alarm", "dnssec-keys-alarm", "key"] },
      },
      { to: "Shop", effect: refused },
    ],
    vpcs: { to: [{ vpcId: "vpc-1" }], effect: refused },
    dnssec: { to: false, effect: { deletes: signing } },
    queryLogs: [
      { to: 30, effect: { creates: logs } },
      { from: 30, to: 90, effect: { updates: ["query-logs"] } },
      { from: 30, to: "none", effect: { deletes: logs } },
    ],
    alarms: [
      { to: { topic }, effect: { updates: ["dnssec-failure-alarm", "dnssec-keys-alarm"] } },
      {
        to: { off: { "dnssec-keys": { reason: "told elsewhere" } } },
        effect: { deletes: ["dnssec-keys-alarm"] },
      },
    ],
    adopt: [
      { from: { zoneId: "Z0123456789ABC" }, to: undefined, effect: {} },
      { to: { zoneId: "zone" }, effect: refused },
    ],
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: { updates: ["dnssec-failure-alarm", "dnssec-keys-alarm", "key", "zone"] },
    },
  },
};
