import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatIpv4Block,
  type Ipv4Block,
  ipv4Contains,
  ipv4Overlaps,
  ipv4Subblock,
  ipv6Slash64,
  parseIpv4Block,
  parseIpv6Block,
} from "./cidr.ts";

const block = fc
  .record({ address: fc.nat({ max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(({ address, prefix }): Ipv4Block => ({ base: address - (address % 2 ** (32 - prefix)), prefix }));
const last = ({ base, prefix }: Ipv4Block) => base + 2 ** (32 - prefix) - 1;

describe("IPv4 blocks", () => {
  test("are read as they are written", () => {
    expect(parseIpv4Block("10.16.0.0/12")).toEqual({ base: 0x0a100000, prefix: 12 });
    expect(parseIpv4Block("255.255.255.255/32")).toEqual({ base: 0xffffffff, prefix: 32 });
    expect(parseIpv4Block("0.0.0.0/0")).toEqual({ base: 0, prefix: 0 });
    fc.assert(
      fc.property(block, (b) => {
        expect(parseIpv4Block(formatIpv4Block(b))).toEqual(b);
      }),
    );
  });

  test("contain and overlap as their first and last addresses say", () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        expect(ipv4Contains(a, b)).toBe(a.base <= b.base && last(b) <= last(a));
        expect(ipv4Overlaps(a, b)).toBe(a.base <= last(b) && b.base <= last(a));
      }),
    );
  });

  test("split into blocks that cover them without overlap", () => {
    const parent = parseIpv4Block("172.16.0.0/12");
    const parts = Array.from({ length: 16 }, (_, index) => ipv4Subblock(parent, 16, index));
    expect(parts[0]?.base).toBe(parent.base);
    for (const [index, part] of parts.entries()) {
      expect(part.base).toBe(index === 0 ? parent.base : last(parts[index - 1] ?? part) + 1);
    }
    expect(last(parts[15] ?? parent)).toBe(last(parent));
  });

  test.each([
    "",
    "10.0.0.0",
    "10.0.0/16",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "010.0.0.0/8",
    "10.0.0.0/16 ",
    "::/0",
  ])("fails when given %j", (text) =>
    expect(() => parseIpv4Block(text)).toThrow(expect.objectContaining({ code: "INVALID_CIDR" })),
  );

  test("fails when host bits are set, and names the block that was meant", () => {
    expect(() => parseIpv4Block("10.0.3.7/16")).toThrow(
      '"10.0.3.7/16" has address bits set beyond its prefix; did you mean 10.0.0.0/16?',
    );
  });
});

describe("IPv6 subnets", () => {
  test("are the numbered /64 of the block", () => {
    expect(ipv6Slash64("2600:1f14:a:bc00::/56", 0x12)).toBe("2600:1f14:a:bc12::/64");
    expect(ipv6Slash64("2600:1f14::/56", 0)).toBe("2600:1f14::/64");
    expect(ipv6Slash64("2600::/56", 255)).toBe("2600:0:0:ff::/64");
  });

  test("are written as the URL standard writes them, which follows RFC 5952", () => {
    const group = fc.nat({ max: 0xffff });
    fc.assert(
      fc.property(group, group, group, fc.nat({ max: 0xff }), fc.nat({ max: 0xff }), (a, b, c, d, index) => {
        const full = (last: number) => [a, b, c, d * 256 + last].map((part) => part.toString(16)).join(":");
        const oracle = new URL(`http://[${full(index)}:0:0:0:0]/`).hostname.slice(1, -1);
        expect(ipv6Slash64(`${full(0)}::/56`, index)).toBe(`${oracle}/64`);
      }),
    );
  });

  test.each([
    "",
    "2600::",
    "2600::/65",
    "2600:::/56",
    "1:2:3:4:5:6:7:8:9/56",
    "1:2:3/56",
    "x::/56",
    "10.0.0.0/8",
  ])("fails when given %j", (text) =>
    expect(() => ipv6Slash64(text, 0)).toThrow(expect.objectContaining({ code: "INVALID_CIDR" })),
  );

  test("fails when the block has no such /64", () => {
    expect(() => ipv6Slash64("2600::/60", 16)).toThrow('"2600::/60" has 16 subnets of /64, and no number 16');
  });
});

describe("IPv6 blocks", () => {
  test.each<[string, bigint, number]>([
    ["::/0", 0n, 0],
    ["2001:db8::/32", 0x20010db8n << 96n, 32],
    ["fd00:0:0:1::/64", (0xfd00n << 112n) | (1n << 64n), 64],
    ["::1/128", 1n, 128],
  ])("%s", (text, base, prefix) => expect(parseIpv6Block(text)).toEqual({ base, prefix }));

  test.each([
    ["2001:db8::", "no IPv6 CIDR block"],
    ["2001:db8::/129", "no IPv6 CIDR block"],
    ["2001:db8::/32/1", "no IPv6 CIDR block"],
    ["10.0.0.0/8", "no IPv6 CIDR block"],
    ["2001:DB8::/32", "AWS keeps 2001:db8::/32"],
    ["2001:db8::1/32", "bits set beyond its prefix"],
  ])("fails when given %j", (text, message) => expect(() => parseIpv6Block(text)).toThrow(message));
});
