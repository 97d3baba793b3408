import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { SecurityGroup } from "./security-group.ts";
import type { SecurityGroupArgs } from "./security-group-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const vpc = { vpcId: "vpc-1", cidrBlock: "10.0.0.0/16" };
const https = { from: "vpc", port: 443, description: "HTTPS" } as const;
const ssh = { from: { cidrBlock: "10.9.0.0/16", reason: "office" }, port: 22, description: "SSH" };

/** The table of docs/security-group.md. */
export const argumentEffects: ArgumentEffects<SecurityGroupArgs> = {
  base: { vpc, ingress: [https], tags },
  create: (args, options) => new SecurityGroup("unit", args, options),
  full: {
    vpc,
    ingress: [
      https,
      ssh,
      { from: "self", protocol: "all", description: "members" },
      { from: { anywhere: { reason: "public" } }, port: 80, description: "HTTP" },
    ],
    egress: [
      { to: { prefixListId: "pl-1", name: "s3" }, port: 443, description: "S3" },
      { to: { securityGroupId: "sg-1", name: "database" }, port: 5432, description: "queries" },
    ],
    tags,
  },
  changes: {
    vpc: [
      { to: { ...vpc, vpcId: "vpc-2" }, effect: { replaces: ["group"] } },
      { to: { ...vpc, cidrBlock: "10.1.0.0/16" }, effect: { updates: ["in-tcp-443-vpc"] } },
    ],
    ingress: [
      { from: [https, ssh], to: [ssh, https], effect: {} },
      { to: [{ ...https, description: "TLS" }], effect: { updates: ["in-tcp-443-vpc"] } },
      {
        to: [{ ...https, port: 8443 }],
        effect: { creates: ["in-tcp-8443-vpc"], deletes: ["in-tcp-443-vpc"] },
      },
      { to: [https, https], effect: { refused: "INVALID_ARGUMENT" } },
      {
        to: [{ ...https, from: { cidrBlock: "0.0.0.0/0", reason: "all" } }],
        effect: { refused: "INVALID_ARGUMENT" },
      },
    ],
    egress: {
      to: [{ to: { anywhere: { reason: "updates" } }, port: 443, description: "updates" }],
      effect: { creates: ["out-tcp-443-anywhere-ipv4", "out-tcp-443-anywhere-ipv6"] },
    },
    description: { to: "another", effect: { replaces: ["group"] } },
    adopt: { to: { securityGroupId: "sg-0a1b2c3d" }, effect: { replaces: ["in-tcp-443-vpc"] } },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["group", "in-tcp-443-vpc"] } },
  },
};
