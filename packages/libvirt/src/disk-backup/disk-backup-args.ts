import type * as pulumi from "@pulumi/pulumi";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";

/** When a machine's disks are copied, and how many copies are kept. */
export interface BackupArgs {
  /** When, in the host's time zone. @format calendar event of systemd.time(7), such as `daily` or `*-*-* 02:30:00` */
  readonly schedule: string;
  /** How many copies are kept; the oldest go first. @minimum 1 @maximum 1000 */
  readonly keep: number;
  /**
   * Folder on the host, best on other disks than the pool's; each machine has a folder in it. A copy is as large as what
   * the disks hold.
   *
   * @default "/var/backups/groundplane"
   */
  readonly folder?: string;
}

export interface DiskBackupArgs extends BackupArgs {
  /** It must be reached over SSH. */
  readonly hypervisor: HypervisorRef;
  /** Name of the domain. */
  readonly machineName: string;
  /** Files on the host: `id` of the volumes, in the order of the guest's `vda`, `vdb`, … */
  readonly diskPaths: readonly pulumi.Input<string>[];
}
