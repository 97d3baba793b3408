/** An IPv4 address as a number, or undefined when the text is none. */
export function ipv4Number(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const parts = text.split(".").map(Number);
  if (parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

/** From the first to the last address, both included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** A CIDR block as a range, or undefined when the text is none, or names an address inside of it. */
export function ipv4Block(text: string): AddressRange | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const first = ipv4Number(address);
  if (first === undefined || rest.length > 0 || !/^(?:\d|[12]\d|3[0-2])$/.test(prefix)) return undefined;
  const size = 2 ** (32 - Number(prefix));
  return first % size === 0 ? { first, last: first + size - 1 } : undefined;
}

/** `10.0.0.5`, or `10.0.0.5-10.0.0.9`; undefined when the text is neither, or runs backwards. */
export function ipv4Range(text: string): AddressRange | undefined {
  const [from = "", to = from, ...rest] = text.split("-");
  const [first, last] = [ipv4Number(from), ipv4Number(to)];
  if (first === undefined || last === undefined || first > last || rest.length > 0) return undefined;
  return { first, last };
}

export function isInRange({ first, last }: AddressRange, address: number): boolean {
  return first <= address && address <= last;
}
