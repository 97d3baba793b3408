import { z } from "zod";
import type { InventoryExport, InventoryHost, InventoryMachine } from "./fleet-inventory.ts";

const variablesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));
const groupSchema = z.strictObject({ hosts: z.record(z.string(), variablesSchema) });

/**
 * An inventory as Ansible's `yaml` plugin reads it, from a file that ends in `.yml`, `.yaml` or `.json`. Every name stands
 * with its variables in `agents` or `hypervisors`, and without them in groups by host, role and team.
 */
export const ansibleInventorySchema = z.strictObject({
  all: z.strictObject({ children: z.record(z.string(), groupSchema) }),
});

export type AnsibleInventory = z.infer<typeof ansibleInventorySchema>;
type Variables = z.infer<typeof variablesSchema>;

/** A name as Ansible takes one for a group: letters, digits and underscores. */
function groupName(prefix: string, text: string): string {
  const word = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return `${prefix}_${word}`;
}

function machineVariables(machine: InventoryMachine): Variables {
  const { address, user, host, macAddress, memoryMiB, vcpus, diskGiB, role, team } = machine;
  return {
    ansible_host: address,
    ansible_user: user,
    hypervisor: host,
    mac_address: macAddress,
    memory_mib: memoryMiB,
    vcpus,
    disk_gib: diskGiB,
    role,
    ...(team === undefined ? {} : { team }),
  };
}

const hostVariables = ({ address, labels }: InventoryHost): Variables => ({
  ansible_host: address,
  labels: [...labels],
});

function groupedBy(
  machines: readonly InventoryMachine[],
  prefix: string,
  of: (machine: InventoryMachine) => string | undefined,
): Record<string, z.infer<typeof groupSchema>> {
  const groupOf = (machine: InventoryMachine): string | undefined => {
    const value = of(machine);
    return value === undefined ? undefined : groupName(prefix, value);
  };
  const groups = [...new Set(machines.flatMap((machine) => groupOf(machine) ?? []))].sort();
  return Object.fromEntries(
    groups.map((group) => {
      const members = machines.filter((machine) => groupOf(machine) === group);
      return [group, { hosts: Object.fromEntries(members.map(({ name }) => [name, {}])) }];
    }),
  );
}

/** The fleet for Ansible. */
export function ansibleInventory({ hosts, machines }: InventoryExport): AnsibleInventory {
  return {
    all: {
      children: {
        agents: { hosts: Object.fromEntries(machines.map((one) => [one.name, machineVariables(one)])) },
        hypervisors: { hosts: Object.fromEntries(hosts.map((one) => [one.name, hostVariables(one)])) },
        ...groupedBy(machines, "on", ({ host }) => host),
        ...groupedBy(machines, "role", ({ role }) => role),
        ...groupedBy(machines, "team", ({ team }) => team),
      },
    },
  };
}
