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

/** What a machine takes of something. */
interface Need {
  readonly name: string;
  readonly amount: number;
}

function limitViolations(host: FleetHost, machines: readonly FleetMachine[]): PlacementViolation[] {
  const limits = hostLimits(host);
  const over = (
    what: string,
    needs: readonly Need[],
    { usable, services }: { readonly usable: number; readonly services: number },
    text: (amount: number) => string,
  ): PlacementViolation[] => {
    const taken = services + needs.reduce((sum, { amount }) => sum + amount, 0);
    if (taken <= usable) return [];
    // Moving others makes no room for it.
    const larger = needs.find(({ amount }) => amount > usable - services);
    const problem = `its machines and services take ${text(taken)} of ${what}, and it has ${text(usable)}`;
    const remedy =
      larger === undefined
        ? MOVE
        : `${larger.name} alone takes ${text(larger.amount)}: make it smaller, or give it a larger host.`;
    return [{ kind: "limit", subject: host.name, problem, remedy }];
  };
  const needs = (amountOf: (machine: FleetMachine) => number): readonly Need[] =>
    machines.map((machine) => ({ name: machine.name, amount: amountOf(machine) }));
  const plain = (amount: number): string => String(amount);
  const gib = (amount: number): string => `${amount} GiB`;
  const without = machines.filter(({ pool }) => limits.pools.every(({ name }) => name !== pool));
  return [
    ...over(
      "memory",
      needs(({ size }) => sizeOf(size).memoryMiB),
      limits.memoryMiB,
      memoryText,
    ),
    ...over(
      "vCPU",
      needs(({ size }) => sizeOf(size).vcpus),
      limits.vcpus,
      plain,
    ),
    ...limits.pools.flatMap((limit) =>
      over(
        `disk in pool "${limit.name}"`,
        needs(({ pool, diskGiB }) => (pool === limit.name ? diskGiB : 0)),
        limit,
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
