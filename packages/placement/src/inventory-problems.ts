import { hostLimits } from "./host-limits.ts";
import type { FleetHost, FleetInventory, FleetMachine, FleetNetwork } from "./inventory-shape.ts";
import { ipv4Block, ipv4Number, isInRange } from "./ipv4-address.ts";

export interface InventoryProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Named = { readonly name: string };

function repeatedNames(path: readonly (string | number)[], things: readonly Named[]): InventoryProblem[] {
  const seen = new Set<string>();
  return things.flatMap(({ name }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: [...path, index, "name"], message: `"${name}" is there twice; rename one` }];
  });
}

function networkProblems(network: FleetNetwork): InventoryProblem[] {
  const block = ipv4Block(network.cidr);
  const [from, to] = [ipv4Number(network.addresses.from), ipv4Number(network.addresses.to)];
  const gateway = ipv4Number(network.gateway);
  if (block === undefined || from === undefined || to === undefined || gateway === undefined) return [];
  const outside = (path: readonly string[], address: number, text: string): InventoryProblem[] =>
    isInRange(block, address)
      ? []
      : [{ path: ["network", ...path], message: `${text} is not in ${network.cidr}` }];
  return [
    ...outside(["gateway"], gateway, network.gateway),
    ...outside(["addresses", "from"], from, network.addresses.from),
    ...outside(["addresses", "to"], to, network.addresses.to),
    ...(from > to ? [{ path: ["network", "addresses"], message: "from lies behind to" }] : []),
  ];
}

function hostProblems(host: FleetHost, index: number, network: FleetNetwork): InventoryProblem[] {
  const path = ["hosts", index] as const;
  const block = ipv4Block(network.cidr);
  const address = ipv4Number(host.address);
  const pools = new Set(host.pools.map(({ name }) => name));
  return [
    ...repeatedNames([...path, "pools"], host.pools),
    ...repeatedNames([...path, "used"], host.used),
    ...(block !== undefined && address !== undefined && !isInRange(block, address)
      ? [{ path: [...path, "address"], message: `${host.address} is not in ${network.cidr}` }]
      : []),
    ...overdrawnProblems(host, index),
    ...host.used.flatMap((service, at) =>
      service.diskGiB > 0 && !pools.has(service.pool)
        ? [{ path: [...path, "used", at, "pool"], message: `${host.name} has no pool "${service.pool}"` }]
        : [],
    ),
  ];
}

/** A host whose own needs leave nothing is a mistake in its figures. */
function overdrawnProblems(host: FleetHost, index: number): InventoryProblem[] {
  const limits = hostLimits(host);
  const asked = [
    { key: "memoryMiB", left: limits.memoryMiB.usable - limits.memoryMiB.services },
    { key: "vcpus", left: limits.vcpus.usable - limits.vcpus.services },
    ...limits.pools.map(({ name, usable, services }) => ({ key: `pool ${name}`, left: usable - services })),
  ];
  return asked.flatMap(({ key, left }) =>
    left >= 0
      ? []
      : [
          {
            path: ["hosts", index],
            message: `${host.name}: its reserve and its own services take ${-left} more than it has (${key})`,
          },
        ],
  );
}

/** Machines are named where the names of others stand, hosts where a pin does. */
function machineProblems(
  machine: FleetMachine,
  index: number,
  hosts: ReadonlySet<string>,
  machines: ReadonlySet<string>,
): InventoryProblem[] {
  const path = ["machines", index] as const;
  const named = (key: "near" | "apart"): InventoryProblem[] =>
    machine[key].flatMap((name, at) => {
      if (name === machine.name) return [{ path: [...path, key, at], message: `"${name}" names itself` }];
      if (machines.has(name)) return [];
      return [{ path: [...path, key, at], message: `no machine is named "${name}"` }];
    });
  const pin =
    machine.pin === undefined || hosts.has(machine.pin)
      ? []
      : [{ path: [...path, "pin"], message: `no host is named "${machine.pin}"` }];
  return [...named("near"), ...named("apart"), ...pin];
}

/** What no single field shows: names that are there twice or not at all, addresses outside of the network. */
export function inventoryProblems(inventory: FleetInventory): readonly InventoryProblem[] {
  const { network, hosts, machines } = inventory;
  const hostNames = new Set(hosts.map(({ name }) => name));
  const machineNames = new Set(machines.map(({ name }) => name));
  return [
    ...networkProblems(network),
    ...repeatedNames(["hosts"], hosts),
    ...repeatedNames(["machines"], machines),
    ...hosts.flatMap((host, index) => hostProblems(host, index, network)),
    ...machines.flatMap((machine, index) => machineProblems(machine, index, hostNames, machineNames)),
  ];
}
