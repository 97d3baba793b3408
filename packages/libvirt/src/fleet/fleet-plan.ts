import { invalidArgument } from "@groundplane/contracts";
import {
  allocateAddresses,
  atPhase,
  type FleetHost,
  type FleetInventory,
  type FleetInventoryInput,
  type FleetMachine,
  noPlacement,
  type Placement,
  parseInventory,
  planPlacement,
  sizeOf,
} from "@groundplane/placement";
import {
  INVENTORY_SCHEMA,
  type InventoryExport,
  type InventoryMachine,
} from "../fleet-inventory/fleet-inventory.ts";
import { macAddress } from "../virtual-machine/mac-address.ts";

/** What decides the shape of a fleet. */
export interface FleetPlanArgs {
  /** Hosts and machines, of all phases. */
  readonly inventory: FleetInventoryInput;
  /** Machines of this phase and of those before are there. @default 1 */
  readonly phase?: FleetMachine["phase"];
  /**
   * The record: which host each machine is on. A machine without one is placed by the planner, which may choose another
   * host the next time: `groundplane fleet plan <environment> --write` records it. @default - the planner places every machine
   */
  readonly placement?: Placement;
  /** User that administers the machines over SSH. */
  readonly user: string;
  /** Ports of what runs on the hosts themselves, by the name in `used`. @default - none is shown */
  readonly servicePorts?: Readonly<Record<string, number>>;
}

/** A machine with all that is decided before anything is made. */
export interface PlannedMachine extends InventoryMachine {
  /** Key of its hypervisor's pool. */
  readonly pool: string;
}

export interface FleetPlan {
  /** With its defaults, and the machines of this phase only. */
  readonly inventory: FleetInventory;
  /** In the order of the inventory. */
  readonly machines: readonly PlannedMachine[];
  /** Names of machines that the record does not have: the planner chose their host. */
  readonly unrecorded: readonly string[];
  /** Names that the record has and no phase of the inventory: of machines that are gone, or mistyped. */
  readonly unknown: readonly string[];
  /** Names of machines to which the inventory gives no address: they have the lowest that are free. */
  readonly unaddressed: readonly string[];
  readonly exported: InventoryExport;
}

/** @throws {INVALID_ARGUMENT} two machines would have one MAC address. */
export function refuseSharedCards(machines: readonly Pick<PlannedMachine, "name" | "macAddress">[]): void {
  const owners = new Map<string, string>();
  for (const { name, macAddress: card } of machines) {
    const other = owners.get(card);
    if (other !== undefined) {
      throw invalidArgument(
        `machines "${other}" and "${name}" would have one MAC address, ${card}, as it is made from their names; rename one of them`,
        { machines: [other, name], macAddress: card },
      );
    }
    owners.set(card, name);
  }
}

function servicesOf(
  hosts: readonly FleetHost[],
  ports: Readonly<Record<string, number>>,
): InventoryExport["services"] {
  return hosts.flatMap(({ name: host, address, used }) =>
    used.flatMap(({ name }) => {
      const port = ports[name];
      return port === undefined ? [] : [{ name, host, address, port }];
    }),
  );
}

function placed(inventory: FleetInventory, record: Placement) {
  const names = new Set(inventory.machines.map(({ name }) => name));
  // Of machines that are still to come, and of some that are gone: no reason to refuse.
  const current = Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
  const plan = planPlacement(inventory, { current });
  if (!plan.ok) throw noPlacement(plan.problems);
  return plan;
}

function addressesOf(inventory: FleetInventory): Readonly<Record<string, string>> {
  const plan = allocateAddresses(inventory);
  if (!plan.ok) throw noPlacement(plan.problems);
  return plan.addresses;
}

/**
 * Plans a fleet: where each machine is, and under which address. Addresses are those of the whole inventory, so that a
 * later phase changes none.
 *
 * @param fleet Name of the fleet.
 * @param stack Name of the Pulumi stack: MAC addresses are made from it and the machine's name.
 * @throws {CONFIG_INVALID} the inventory is not in order.
 * @throws {NO_PLACEMENT} the machines do not fit on the hosts, the record breaks a limit, or addresses collide.
 * @throws {INVALID_ARGUMENT} two machines would have one MAC address.
 */
export function planFleet(fleet: string, stack: string, args: FleetPlanArgs): FleetPlan {
  const whole = parseInventory(args.inventory);
  const inventory = atPhase(whole, args.phase ?? 1);
  const { assignment, placed: unrecorded } = placed(inventory, args.placement ?? {});
  const addresses = addressesOf(whole);
  const names = new Set(whole.machines.map(({ name }) => name));
  const machines = inventory.machines.map((machine): PlannedMachine => {
    const { name, role, team, diskGiB, pool } = machine;
    const { memoryMiB, vcpus } = sizeOf(machine.size);
    return {
      ...{ name, role, diskGiB, pool, memoryMiB, vcpus, user: args.user },
      ...(team === undefined ? {} : { team }),
      host: assignment[name] ?? "",
      address: addresses[name] ?? "",
      macAddress: macAddress(`${stack}/${name}`),
    };
  });
  refuseSharedCards(machines);
  const { network, hosts } = inventory;
  return {
    inventory,
    machines,
    unrecorded,
    unknown: Object.keys(args.placement ?? {}).filter((name) => !names.has(name)),
    unaddressed: inventory.machines.flatMap(({ name, address }) => (address === undefined ? name : [])),
    exported: {
      schema: INVENTORY_SCHEMA,
      name: fleet,
      network: { cidr: network.cidr, gateway: network.gateway, nameservers: network.nameservers },
      hosts: hosts.map(({ name, address, labels }) => ({ name, address, labels })),
      machines: machines.map(({ pool: _pool, ...machine }) => machine),
      services: servicesOf(hosts, args.servicePorts ?? {}),
    },
  };
}
