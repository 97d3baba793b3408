import { GroundplaneError } from "@groundplane/contracts";

/** An IPv4 block (RFC 4632): `base` as an unsigned 32-bit number, its host bits zero. */
export interface Ipv4Block {
  readonly base: number;
  /** @minimum 0 @maximum 32 */
  readonly prefix: number;
}

/**
 * Reads `10.0.0.0/16`.
 *
 * @throws {INVALID_CIDR} it is no IPv4 CIDR block, or has host bits set; the message names the nearest block.
 */
export function parseIpv4Block(text: string): Ipv4Block {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const octets = match?.slice(1, 5) ?? [];
  const prefix = Number(match?.[5]);
  // A leading zero is octal to some readers and decimal to others.
  const wellFormed =
    match !== null && prefix <= 32 && octets.every((o) => Number(o) <= 255 && /^(0|[1-9])/.test(o));
  if (!wellFormed || octets.some((o) => o.length > 1 && o.startsWith("0"))) {
    throw invalid(
      text,
      "is no IPv4 CIDR block; write four octets and a prefix of 0 to 32, such as 10.0.0.0/16",
    );
  }
  const address = octets.reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const base = address - (address % 2 ** (32 - prefix));
  if (base !== address) {
    throw invalid(
      text,
      `has address bits set beyond its prefix; did you mean ${formatIpv4Block({ base, prefix })}?`,
    );
  }
  return { base, prefix };
}

export function formatIpv4Block({ base, prefix }: Ipv4Block): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** The `index`th block of `prefix` inside `block`. The caller keeps `index` below `2 ** (prefix - block.prefix)`. */
export function ipv4Subblock(block: Ipv4Block, prefix: number, index: number): Ipv4Block {
  return { base: block.base + index * 2 ** (32 - prefix), prefix };
}

export function ipv4Contains(outer: Ipv4Block, inner: Ipv4Block): boolean {
  return outer.prefix <= inner.prefix && outer.base === inner.base - (inner.base % 2 ** (32 - outer.prefix));
}

export function ipv4Overlaps(a: Ipv4Block, b: Ipv4Block): boolean {
  return ipv4Contains(a, b) || ipv4Contains(b, a);
}

/**
 * The `index`th /64 of an IPv6 block: `2600:1f14:a:bc00::/56` and 0x12 give `2600:1f14:a:bc12::/64`, in the
 * form of RFC 5952.
 *
 * @throws {INVALID_CIDR} `block` is no IPv6 block of /64 or larger, or has no such /64.
 */
export function ipv6Slash64(block: string, index: number): string {
  const [address = "", prefixText = ""] = block.split("/");
  const groups = expandIpv6(address);
  const prefix = Number(prefixText);
  if (groups === undefined || !/^\d{1,2}$/.test(prefixText) || prefix > 64) {
    throw invalid(block, "is no IPv6 CIDR block of /64 or larger");
  }
  if (index < 0 || index >= 2 ** (64 - prefix)) {
    throw invalid(block, `has ${2 ** (64 - prefix)} subnets of /64, and no number ${index}`);
  }
  const network = groups.slice(0, 4).reduce((sum, group) => (sum << 16n) | BigInt(group), 0n) + BigInt(index);
  const parts = [48n, 32n, 16n, 0n].map((shift) => Number((network >> shift) & 0xffffn).toString(16));
  while (parts.length > 0 && parts.at(-1) === "0") parts.pop();
  return `${parts.join(":")}::/64`;
}

/** An IPv6 block (RFC 4291): `base` as a 128-bit number, its host bits zero. */
export interface Ipv6Block {
  readonly base: bigint;
  /** @minimum 0 @maximum 128 */
  readonly prefix: number;
}

/**
 * Reads `2600:1f14:a:bc00::/56`.
 *
 * @throws {INVALID_CIDR} it is no IPv6 CIDR block in lower case, or has host bits set.
 */
export function parseIpv6Block(text: string): Ipv6Block {
  const [address = "", prefixText = "", ...rest] = text.split("/");
  const groups = expandIpv6(address);
  const prefix = Number(prefixText);
  if (groups === undefined || !/^\d{1,3}$/.test(prefixText) || prefix > 128 || rest.length > 0)
    throw invalid(
      text,
      "is no IPv6 CIDR block; write groups and a prefix of 0 to 128, such as 2001:db8::/32",
    );
  if (text !== text.toLowerCase()) throw invalid(text, `has capitals; AWS keeps ${text.toLowerCase()}`);
  const base = groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
  if (base % 2n ** BigInt(128 - prefix) !== 0n) throw invalid(text, "has address bits set beyond its prefix");
  return { base, prefix };
}

/** The eight groups of an address, or undefined when it is malformed. */
function expandIpv6(address: string): number[] | undefined {
  const [head = "", tail, ...rest] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (rest.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...left, ...Array<string>(missing).fill("0"), ...right];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

function invalid(value: string, problem: string): GroundplaneError {
  return new GroundplaneError("INVALID_CIDR", `"${value}" ${problem}`, { facts: { value } });
}
