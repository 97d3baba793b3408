import type { FleetInventory } from "./inventory-shape.ts";
import type { Placement } from "./placement-problem.ts";
import { SIZES } from "./size.ts";

/**
 * Whether a placement keeps all that must be kept, said once more in the plainest way: the tests' own word, which uses
 * nothing of the planner.
 */
export function isKept({ hosts, machines }: FleetInventory, placement: Placement): boolean {
  const at = new Map(Object.entries(placement));
  const sizeOf = (machine: FleetInventory["machines"][number]) =>
    typeof machine.size === "string" ? SIZES[machine.size] : machine.size;
  return (
    hosts.every((host) => {
      const here = machines.filter(({ name }) => at.get(name) === host.name);
      let [memory, vcpus] = [
        host.memoryMiB - host.reserve.memoryMiB,
        (host.vcpus - host.reserve.vcpus) * host.vcpuOvercommit,
      ];
      const disk = new Map(
        host.pools.map(({ name, sizeGiB, overcommit }) => [
          name,
          (sizeGiB - host.reserve.diskGiB) * overcommit,
        ]),
      );
      for (const service of host.used) {
        memory -= service.memoryMiB;
        vcpus -= service.vcpus;
        disk.set(service.pool, (disk.get(service.pool) ?? 0) - service.diskGiB);
      }
      for (const machine of here) {
        memory -= sizeOf(machine).memoryMiB;
        vcpus -= sizeOf(machine).vcpus;
        disk.set(machine.pool, (disk.get(machine.pool) ?? 0) - machine.diskGiB);
      }
      return memory >= 0 && vcpus >= -1e-9 && [...disk.values()].every((left) => left >= -1e-9);
    }) &&
    machines.every(({ name, pin, near, apart }) => {
      const here = at.get(name);
      return (
        hosts.some((host) => host.name === here) &&
        (pin === undefined || pin === here) &&
        near.every((other) => at.get(other) === here) &&
        apart.every((other) => at.get(other) !== here)
      );
    })
  );
}

/** Looks at every placement of the machines that `fixed` does not name, and calls back for each that is kept. */
export function eachKeptPlacement(
  inventory: FleetInventory,
  fixed: Placement,
  tell: (placement: Placement) => "go-on" | "stop",
): void {
  const fixedNames = new Set(Object.keys(fixed));
  const open = inventory.machines.filter(({ name }) => !fixedNames.has(name));
  const placement: Record<string, string> = { ...fixed };
  /** Limits only get worse as machines are added: a part that breaks one is not looked at further. */
  const mayGoOn = (placed: number): boolean => {
    const names = new Set([...fixedNames, ...open.slice(0, placed).map(({ name }) => name)]);
    const machines = inventory.machines
      .filter(({ name }) => names.has(name))
      .map((machine) => ({
        ...machine,
        near: machine.near.filter((other) => names.has(other)),
        apart: machine.apart.filter((other) => names.has(other)),
      }));
    return isKept({ ...inventory, machines }, placement);
  };
  const visit = (index: number): "go-on" | "stop" => {
    const machine = open[index];
    if (machine === undefined) return isKept(inventory, placement) ? tell({ ...placement }) : "go-on";
    for (const { name } of inventory.hosts) {
      placement[machine.name] = name;
      if (mayGoOn(index + 1) && visit(index + 1) === "stop") return "stop";
    }
    delete placement[machine.name];
    return "go-on";
  };
  visit(0);
}

/** Whether there is any placement. */
export function isPossible(inventory: FleetInventory, fixed: Placement = {}): boolean {
  let possible = false;
  eachKeptPlacement(inventory, fixed, () => {
    possible = true;
    return "stop";
  });
  return possible;
}
