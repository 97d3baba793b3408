import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cidr, contains, formatCidr, overlaps, parseCidr, size } from "./cidr.ts";

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new RangeError(text);
  return parsed;
};

const anyCidr = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.bigInt(0n, (1n << 128n) - 1n), fc.nat(128))
  .map(([version, bits, length]): Cidr => {
    const width = version === 4 ? 32 : 128;
    const prefix = length % (width + 1);
    const host = BigInt(width - prefix);
    return { version, base: ((bits % (1n << BigInt(width))) >> host) << host, prefix };
  });

describe("a CIDR block", () => {
  test("survives being written and read", () => {
    fc.assert(
      fc.property(anyCidr, (block) => {
        expect(parseCidr(formatCidr(block))).toEqual(block);
      }),
    );
  });

  test("overlaps another exactly where an address is in both", () => {
    fc.assert(
      fc.property(anyCidr, anyCidr, (a, b) => {
        const last = (one: Cidr) => one.base + size(one) - 1n;
        const shared = a.version === b.version && a.base <= last(b) && b.base <= last(a);
        expect(overlaps(a, b)).toBe(shared);
        expect(overlaps(b, a)).toBe(shared);
      }),
    );
  });

  test("contains both of its halves, which do not overlap", () => {
    fc.assert(
      fc.property(anyCidr, (block) => {
        fc.pre(size(block) > 1n);
        const low = { ...block, prefix: block.prefix + 1 };
        const high = { ...low, base: low.base + size(low) };
        expect([contains(block, low), contains(block, high), overlaps(low, high)]).toEqual([
          true,
          true,
          false,
        ]);
      }),
    );
  });

  test.each([
    "10.0.0.1/16",
    "10.0.0.0/33",
    "10.0.0/16",
    "10.0.0.256/32",
    "2001:db8::1/64",
    "1:2:3:4:5:6:7:8:9/64",
    "x/8",
    "",
  ])("fails when the text is %j", (text) => expect(parseCidr(text)).toBeUndefined());

  test("writes IPv6 short", () => {
    expect(formatCidr(cidr("2001:db8:0:0:0:0:0:0/56"))).toBe("2001:db8::/56");
    expect(formatCidr(cidr("::/0"))).toBe("::/0");
  });
});
