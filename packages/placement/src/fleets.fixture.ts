import fc from "fast-check";
import { parseInventory } from "./inventory.ts";
import type { FleetInventory, FleetInventoryInput } from "./inventory-shape.ts";

type HostInput = FleetInventoryInput["hosts"][number];
type MachineInput = FleetInventoryInput["machines"][number];

/** An inventory of hosts and machines alone. */
export function fleet(
  hosts: readonly HostInput[],
  machines: readonly MachineInput[],
  more: Pick<FleetInventoryInput, "strategy"> = {},
): FleetInventory {
  return parseInventory({
    network: {
      cidr: "10.0.0.0/16",
      gateway: "10.0.0.1",
      nameservers: ["10.0.0.1"],
      addresses: { from: "10.0.1.0", to: "10.0.99.255" },
    },
    hosts: [...hosts],
    machines: [...machines],
    ...more,
  });
}

/** A host with memory in GiB and one pool, and nothing set aside unless said. */
export function host(name: string, gib: number, more: Partial<HostInput> = {}): HostInput {
  return {
    ...{ name, address: "10.0.0.9", memoryMiB: gib * 1024, vcpus: 64, pools: [{ sizeGiB: 10_000 }] },
    ...{ reserve: { memoryMiB: 0 } },
    ...more,
  };
}

export function machine(name: string, gib: number, more: Partial<MachineInput> = {}): MachineInput {
  return { name, role: "agent", diskGiB: 10, size: { memoryMiB: gib * 1024, vcpus: 1 }, ...more };
}

const LABELS = ["always-on", "storage-rich"] as const;
const NAMES = ["alpha", "beta", "constructor", "delta", "eps", "zeta", "eta", "theta"] as const;
const HOST_NAMES = ["r1", "r2", "r3", "r4"] as const;

function hostArbitrary(name: string): fc.Arbitrary<HostInput> {
  return fc
    .record({
      gib: fc.integer({ min: 8, max: 48 }),
      reserveGib: fc.integer({ min: 0, max: 8 }),
      vcpus: fc.integer({ min: 2, max: 12 }),
      vcpuOvercommit: fc.constantFrom(1, 1.1, 1.5, 2),
      pools: fc.uniqueArray(
        fc.record({ name: fc.constantFrom("default", "fast"), sizeGiB: fc.integer({ min: 20, max: 200 }) }),
        { minLength: 1, maxLength: 2, selector: (pool) => pool.name },
      ),
      labels: fc.subarray([...LABELS]),
      serviceGib: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ gib, reserveGib, serviceGib, ...more }) => ({
      ...host(name, gib + 2, more),
      reserve: { memoryMiB: reserveGib * 1024 },
      used: serviceGib === 0 ? [] : [{ name: "chat", memoryMiB: serviceGib * 1024 }],
    }));
}

/** How crowded a fleet is: what its largest machine has, and how often a machine has a rule, of ten. */
interface Crowding {
  readonly gib: number;
  readonly diskGiB: number;
  readonly rules: number;
}
const CROWDED: Crowding = { gib: 24, diskGiB: 90, rules: 2 };
const ROOMY: Crowding = { gib: 8, diskGiB: 20, rules: 1 };

function machineArbitrary(
  name: string,
  others: readonly string[],
  hosts: readonly string[],
  { gib, diskGiB, rules }: Crowding,
): fc.Arbitrary<MachineInput> {
  const rarely = <Value>(usual: Value, rare: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
    fc.oneof({ weight: 10 - rules, arbitrary: fc.constant(usual) }, { weight: rules, arbitrary: rare });
  const some = (): fc.Arbitrary<readonly string[]> =>
    rarely<readonly string[]>([], fc.subarray([...others], { maxLength: Math.min(2, others.length) }));
  return fc
    .record({
      gib: fc.integer({ min: 1, max: gib }),
      vcpus: fc.integer({ min: 1, max: 5 }),
      diskGiB: fc.integer({ min: 1, max: diskGiB }),
      pool: rarely("default", fc.constant("fast")),
      pin: rarely<string | undefined>(undefined, fc.constantFrom(...hosts)),
      near: some(),
      apart: some(),
      prefers: fc.subarray([...LABELS], { maxLength: 1 }),
    })
    .map(({ gib: memory, vcpus, pin, near, apart, ...more }) => ({
      ...machine(name, memory, more),
      ...{ size: { memoryMiB: memory * 1024, vcpus }, near: [...near], apart: [...apart] },
      ...(pin === undefined ? {} : { pin }),
    }));
}

/** Fleets small enough to look at every placement: about half of them fit. */
export const smallFleets: fc.Arbitrary<FleetInventory> = fc
  .record({
    hosts: fc.integer({ min: 1, max: 4 }),
    machines: fc.integer({ min: 1, max: 8 }),
    strategy: fc.constantFrom("spread" as const, "pack" as const),
    crowding: fc.constantFrom(CROWDED, ROOMY, ROOMY),
  })
  .chain(({ hosts, machines, strategy, crowding }) => {
    const hostNames = HOST_NAMES.slice(0, hosts);
    const names = NAMES.slice(0, machines);
    const machineOf = (name: string): fc.Arbitrary<MachineInput> => {
      const others = names.filter((other) => other !== name);
      return machineArbitrary(name, others, hostNames, crowding);
    };
    return fc
      .tuple(fc.tuple(...hostNames.map(hostArbitrary)), fc.tuple(...names.map(machineOf)))
      .map(([hostList, machineList]) => fleet(hostList, machineList, { strategy }));
  });
