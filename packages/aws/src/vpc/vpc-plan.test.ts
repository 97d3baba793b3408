import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIpv4Block, ipv4Contains, ipv4Overlaps, parseIpv4Block } from "../cidr.ts";
import { type SubnetKey, type SubnetPlan, TIERS, type Tier } from "./address-plan.ts";
import { planVpc, type VpcPlanOptions } from "./vpc-plan.ts";
import { ZONE_SLOTS } from "./zones.ts";

const slotsOf = (prefix: number) => ZONE_SLOTS.slice(0, prefix <= 21 ? 8 : prefix === 22 ? 4 : 2);
const cidr = fc
  .record({ address: fc.nat({ max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 16, max: 24 }) })
  .map(({ address, prefix }) => formatIpv4Block({ base: address - (address % 2 ** (32 - prefix)), prefix }));
/** Any VPC that has a plan: zones and tiers in any order. */
const options = cidr.chain((cidrBlock) =>
  fc.record({
    cidrBlock: fc.constant(cidrBlock),
    zones: fc
      .shuffledSubarray([...slotsOf(Number(cidrBlock.split("/")[1]))], { minLength: 1 })
      .map((slots) => slots.map((slot) => `eu-central-1${slot}`)),
    tiers: fc.shuffledSubarray([...TIERS], { minLength: 1 }),
  }),
);
const code = (expected: string) => expect.objectContaining({ code: expected });
const byKey = (subnets: readonly SubnetPlan[]) => new Map(subnets.map((subnet) => [subnet.key, subnet]));

describe("the address plan", () => {
  test("keeps every subnet inside the VPC, apart from the others, and of a size that AWS takes", () => {
    fc.assert(
      fc.property(options, (vpc) => {
        const { subnets } = planVpc(vpc);
        expect(subnets).toHaveLength(vpc.zones.length * vpc.tiers.length);
        const blocks = subnets.map((subnet) => parseIpv4Block(subnet.cidrBlock));
        for (const [index, block] of blocks.entries()) {
          expect(ipv4Contains(parseIpv4Block(vpc.cidrBlock), block)).toBe(true);
          expect(block.prefix).toBeLessThanOrEqual(28);
          expect(blocks.slice(0, index).some((other) => ipv4Overlaps(block, other))).toBe(false);
        }
        expect(new Set(subnets.map((subnet) => subnet.ipv6Index)).size).toBe(subnets.length);
        expect(subnets.every(({ ipv6Index }) => ipv6Index >= 0 && ipv6Index <= 255)).toBe(true);
      }),
    );
  });

  test("never moves a subnet when zones or tiers are added, removed or reordered", () => {
    fc.assert(
      fc.property(options, fc.infiniteStream(fc.nat()), (before, random) => {
        const all = slotsOf(Number(before.cidrBlock.split("/")[1])).map((slot) => `eu-central-1${slot}`);
        const mix = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, key: random.next().value }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const some = mix(all).slice(0, 1 + (random.next().value % all.length));
        const after = { ...before, zones: mix([...new Set([...before.zones, ...some])]), tiers: mix(TIERS) };
        const grown = byKey(planVpc(after).subnets);
        for (const subnet of planVpc(before).subnets) expect(grown.get(subnet.key)).toEqual(subnet);
      }),
    );
  });

  test("leaves the last eighth of the VPC free", () => {
    fc.assert(
      fc.property(options, (vpc) => {
        const block = parseIpv4Block(vpc.cidrBlock);
        const spare = { base: block.base + 7 * 2 ** (29 - block.prefix), prefix: block.prefix + 3 };
        for (const subnet of planVpc(vpc).subnets) {
          expect(ipv4Overlaps(spare, parseIpv4Block(subnet.cidrBlock))).toBe(false);
        }
      }),
    );
  });

  test("is the same for the same options", () => {
    fc.assert(
      fc.property(options, (vpc) => {
        expect(planVpc(structuredClone(vpc))).toEqual(planVpc(vpc));
      }),
    );
  });

  test("gives public subnets the /27 that a load balancer takes, up to /23", () => {
    for (const prefix of [16, 18, 20, 21, 22, 23]) {
      const { subnets } = planVpc({
        cidrBlock: `10.0.0.0/${prefix}`,
        zones: ["eu-central-1b"],
        tiers: ["public"],
      });
      expect(parseIpv4Block(subnets[0]?.cidrBlock ?? "").prefix).toBeLessThanOrEqual(27);
    }
  });

  test("has the places that the README states for a /16", () => {
    const { subnets } = planVpc({
      cidrBlock: "10.16.0.0/16",
      zones: ["us-east-1a", "us-east-1b", "us-east-1f"],
    });
    expect(subnets.map(({ key, cidrBlock, ipv6Index }) => [key, cidrBlock, ipv6Index])).toEqual([
      ["public-a", "10.16.192.0/22", 0x00],
      ["public-b", "10.16.196.0/22", 0x01],
      ["public-f", "10.16.212.0/22", 0x05],
      ["private-a", "10.16.0.0/20", 0x10],
      ["private-b", "10.16.16.0/20", 0x11],
      ["private-f", "10.16.80.0/20", 0x15],
      ["isolated-a", "10.16.128.0/21", 0x20],
      ["isolated-b", "10.16.136.0/21", 0x21],
      ["isolated-f", "10.16.168.0/21", 0x25],
    ]);
  });
});

