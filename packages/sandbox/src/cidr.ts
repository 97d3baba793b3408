/** A block of addresses: its first address as a number, and its prefix. */
export interface Cidr {
  readonly version: 4 | 6;
  readonly base: bigint;
  readonly prefix: number;
}

/** The block that this text names, or undefined where it names none or has host bits set. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", prefixText = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefixText)) return undefined;
  const version = address.includes(":") ? 6 : 4;
  const base = version === 4 ? parseV4(address) : parseV6(address);
  const prefix = Number(prefixText);
  if (base === undefined || prefix > width(version)) return undefined;
  const cidr: Cidr = { version, base, prefix };
  return (base & (size(cidr) - 1n)) === 0n ? cidr : undefined;
}

export function formatCidr({ version, base, prefix }: Cidr): string {
  const parts: string[] = [];
  const bits = version === 4 ? 8n : 16n;
  const mask = (1n << bits) - 1n;
  for (let shift = BigInt(width(version)) - bits; shift >= 0n; shift -= bits)
    parts.push(((base >> shift) & mask).toString(version === 4 ? 10 : 16));
  if (version === 4) return `${parts.join(".")}/${prefix}`;
  const text = parts.join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
  return `${text}/${prefix}`;
}

/** True where every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.version === inner.version &&
    inner.prefix >= outer.prefix &&
    inner.base >= outer.base &&
    inner.base < outer.base + size(outer)
  );
}

/** True where the blocks have an address in common. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** The number of addresses. */
export function size({ version, prefix }: Cidr): bigint {
  return 1n << BigInt(width(version) - prefix);
}

function width(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = (half: string | undefined) => (half === undefined || half === "" ? [] : half.split(":"));
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array<string>(missing).fill("0"), ...tail]) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}
