import type { FleetInventory, FleetMachine } from "./inventory-shape.ts";
import { type AddressRange, ipv4Block, ipv4Number, ipv4Range, ipv4Text, isInRange } from "./ipv4-address.ts";
import { byName, type PlacementProblem, placementMap, sortedRecord } from "./placement-problem.ts";

export interface AddressOptions {
  /**
   * The record: each machine's address. It keeps it, unless the inventory gives it another one.
   *
   * @default - nobody has an address
   */
  readonly current?: Readonly<Record<string, string>>;
}

export type AddressPlan =
  | {
      readonly ok: true;
      /** Every machine's address, in the order of names. */
      readonly addresses: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly problems: readonly PlacementProblem[] };

interface Claim {
  readonly address: number;
  readonly by: string;
}

/** Addresses of the network that are no machine's to have, with what they are. */
function takenByNetwork({ network, hosts }: FleetInventory): (address: number) => string | undefined {
  const block = ipv4Block(network.cidr);
  const reserved = network.reserved.flatMap((text): { range: AddressRange; text: string }[] => {
    const range = ipv4Range(text);
    return range === undefined ? [] : [{ range, text }];
  });
  const single = new Map<number | undefined, string>([
    ...network.nameservers.map((text) => [ipv4Number(text), "a name server"] as const),
    ...[...hosts].sort(byName).map((host) => [ipv4Number(host.address), `host ${host.name}'s`] as const),
    [ipv4Number(network.gateway), "the gateway's"],
    [block?.first, "the network's own"],
    [block?.last, "the broadcast address"],
  ]);
  return (address) => {
    if (block === undefined || !isInRange(block, address)) return `not in ${network.cidr}`;
    const range = reserved.find((each) => isInRange(each.range, address));
    return single.get(address) ?? (range === undefined ? undefined : `reserved (${range.text})`);
  };
}

/** What a machine asks for itself: what the inventory gives it, else what the record says. */
function claimOf(machine: FleetMachine, record: ReadonlyMap<string, string>): Claim | undefined {
  const text = machine.address ?? record.get(machine.name);
  const address = text === undefined ? undefined : ipv4Number(text);
  if (address === undefined) return undefined;
  const by =
    machine.address === undefined ? `the record has it for ${machine.name}` : `it is ${machine.name}'s`;
  return { address, by };
}

function claimProblem(
  machine: FleetMachine,
  { address }: Claim,
  other: Claim | undefined,
  taken: string | undefined,
): PlacementProblem | undefined {
  const text = ipv4Text(address);
  const where = machine.address === undefined ? "in the record" : "in the inventory";
  const remedy = `Give ${machine.name} another address ${where}, or none: it then gets a free one.`;
  if (taken !== undefined)
    return { subject: machine.name, problem: `its address ${text} is ${taken}`, remedy };
  if (other !== undefined)
    return { subject: machine.name, problem: `its address ${text} is taken: ${other.by}`, remedy };
  return undefined;
}

/**
 * Gives each machine an address: the one that the inventory fixes, else the one that the record has, else the lowest
 * of the network's pool that is free. Sticky: a machine that has one keeps it whoever comes or goes. Addresses that
 * collide, with each other, a host, the gateway, a name server or what is reserved, are refused.
 */
export function allocateAddresses(
  inventory: FleetInventory,
  { current = {} }: AddressOptions = {},
): AddressPlan {
  const record = placementMap(current);
  const machines = [...inventory.machines].sort(byName);
  const takenBy = takenByNetwork(inventory);
  const given = new Map<number, Claim>();
  const addresses = new Map<string, number>();
  const problems: PlacementProblem[] = [];
  // What the inventory fixes goes first, so that it is the record that is told to give way.
  const claiming = [
    ...machines.filter((each) => each.address !== undefined),
    ...machines.filter((each) => each.address === undefined),
  ];
  for (const machine of claiming) {
    const claim = claimOf(machine, record);
    if (claim === undefined) continue;
    const problem = claimProblem(machine, claim, given.get(claim.address), takenBy(claim.address));
    if (problem !== undefined) problems.push(problem);
    given.set(claim.address, claim);
    addresses.set(machine.name, claim.address);
  }
  const { from, to } = inventory.network.addresses;
  let next = ipv4Number(from) ?? 0;
  const last = ipv4Number(to) ?? -1;
  for (const { name } of machines.filter((machine) => !addresses.has(machine.name))) {
    while (next <= last && (given.has(next) || takenBy(next) !== undefined)) next += 1;
    if (next > last) {
      problems.push({
        subject: name,
        problem: `no address is free from ${from} to ${to}`,
        remedy: "Make network.addresses larger, or reserve less.",
      });
      continue;
    }
    given.set(next, { address: next, by: `it is ${name}'s` });
    addresses.set(name, next);
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    addresses: sortedRecord([...addresses].map(([name, address]) => [name, ipv4Text(address)] as const)),
  };
}
