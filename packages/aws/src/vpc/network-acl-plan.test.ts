import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TIERS, type Tier } from "./address-plan.ts";
import { type AclRule, type NetworkAclOptions, planNetworkAcl } from "./network-acl-plan.ts";

const closed: NetworkAclOptions = {
  nat: false,
  ipv6: false,
  publicIpOnLaunch: false,
  gatewayEndpoints: false,
  publicIngress: [],
  peerCidrBlocks: [],
};
const rules = (tier: Tier, more: Partial<NetworkAclOptions> = {}) =>
  planNetworkAcl(tier, { ...closed, ...more });
const options: fc.Arbitrary<NetworkAclOptions> = fc.record({
  nat: fc.boolean(),
  ipv6: fc.boolean(),
  publicIpOnLaunch: fc.boolean(),
  gatewayEndpoints: fc.boolean(),
  publicIngress: fc.subarray([
    { port: 443, reason: "web" },
    { port: 80, reason: "redirect" },
    { port: 22, cidrBlocks: ["192.0.2.0/24"], reason: "bastion" },
    { port: 53, protocol: "udp" as const, reason: "dns" },
  ]),
  peerCidrBlocks: fc.subarray(["10.99.0.0/16", "192.168.0.0/16"]),
});
const text = ({ protocol, peer, fromPort, toPort, icmp }: AclRule) => {
  const where = typeof peer === "string" ? peer : "ipv4" in peer ? peer.ipv4 : peer.ipv6;
  return `${protocol} ${where} ${icmp ? `type ${icmp.type} code ${icmp.code}` : `${fromPort}-${toPort}`}`;
};
const fromAnywhere = ({ peer }: AclRule) =>
  typeof peer === "object" && ("ipv4" in peer ? peer.ipv4 === "0.0.0.0/0" : peer.ipv6 === "::/0");

describe("network ACL rules", () => {
  test("with nothing opened, every tier talks to the VPC and to nothing else", () => {
    for (const tier of TIERS) {
      expect(rules(tier).ingress.map(text)).toEqual(["-1 vpc-ipv4 0-0"]);
      expect(rules(tier).egress.map(text)).toEqual(["-1 vpc-ipv4 0-0"]);
    }
  });

  test("never let everyone in on an administration port, or on everything", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TIERS), options, (tier, given) => {
        for (const rule of planNetworkAcl(tier, given).ingress.filter(fromAnywhere)) {
          expect(rule.protocol).not.toBe("-1");
          for (const port of [22, 3389]) {
            const covered = rule.icmp === undefined && rule.fromPort <= port && port <= rule.toPort;
            expect(covered).toBe(false);
          }
        }
      }),
    );
  });

  test("keep the isolated tier to the VPC and its peers, whatever is opened elsewhere", () => {
    fc.assert(
      fc.property(options, (given) => {
        const { ingress, egress } = planNetworkAcl("isolated", { ...given, gatewayEndpoints: false });
        expect([...ingress, ...egress].some(fromAnywhere)).toBe(false);
      }),
    );
  });

  test("have numbers that differ, rise, and are few enough for AWS", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TIERS), options, (tier, given) => {
        for (const list of Object.values(planNetworkAcl(tier, given))) {
          const numbers = list.map((rule: AclRule) => rule.ruleNumber);
          expect(new Set(numbers).size).toBe(numbers.length);
          expect(numbers.every((n: number) => n >= 1 && n <= 32766)).toBe(true);
        }
      }),
    );
  });

  test("NAT lets answers into the public and private tiers", () => {
    const answers = [
      "6 0.0.0.0/0 1024-3388",
      "6 0.0.0.0/0 3390-65535",
      "17 0.0.0.0/0 1024-3388",
      "17 0.0.0.0/0 3390-65535",
    ];
    for (const tier of ["public", "private"] as const) {
      expect(rules(tier, { nat: true }).ingress.map(text)).toEqual([
        "-1 vpc-ipv4 0-0",
        ...answers,
        "1 0.0.0.0/0 type 3 code 4",
      ]);
      expect(rules(tier, { nat: true }).egress.map(text)).toEqual(["-1 vpc-ipv4 0-0", "-1 0.0.0.0/0 0-0"]);
    }
  });

  test("gateway endpoints are reached by HTTPS, and answer from public addresses", () => {
    const { ingress, egress } = rules("isolated", { gatewayEndpoints: true });
    expect(egress.map(text)).toEqual(["-1 vpc-ipv4 0-0", "6 0.0.0.0/0 443-443"]);
    expect(ingress.map(text)).toEqual(["-1 vpc-ipv4 0-0", "6 0.0.0.0/0 1024-3388", "6 0.0.0.0/0 3390-65535"]);
  });

  test("an opened port is open in the public tier alone, over both families", () => {
    const opened = { ipv6: true, publicIngress: [{ port: 443, reason: "web" }] };
    expect(rules("public", opened).ingress.map(text)).toEqual([
      "-1 vpc-ipv4 0-0",
      "-1 vpc-ipv6 0-0",
      "6 0.0.0.0/0 443-443",
      "6 ::/0 443-443",
      "1 0.0.0.0/0 type 3 code 4",
      "58 ::/0 type 2 code 0",
    ]);
    expect(rules("isolated", opened).ingress.map(text)).toEqual(["-1 vpc-ipv4 0-0", "-1 vpc-ipv6 0-0"]);
  });

  test("blocks that are named are the only ones that are opened", () => {
    const opened = {
      ipv6: true,
      publicIngress: [{ port: 22, cidrBlocks: ["192.0.2.0/24"], reason: "bastion" }],
    };
    expect(rules("public", opened).ingress.map(text)).toContain("6 192.0.2.0/24 22-22");
    expect(rules("public", opened).ingress.some((rule) => rule.fromPort === 22 && fromAnywhere(rule))).toBe(
      false,
    );
  });

  test.each([
    [{ port: 22, reason: "ssh" }, "opens port 22 to everyone"],
    [{ port: 3389, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"], reason: "rdp" }, "opens port 3389 to everyone"],
    [{ port: 0, reason: "x" }, "a port is 1 to 65535"],
    [{ port: 443, cidrBlocks: ["10.0.0.1/8"], reason: "x" }, "did you mean 10.0.0.0/8"],
  ])("fails when asked for %j", (opening, message) => {
    expect(() => rules("public", { publicIngress: [opening] })).toThrow(message);
  });

  test("fails when there are more rules than AWS allows", () => {
    const peerCidrBlocks = Array.from({ length: 20 }, (_, n) => `10.${n}.0.0/16`);
    expect(() => rules("private", { peerCidrBlocks })).toThrow(
      "would have 21 rules one way, and AWS allows 20",
    );
  });
});
