import { type FleetInventory, parseInventory, type SizeName } from "@groundplane/placement";

export interface LargeFleet {
  readonly machines: number;
  readonly hosts: number;
  readonly strategy: FleetInventory["strategy"];
  /** Another one gives other machines. */
  readonly seed: number;
}

/** Numbers that look random and are the same each time (Numerical Recipes' LCG). */
function numbers(seed: number): (below: number) => number {
  let state = (seed + 1) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SIZES: readonly SizeName[] = ["light", "medium", "medium", "heavy"];
const DISKS = [50, 100, 250, 250, 500];

/**
 * Like hosts and machines of mixed sizes. A host has 448 GiB, 128 threads and 6,000 GiB of disk, so that at 20 machines a
 * host memory fills four fifths of the hosts, and vCPU and disk not much less.
 */
export function largeFleet({ machines, hosts, strategy, seed }: LargeFleet): FleetInventory {
  const next = numbers(seed);
  const at = (index: number): string => `10.0.${Math.floor(index / 250)}.${(index % 250) + 2}`;
  return parseInventory({
    network: {
      cidr: "10.0.0.0/16",
      gateway: "10.0.0.1",
      nameservers: ["10.0.0.1"],
      addresses: { from: "10.0.1.0", to: "10.0.99.255" },
    },
    strategy,
    hosts: Array.from({ length: hosts }, (_, index) => ({
      ...{ name: `host-${index}`, address: at(index), memoryMiB: 448 * 1024, vcpus: 128 },
      pools: [{ sizeGiB: 6000 }],
    })),
    machines: Array.from({ length: machines }, (_, index) => ({
      ...{ name: `machine-${index}`, role: "agent" },
      size: SIZES[next(SIZES.length)] ?? "medium",
      diskGiB: DISKS[next(DISKS.length)] ?? 250,
    })),
  });
}
