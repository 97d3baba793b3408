import { isIP } from "node:net";
import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";

export type UfwAction = "allow" | "deny" | "reject" | "limit";

/** A rule of a machine's own firewall, as `ufw` has them. */
export interface UfwRule {
  /** Why it is there; `ufw status` shows it. Letters, digits, spaces and `.,:/()_+-`. @maximum 100 characters */
  readonly purpose: string;
  /** @default "allow" */
  readonly action?: UfwAction;
  /** @default "in" */
  readonly direction?: "in" | "out";
  /** Address or network. @format IPv4 or IPv6, CIDR @default - from anywhere */
  readonly from?: string;
  /** Address or network. @format IPv4 or IPv6, CIDR @default - to anywhere */
  readonly to?: string;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** One port, or all from the first to the last. @minimum 1 @maximum 65535 @default - any */
  readonly port?: number | { readonly first: number; readonly last: number };
}

/**
 * The rule as arguments of `ufw`, in the form that `ufw show added` has it: so that the two can be compared.
 *
 * @throws {INVALID_ARGUMENT} a value is none that ufw takes
 */
export function ufwArguments(rule: UfwRule): string {
  checkRule(rule);
  const { action = "allow", direction = "in", protocol = "tcp" } = rule;
  const [from, to, port] = [network(rule.from), network(rule.to), portOf(rule.port)];
  const out = direction === "out" ? " out" : "";
  const comment = ` comment '${rule.purpose}'`;
  if (from === "any" && to === "any" && port !== undefined)
    return `${action}${out} ${port}/${protocol}${comment}`;
  const source = from === "any" ? "" : ` from ${from}`;
  const target =
    to !== "any" || port !== undefined || source === ""
      ? ` to ${to}${port === undefined ? "" : ` port ${port}`}`
      : "";
  return `${action}${out}${source}${target} proto ${protocol}${comment}`;
}

function checkRule(rule: UfwRule): void {
  const { purpose, action, direction, protocol, port } = rule;
  if (!/^[A-Za-z0-9][A-Za-z0-9 .,:/()_+-]{0,99}$/.test(purpose))
    throw invalidArgument(
      `a firewall rule's purpose is "${purpose}"; give 1 to 100 letters, digits, spaces and .,:/()_+-, a letter or digit first`,
      { purpose },
    );
  checkOneOf("action", action, ["allow", "deny", "reject", "limit"]);
  checkOneOf("direction", direction, ["in", "out"]);
  checkOneOf("protocol", protocol, ["tcp", "udp"]);
  const [first, last] = typeof port === "object" ? [port.first, port.last] : [port, port];
  checkWhole("port", first, 1, 65_535);
  checkWhole("port", last, first ?? 1, 65_535);
}

function portOf(port: UfwRule["port"]): string | undefined {
  if (port === undefined) return undefined;
  if (typeof port === "number") return String(port);
  return port.first === port.last ? String(port.first) : `${port.first}:${port.last}`;
}

/** As ufw writes it: without a prefix that says "this one address". */
function network(text: string | undefined): string {
  if (text === undefined) return "any";
  const [address = "", prefix, ...more] = text.split("/");
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (bits === 0 || more.length > 0 || length < 0 || length > bits)
    throw invalidArgument(`"${text}" is no address or network; give one such as 10.220.1.0/24`, {
      value: text,
    });
  if (length === 0) return "any";
  if (bits === 32 && !isNetwork(address, length))
    throw invalidArgument(`"${text}" has bits beyond its prefix; give the network's first address`, {
      value: text,
    });
  return length === bits ? address : `${address}/${length}`;
}

function isNetwork(address: string, length: number): boolean {
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return value % 2 ** (32 - length) === 0;
}
