import { SIZES } from "@groundplane/placement";
import { macAddress } from "./mac-address.ts";
import type { VirtualMachineArgs } from "./virtual-machine-args.ts";

export interface VolumePlan {
  /** Of the child, after the machine's name. */
  readonly role: string;
  /** In libvirt. */
  readonly name: string;
  /** Key of the hypervisor's pool. */
  readonly pool: string;
  readonly sizeBytes: number;
}

/** All of a machine that does not depend on anything being made. */
export interface VirtualMachinePlan {
  readonly memoryMiB: number;
  readonly vcpus: number;
  /** In lower case. */
  readonly macAddress: string;
  readonly ipAddress: string;
  readonly root: VolumePlan;
  /** In the order of the guest's `vdb`, `vdc`, … */
  readonly disks: readonly VolumePlan[];
  /** Begins the names of its ISO images; the instance's hash follows. */
  readonly isoPrefix: string;
  readonly packages: readonly string[];
  /** What cloud-init runs before the caller's own commands. */
  readonly firstCommands: readonly string[];
  /** What policies see of the machine: the domain has no place for it. */
  readonly metadata: string;
}

const GIB = 2 ** 30;

/**
 * Plans a machine. Volumes carry the stack's name too: the provider takes a volume that is there as it is, so two stacks
 * on one host must never mean the same one.
 */
export function planVirtualMachine(
  name: string,
  stack: string,
  args: Omit<VirtualMachineArgs, "hypervisor" | "image">,
): VirtualMachinePlan {
  const { pool = "default", disks = [], packages = [], guestAgent = false, backup } = args;
  const { memoryMiB, vcpus } = typeof args.size === "string" ? SIZES[args.size] : args.size;
  const prefix = `${stack}-${name}`;
  const volume = (role: string, of: string, sizeGiB: number): VolumePlan => ({
    role,
    name: `${prefix}-${role}.qcow2`,
    pool: of,
    sizeBytes: sizeGiB * GIB,
  });
  return {
    memoryMiB,
    vcpus,
    macAddress: (args.macAddress ?? macAddress(`${stack}/${name}`)).toLowerCase(),
    ipAddress: args.address.cidr.split("/")[0] ?? "",
    root: volume("root", pool, args.diskGiB),
    disks: disks.map((disk) => volume(`disk-${disk.name}`, disk.pool ?? pool, disk.sizeGiB)),
    isoPrefix: prefix,
    packages: [...new Set([...packages, ...(guestAgent ? ["qemu-guest-agent"] : [])])],
    firstCommands: guestAgent ? ["systemctl enable --now qemu-guest-agent || true"] : [],
    metadata: JSON.stringify({
      groundplane: {
        component: "VirtualMachine",
        protected: args.protected ?? false,
        backup: backup === undefined ? false : { schedule: backup.schedule, keep: backup.keep },
      },
    }),
  };
}