describe("given addresses", () => {
  const base: VpcPlanOptions = { cidrBlock: "10.0.0.0/16", zones: ["eu-central-1a", "eu-central-1b"] };

  test("replace the planned ones of their subnet and of no other", () => {
    const planned = byKey(planVpc(base).subnets);
    const given = planVpc({
      ...base,
      subnets: { "public-a": { cidrBlock: "10.0.255.0/24", ipv6Index: 200 } },
    });
    for (const subnet of given.subnets) {
      if (subnet.key !== "public-a") expect(subnet).toEqual(planned.get(subnet.key));
      else expect(subnet).toMatchObject({ cidrBlock: "10.0.255.0/24", ipv6Index: 200 });
    }
  });

  test("let a zone be used that has no slot", () => {
    const { subnets } = planVpc({
      cidrBlock: "10.0.0.0/24",
      zones: ["eu-central-1a", "eu-central-1c"],
      tiers: ["private"],
      subnets: { "private-c": { cidrBlock: "10.0.0.240/28" } },
    });
    expect(subnets.map((subnet) => subnet.cidrBlock)).toEqual(["10.0.0.0/26", "10.0.0.240/28"]);
  });

  test.each<[string, Record<string, { cidrBlock: string; ipv6Index?: number }>, string, string]>([
    [
      "outside the VPC",
      { "public-a": { cidrBlock: "10.1.0.0/24" } },
      "INVALID_CIDR",
      "outside the VPC's 10.0.0.0/16",
    ],
    ["too small", { "public-a": { cidrBlock: "10.0.255.0/29" } }, "INVALID_CIDR", "subnets of /16 to /28"],
    ["malformed", { "public-a": { cidrBlock: "10.0.255/24" } }, "INVALID_CIDR", "no IPv4 CIDR block"],
    [
      "in another's place",
      { "public-a": { cidrBlock: "10.0.0.0/24" } },
      "ADDRESS_SPACE_EXHAUSTED",
      "private-a (10.0.0.0/20) overlaps public-a (10.0.0.0/24)",
    ],
    [
      "given twice",
      { "public-a": { cidrBlock: "10.0.240.0/20" }, "public-b": { cidrBlock: "10.0.241.0/24" } },
      "INVALID_CIDR",
      "overlaps",
    ],
    [
      "of another's IPv6 number",
      { "public-a": { cidrBlock: "10.0.255.0/24", ipv6Index: 0x10 } },
      "INVALID_CIDR",
      "share the IPv6 /64 number 16",
    ],
    [
      "beyond the /56",
      { "public-a": { cidrBlock: "10.0.255.0/24", ipv6Index: 256 } },
      "INVALID_CIDR",
      "0 to 255",
    ],
    ["for no subnet", { "public-c": { cidrBlock: "10.0.255.0/24" } }, "INVALID_ARGUMENT", "does not have"],
  ])("fails when they are %s", (_, subnets, expected, message) => {
    expect(() => planVpc({ ...base, subnets })).toThrow(code(expected));
    expect(() => planVpc({ ...base, subnets })).toThrow(message);
  });
});

