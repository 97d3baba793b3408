import { hostLimits } from "./host-limits.ts";
import type { FleetHost, FleetInventory, FleetMachine } from "./inventory-shape.ts";
import { memoryText } from "./layout.ts";
import {
  byName,
  type Placement,
  type PlacementMap,
  type PlacementProblem,
  placementMap,
} from "./placement-problem.ts";
import { sizeOf } from "./size.ts";

/** `limit`: more than a host has. `rule`: a pin, near or apart that is not kept. `unknown`: a host that is not there. */
export interface PlacementViolation extends PlacementProblem {
  readonly kind: "limit" | "rule" | "unknown";
}

const MOVE = "`groundplane fleet rebalance` shows how to move one.";

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function limitViolations(host: FleetHost, machines: readonly FleetMachine[]): PlacementViolation[] {
  const limits = hostLimits(host);
  const sizes = machines.map(({ size }) => sizeOf(size));
  const over = (what: string, taken: number, usable: number, text: (amount: number) => string) =>
    taken <= usable
      ? []
      : [
          {
            kind: "limit" as const,
            subject: host.name,
            problem: `its machines and services take ${text(taken)} of ${what}, and it has ${text(usable)}`,
            remedy: MOVE,
          },
        ];
  const plain = (amount: number): string => String(amount);
  const gib = (amount: number): string => `${amount} GiB`;
  const without = machines.filter(({ pool }) => limits.pools.every(({ name }) => name !== pool));
  return [
    ...over(
      "memory",
      limits.memoryMiB.services + total(sizes.map(({ memoryMiB }) => memoryMiB)),
      limits.memoryMiB.usable,
      memoryText,
    ),
    ...over(
      "vCPU",
      limits.vcpus.services + total(sizes.map(({ vcpus }) => vcpus)),
      limits.vcpus.usable,
      plain,
    ),
    ...limits.pools.flatMap(({ name, usable, services }) =>
      over(
        `disk in pool "${name}"`,
        services + total(machines.filter(({ pool }) => pool === name).map(({ diskGiB }) => diskGiB)),
        usable,
        gib,
      ),
    ),
    ...without.map(({ name, pool }) => ({
      kind: "limit" as const,
      subject: name,
      problem: `it is on ${host.name}, which has no pool "${pool}"`,
      remedy: `Give ${host.name} the pool, or the machine another one.`,
    })),
  ];
}

function ruleViolations(machine: FleetMachine, host: string, placement: PlacementMap): PlacementViolation[] {
  const rule = (problem: string, remedy: string): PlacementViolation => ({
    ...{ kind: "rule", subject: machine.name, problem, remedy },
  });
  const { pin, near, apart } = machine;
  return [
    ...(pin === undefined || pin === host ? [] : [rule(`it is on ${host}, and pinned to ${pin}`, MOVE)]),
    ...near.flatMap((other) => {
      const there = placement.get(other);
      return there === undefined || there === host
        ? []
        : [rule(`it is on ${host}, and ${other}, which it should be near, on ${there}`, MOVE)];
    }),
    ...apart.flatMap((other) =>
      placement.get(other) === host
        ? [rule(`it and ${other} are both on ${host}, and should be apart`, MOVE)]
        : [],
    ),
  ];
}

/**
 * What a placement does not keep; empty when all is in order. Machines that it does not name count as nowhere, names
 * that are no machine are passed over.
 */
export function checkPlacement(
  inventory: FleetInventory,
  placement: Placement,
): readonly PlacementViolation[] {
  const hostOf = placementMap(placement);
  const machines = [...inventory.machines].sort(byName).filter(({ name }) => hostOf.has(name));
  const hosts = [...inventory.hosts].sort(byName);
  const known = new Set(hosts.map(({ name }) => name));
  const on = (host: string): readonly FleetMachine[] =>
    machines.filter(({ name }) => hostOf.get(name) === host);
  return [
    ...machines.flatMap(({ name }): PlacementViolation[] => {
      const host = hostOf.get(name) ?? "";
      if (known.has(host)) return [];
      return [
        {
          kind: "unknown",
          subject: name,
          problem: `the record has it on ${host}, which is no host of the inventory`,
          remedy: `Give ${host} back, or take ${name} out of the record: it is then placed anew, with an empty disk.`,
        },
      ];
    }),
    ...hosts.flatMap((host) => limitViolations(host, on(host.name))),
    ...machines.flatMap((machine) => ruleViolations(machine, hostOf.get(machine.name) ?? "", hostOf)),
  ];
}
