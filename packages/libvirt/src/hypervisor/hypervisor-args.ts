import type { MachineConnection } from "@groundplane/machine";
import type * as pulumi from "@pulumi/pulumi";
import type { Opening } from "../opening.ts";

/** Which host keys are taken: those of a file, or any, for a reason. */
export type HostKeyCheck =
  | {
      /** A `known_hosts` file of the machine that runs Pulumi; `$HOME` in it is expanded. It must hold the host's key. */
      readonly knownHostsFile: string;
    }
  | {
      /** Takes any key: whoever is in between can act as the hypervisor. */
      readonly unverifiedHostKey: Opening;
    };

/**
 * libvirt over SSH. The provider reads the OpenSSH configuration of the user too: a `Port`, `HostName` or `ProxyJump`
 * for this host there wins.
 */
export type SshHypervisorConnection = HostKeyCheck & {
  readonly type: "ssh";
  /** A member of the group `libvirt`, or root. What needs a shell on the host also needs `sudo` without a password. */
  readonly user: string;
  /** @minimum 1 @maximum 65535 @default 22 */
  readonly port?: number;
  /** A key of the machine that runs Pulumi, without a passphrase; `$HOME` in it is expanded. No other key is tried. */
  readonly privateKeyFile: string;
  /** The libvirt socket on the host. @default "/var/run/libvirt/libvirt-sock" */
  readonly socket?: string;
  /**
   * What is used where something is set up on the host itself (an image that it fetches, backups).
   *
   * @default - the two files, read when something needs them
   */
  readonly setup?: Pick<MachineConnection, "privateKey" | "hostKey">;
};

/** libvirt on the machine that runs Pulumi. */
export interface LocalHypervisorConnection {
  readonly type: "local";
  /** @default "/var/run/libvirt/libvirt-sock" */
  readonly socket?: string;
}

/** What the host has. Declared, because what is free changes while machines are made. */
export interface HostCapacity {
  /** @minimum 1 */
  readonly memoryMiB: number;
  /** Hardware threads. @minimum 1 */
  readonly vcpus: number;
  /** vCPUs of machines for each thread. @minimum 1 @maximum 64 @default 1 */
  readonly vcpuOvercommit?: number;
  /** What no machine gets. @default - 4096 MiB, and nothing else */
  readonly reserve?: { readonly memoryMiB?: number; readonly vcpus?: number; readonly diskGiB?: number };
}

/** A pool that is made, or one that is there. */
export type HostPool = (
  | {
      /** Folder on the host. It is made where it is missing, and deleted with the pool when it is empty. */
      readonly path: string;
      /** Name in libvirt. @default - the key in `pools` */
      readonly name?: string;
    }
  | {
      /** Name of a pool that is there: a text, or `name` of a pool resource. */
      readonly existing: pulumi.Input<string>;
    }
) & {
  /** What machines may take of it. @minimum 1 @default - unknown, and not counted */
  readonly sizeGiB?: number;
};

/** Where machines' cards are attached: a bridge of the host, or a network of libvirt. */
export type NetworkAttachment =
  | { readonly bridge: string }
  | { readonly networkName: pulumi.Input<string> }
  | { readonly networkId: pulumi.Input<string> };

export interface HypervisorArgs {
  /** IP address or name: what the host is reached at. */
  readonly address: string;
  /** How the host is reached. Not together with `provider`. */
  readonly connection?: SshHypervisorConnection | LocalHypervisorConnection;
  /** A provider of the plugin `libvirt` that is there already, of any package. Not together with `connection`. */
  readonly provider?: pulumi.ProviderResource;
  readonly capacity: HostCapacity;
  /** By the name that machines use; `default` is what they take unless told. */
  readonly pools: Readonly<Record<string, HostPool>>;
  readonly network: NetworkAttachment;
  /** "qemu" is software emulation, ten times slower. @default "kvm" */
  readonly domainType?: "kvm" | "qemu";
  /**
   * Operations at once on the host. libvirt refuses much while a pool is busy, and sshd drops connections beyond ten.
   *
   * @minimum 1 @maximum 20 @default 4
   */
  readonly parallel?: number;
}
