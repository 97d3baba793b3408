import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { planRules } from "./rule-plan.ts";
import { SecurityGroup } from "./security-group.ts";
import type { IngressRule, SecurityGroupArgs, TrafficPeer } from "./security-group-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const vpc = { vpcId: "vpc-1", cidrBlock: "10.0.0.0/16" };
const create = (args: Partial<SecurityGroupArgs>) =>
  record((options) => new SecurityGroup("orders", { vpc, tags, ...args }, options));

describe("SecurityGroup", () => {
  test("lets nothing in or out when nothing is said", async () => {
    const { resources } = await create({});
    expect(resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "orders-group",
        { vpcId: "vpc-1", description: "Traffic of orders", tags: { ...tags, Name: "orders-group" } },
      ],
    ]);
  });

  test("makes one rule of each intent, with its reason where it opens something", async () => {
    const { resources, component } = await create({
      ingress: [
        { from: { anywhere: { reason: "public shop" } }, port: 443, description: "HTTPS" },
        {
          from: { cidrBlock: "fd00:0:0:1::/64", reason: "office" },
          ports: { from: 80, to: 90 },
          description: "x",
        },
        { from: { securityGroupId: "sg-9", name: "api" }, port: 53, protocol: "udp", description: "names" },
      ],
      egress: [{ to: "self", protocol: "all", description: "members" }],
    });
    const rules = Object.fromEntries(resources.map(({ name, inputs }) => [name, inputs]));
    expect(Object.keys(rules).toSorted()).toEqual([
      "orders",
      "orders-group",
      "orders-in-tcp-443-anywhere-ipv4",
      "orders-in-tcp-443-anywhere-ipv6",
      "orders-in-tcp-80-90-cidr-fd00-0-0-1-x-64",
      "orders-in-udp-53-api",
      "orders-out-all-self",
    ]);
    expect(rules["orders-in-tcp-443-anywhere-ipv6"]).toEqual({
      securityGroupId: "orders-group-id",
      description: "HTTPS",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv6: "::/0",
      tags: { ...tags, Name: "orders-in-tcp-443-anywhere-ipv6", "Opening:anywhere": "public shop" },
    });
    expect(rules["orders-in-tcp-80-90-cidr-fd00-0-0-1-x-64"]).toMatchObject({
      cidrIpv6: "fd00:0:0:1::/64",
      fromPort: 80,
      toPort: 90,
      tags: { "Opening:network": "office" },
    });
    expect(rules["orders-in-udp-53-api"]).toMatchObject({
      referencedSecurityGroupId: "sg-9",
      ipProtocol: "udp",
    });
    expect(rules["orders-out-all-self"]).toEqual({
      securityGroupId: "orders-group-id",
      description: "members",
      ipProtocol: "-1",
      referencedSecurityGroupId: "orders-group-id",
      tags: { ...tags, Name: "orders-out-all-self" },
    });
    expect([...component.nodes.egress.keys()]).toEqual(["out-all-self"]);
  });

  test("takes rules later, and none twice", async () => {
    const rule = { port: 5432, description: "queries" };
    let peer: SecurityGroup | undefined;
    const { resources } = await record((options) => {
      const api = new SecurityGroup("api", { vpc, tags }, options);
      peer = new SecurityGroup("db", { vpc, ingress: [{ from: api, ...rule }], tags }, options);
      api.allowTo({ to: peer, ...rule });
      expect(() => api.allowTo({ to: peer ?? "self", ...rule })).toThrow("out-tcp-5432-db is there twice");
      return api;
    });
    const rules = resources.filter(({ name }) => name.includes("5432"));
    expect(rules.map(({ name, inputs }) => [name, inputs["referencedSecurityGroupId"]])).toEqual([
      ["api-out-tcp-5432-db", "db-group-id"],
      ["db-in-tcp-5432-api", "api-group-id"],
    ]);
  });

  test("adopts a group as it is", async () => {
    const { resources, children } = await create({ adopt: { securityGroupId: "sg-0a1b2c3d" } });
    expect(resources.find(({ name }) => name === "orders-group")?.importId).toBe("sg-0a1b2c3d");
    expect(children[0]?.options.ignoreChanges).toEqual(["name", "description", "tags"]);
  });

  test.each<[Partial<SecurityGroupArgs>, string]>([
    [{ ingress: [{ from: "vpc", description: "x" }] }, "takes either port or ports"],
    [
      { ingress: [{ from: "vpc", port: 1, ports: { from: 1, to: 2 }, description: "x" }] },
      "either port or ports",
    ],
    [{ ingress: [{ from: "vpc", port: 0, description: "x" }] }, "port is 0"],
    [{ ingress: [{ from: "vpc", ports: { from: 9, to: 8 }, description: "x" }] }, "ports.to is 8"],
    [
      { ingress: [{ from: "vpc", protocol: "all", port: 1, description: "x" }] },
      "protocol all is every port",
    ],
    [{ ingress: [{ from: "vpc", port: 1, description: "ü" }] }, '"ü" describes no rule'],
    [
      { ingress: [{ from: { cidrBlock: "::/0", reason: "x" }, port: 1, description: "x" }] },
      "whole internet",
    ],
    [
      { ingress: [{ from: { cidrBlock: "0.0.0.0/1", reason: "x" }, port: 1, description: "x" }] },
      "whole internet",
    ],
    [
      { ingress: [{ from: { cidrBlock: "10.0.0.1/8", reason: "x" }, port: 1, description: "x" }] },
      "10.0.0.0/8",
    ],
    [
      { ingress: [{ from: { cidrBlock: "10.0.0.0/8", reason: "" }, port: 1, description: "x" }] },
      "no reason for",
    ],
    [
      { egress: [{ to: { anywhere: { reason: " " } }, port: 1, description: "x" }] },
      "no reason for anywhere",
    ],
    [
      { egress: [{ to: { securityGroupId: "sg-1", name: "vpc" }, port: 1, description: "x" }] },
      '"vpc" cannot name',
    ],
    [{ description: "ü" }, 'description is "ü"'],
    [{ adopt: { securityGroupId: "vpc-1" } }, 'adopt.securityGroupId is "vpc-1"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});

describe("planRules", () => {
  const hex = fc.integer({ min: 1, max: 0xffff }).map((n) => n.toString(16));
  const peer: fc.Arbitrary<TrafficPeer> = fc.oneof(
    fc.constantFrom<TrafficPeer>("self", "vpc", { anywhere: { reason: "public" } }),
    fc.integer({ min: 0, max: 255 }).map((octet) => ({ cidrBlock: `10.${octet}.0.0/16`, reason: "network" })),
    fc.tuple(hex, hex).map(([a, b]) => ({ cidrBlock: `2001:${a}::${b}/128`, reason: "host" })),
    fc.tuple(hex, hex).map(([a, b]) => ({ cidrBlock: `2001:${a}:${b}::/48`, reason: "site" })),
    fc.constantFrom("api", "worker").map((name) => ({ name, securityGroupId: `sg-${name}` })),
    fc.constantFrom("s3", "office").map((name) => ({ name, prefixListId: `pl-${name}` })),
  );
  const rule: fc.Arbitrary<IngressRule> = fc
    .tuple(peer, fc.integer({ min: 1, max: 100 }), fc.constantFrom<"tcp" | "udp">("tcp", "udp"))
    .map(([from, port, protocol]) => ({ from, port, protocol, description: "x" }));
  const content = ({ from, port, protocol }: IngressRule) => JSON.stringify([from, port, protocol]);
  const rules = fc.uniqueArray(rule, { selector: content, maxLength: 20 });
  const byRole = (given: readonly IngressRule[]) =>
    new Map(planRules(given, [], "10.0.0.0/16").map((plan) => [plan.role, plan]));

  test("gives different rules different names, and the same in any order, whatever is beside them", () => {
    fc.assert(
      fc.property(
        rules.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given))),
        ([given, some]) => {
          const all = byRole(given);
          for (const [role, plan] of byRole(some)) {
            expect(role).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
            expect(all.get(role)).toEqual(plan);
          }
        },
      ),
    );
  });
});
