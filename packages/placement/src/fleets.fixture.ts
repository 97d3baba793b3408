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

function machineArbitrary(
  name: string,
  others: readonly string[],
  hosts: readonly string[],
): fc.Arbitrary<MachineInput> {
  const some = (from: readonly string[]): fc.Arbitrary<string[]> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: fc.subarray([...from], { maxLength: Math.min(2, from.length) }) },
    );
  return fc
    .record({
      gib: fc.integer({ min: 1, max: 24 }),
      vcpus: fc.integer({ min: 1, max: 5 }),
      diskGiB: fc.integer({ min: 1, max: 90 }),
      pool: fc.oneof(
        { weight: 5, arbitrary: fc.constant("default") },
        { weight: 1, arbitrary: fc.constant("fast") },
      ),
      pin: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constantFrom(...hosts) },
      ),
      near: some(others),
      apart: some(others),
      prefers: fc.subarray([...LABELS], { maxLength: 1 }),
    })
    .map(({ gib, vcpus, pin, ...more }) => ({
      ...machine(name, gib, more),
      size: { memoryMiB: gib * 1024, vcpus },
      ...(pin === undefined ? {} : { pin }),
    }));
}

/** Fleets small enough to look at every placement: some fit, some do not. */
export const smallFleets: fc.Arbitrary<FleetInventory> = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 8 }),
    fc.constantFrom("spread" as const, "pack" as const),
  )
  .chain(([hosts, machines, strategy]) => {
    const hostNames = HOST_NAMES.slice(0, hosts);
    const names = NAMES.slice(0, machines);
    return fc
      .tuple(
        fc.tuple(...hostNames.map(hostArbitrary)),
        fc.tuple(
          ...names.map((name) =>
            machineArbitrary(
              name,
              names.filter((other) => other !== name),
              hostNames,
            ),
          ),
        ),
      )
      .map(([hostList, machineList]) => fleet(hostList, machineList, { strategy }));
  });