describe("zones", () => {
  const slots = (zones: VpcPlanOptions["zones"]) => planVpc({ cidrBlock: "10.0.0.0/16", zones }).zones;

  test("take the slot of their letter, or the one given", () => {
    expect(slots(["us-west-2c", "us-west-2a", { name: "us-west-2-lax-1a", slot: "h" }])).toEqual([
      { name: "us-west-2c", slot: "c" },
      { name: "us-west-2a", slot: "a" },
      { name: "us-west-2-lax-1a", slot: "h" },
    ]);
  });

  test.each([
    ["us-gov-west-1a", "us-gov-west-1"],
    ["eusc-de-east-1b", "eusc-de-east-1"],
    ["ap-southeast-2c", "ap-southeast-2"],
    ["us-west-2-lax-1a", "us-west-2"],
  ])("tell the region: %s", (zone, region) => {
    expect(planVpc({ cidrBlock: "10.0.0.0/16", zones: [zone] }).region).toBe(region);
  });

  test.each<[string, VpcPlanOptions["zones"], string]>([
    ["none is named", [], "zones is empty"],
    ["a region is named", ["eu-central-1"], '"eu-central-1" is no name of a zone'],
    ["one is named twice", ["eu-central-1a", "eu-central-1a"], "listed twice"],
    ["two take one slot", ["us-west-2a", "us-west-2-lax-1a"], "both take slot a"],
    ["one has no letter", ["us-east-1-wl1-bos-wlz-1"], "has no letter a to h"],
    ["they are of two regions", ["eu-central-1a", "eu-west-1b"], "eu-central-1 and eu-west-1"],
  ])("fails when %s", (_, zones, message) => {
    expect(() => slots(zones)).toThrow(code("INVALID_ARGUMENT"));
    expect(() => slots(zones)).toThrow(message);
  });

  test("fails when a small VPC has no slot for one, and says what to do", () => {
    const vpc: VpcPlanOptions = { cidrBlock: "10.0.0.0/23", zones: ["eu-central-1a", "eu-central-1c"] };
    expect(() => planVpc(vpc)).toThrow(code("ADDRESS_SPACE_EXHAUSTED"));
    expect(() => planVpc(vpc)).toThrow('{ name: "eu-central-1c", slot: … }');
  });
});

describe("NAT and route tables", () => {
  const base: VpcPlanOptions = {
    cidrBlock: "10.0.0.0/16",
    zones: ["eu-central-1b", "eu-central-1a", "eu-central-1c"],
  };
  const nats = (more: Partial<VpcPlanOptions>) => planVpc({ ...base, ...more }).natGateways;
  const privateTables = (more: Partial<VpcPlanOptions>) =>
    planVpc({ ...base, ...more }).routeTables.filter((table) => table.tier === "private");

  test("without NAT private tables lead nowhere", () => {
    expect(nats({})).toEqual([]);
    expect(privateTables({}).map((table) => table.nat)).toEqual([undefined, undefined, undefined]);
  });

  test("a single gateway is in the first zone, and stays there when zones are appended", () => {
    expect(nats({ nat: "single" })).toEqual([{ slot: "b", subnet: "public-b" }]);
    expect(nats({ nat: "single", zones: [...base.zones, "eu-central-1d"] })).toEqual(nats({ nat: "single" }));
    expect(privateTables({ nat: "single" }).map((table) => table.nat)).toEqual(["b", "b", "b"]);
  });

  test("one a zone serves its own zone", () => {
    expect(nats({ nat: "per-zone" }).map((nat) => nat.subnet)).toEqual(["public-b", "public-a", "public-c"]);
    expect(privateTables({ nat: "per-zone" }).map((table) => [table.key, table.nat])).toEqual([
      ["private-b", "b"],
      ["private-a", "a"],
      ["private-c", "c"],
    ]);
  });

  test("every subnet has exactly one route table, whatever the NAT", () => {
    fc.assert(
      fc.property(options, fc.constantFrom("none", "single", "per-zone"), (vpc, nat) => {
        const possible = vpc.tiers.includes("public") && vpc.tiers.includes("private");
        const plan = planVpc({ ...vpc, nat: possible ? nat : "none" });
        const associated = plan.routeTables.flatMap((table) => table.subnets);
        expect(associated.toSorted()).toEqual(plan.subnets.map((subnet): SubnetKey => subnet.key).toSorted());
      }),
    );
  });

  test.each<[Tier[], string]>([
    [["private"], "add public to tiers"],
    [["public"], "add private to tiers"],
  ])("fails when NAT has only the tiers %j", (tiers, message) => {
    expect(() => nats({ nat: "single", tiers })).toThrow(message);
  });

  test("fails when tiers are empty or repeated", () => {
    expect(() => nats({ tiers: [] })).toThrow(code("INVALID_ARGUMENT"));
    expect(() => nats({ tiers: ["public", "public"] })).toThrow("each once");
  });
});

test("fails when the block is not one that a VPC can have", () => {
  for (const cidrBlock of ["10.0.0.0/8", "10.0.0.0/25", "10.0.0.1/16", "10.0.0.0"]) {
    expect(() => planVpc({ cidrBlock, zones: ["eu-central-1a"] })).toThrow(code("INVALID_CIDR"));
  }
});
