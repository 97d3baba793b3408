import type { SizeName } from "@groundplane/placement";
import type * as pulumi from "@pulumi/pulumi";
import type { BaseImageRef } from "../base-image/base-image.ts";
import type { BackupArgs } from "../disk-backup/disk-backup-args.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";

export interface MachineAddress {
  /** The machine's own address with the network's prefix. @format such as 10.220.1.50/24 */
  readonly cidr: string;
  /** @format IPv4 address within the network */
  readonly gateway: string;
  /** In the order in which they are asked; at least one. @format IPv4 addresses */
  readonly nameservers: readonly string[];
  /** Domains that names without a dot are looked up in. @default [] */
  readonly searchDomains?: readonly string[];
}

/** A person or a program that logs in with SSH keys. No user has a password. */
export interface MachineUser {
  /** @format 1 to 32 lower-case letters, digits, `_` and `-` */
  readonly name: string;
  /** At least one. @format as in `authorized_keys` */
  readonly authorizedKeys: readonly pulumi.Input<string>[];
  /** May act as root without a password. @default false */
  readonly sudo?: boolean;
  /** @default [] */
  readonly groups?: readonly string[];
  /** @default "/bin/bash" */
  readonly shell?: string;
}

/** A file that cloud-init writes. Never a secret: what cloud-init was given can be read on the machine and its host. */
export interface CloudInitFile {
  /** Absolute. */
  readonly path: string;
  readonly content: pulumi.Input<string>;
  /** Octal. @default "0644" */
  readonly mode?: string;
  /** `user:group`. @default "root:root" */
  readonly owner?: string;
}

/** An empty disk besides the first. The guest sees the disks as `vdb`, `vdc`, … in the order of the list. */
export interface DataDisk {
  /** @format 1 to 32 lower-case letters, digits and dashes */
  readonly name: string;
  /** @minimum 1 */
  readonly sizeGiB: number;
  /** Key of one of the hypervisor's pools. @default - the machine's */
  readonly pool?: string;
}

/** What is written to `/etc/hosts` besides the machine's own names. */
export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}

export interface VirtualMachineArgs {
  readonly hypervisor: HypervisorRef;
  /** Key of one of the hypervisor's pools. @default "default" */
  readonly pool?: string;
  /** `light` is 8 GiB and 2 vCPUs, `medium` 16 and 4, `heavy` 32 and 8. A change restarts the machine. */
  readonly size: SizeName | { readonly memoryMiB: number; readonly vcpus: number };
  /** Of the first disk. A change makes the disk anew: everything on it is lost. @minimum 1 */
  readonly diskGiB: number;
  /** What the first disk begins as. A change makes the disk anew: everything on it is lost. */
  readonly image: BaseImageRef;
  /** At most 24. Adding or removing one restarts the machine. @default [] */
  readonly disks?: readonly DataDisk[];
  readonly address: MachineAddress;
  /** @format a unicast MAC address @default - made from the stack's and the machine's name: `macAddress()` */
  readonly macAddress?: string;
  /** At least one. */
  readonly users: readonly MachineUser[];
  /** @default [] */
  readonly hosts?: readonly HostEntry[];
  /** Packages that cloud-init installs. @default [] */
  readonly packages?: readonly string[];
  /** Shell commands that cloud-init runs at last, as root. @default [] */
  readonly runCommands?: readonly pulumi.Input<string>[];
  /** @default [] */
  readonly files?: readonly CloudInitFile[];
  /** Starts with the host. @default true */
  readonly autostart?: boolean;
  /** A serial console: `virsh console`. @default true */
  readonly console?: boolean;
  /** Installs QEMU's guest agent, so that backups are of quiet file systems. @default false */
  readonly guestAgent?: boolean;
  /**
   * PCI devices of the host that the machine gets, such as a GPU. The host needs an IOMMU (VT-d, AMD-Vi), and
   * `xsltproc` must be on the machine that runs Pulumi.
   *
   * @format such as 0000:65:00.0
   * @default []
   */
  readonly passthrough?: readonly string[];
  /** Pulumi's `protect` on its disks: they are not deleted or replaced before that is taken off. @default false */
  readonly protected?: boolean;
  /** Copies of its disks, made by the host at set times. @default - none */
  readonly backup?: BackupArgs;
}
