import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { checkComponentName } from "../component-name.ts";
import { backupScript, restoreScript } from "./backup-scripts.ts";
import {
  backupPaths,
  checkBackupUnits,
  resetBackup,
  serviceUnit,
  setupBackup,
  timerUnit,
} from "./backup-units.ts";
import { checkBackup } from "./check-backup.ts";
import type { DiskBackupArgs } from "./disk-backup-args.ts";

/** The resources of a `DiskBackup`. */
export interface DiskBackupNodes {
  readonly setup: MachineSetup;
}

/**
 * Copies of a machine's disks, which its hypervisor makes at set times with libvirt's own tools while the machine runs,
 * and a script that puts one back. Deleting it leaves the copies.
 *
 * Creates, named `${name}-…`: `setup`, which is a script to copy, one to restore, a service and a timer.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class DiskBackup extends pulumi.ComponentResource {
  /** Of this machine's copies, on the host. */
  readonly folder: string;
  /** Run by a person: it lists the copies, and with the name of one puts that back. */
  readonly restoreCommand: string;
  readonly nodes: DiskBackupNodes;

  constructor(name: string, args: DiskBackupArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { machineName, diskPaths, schedule, keep } = args;
    const connection = check(name, args);
    super("groundplane:libvirt:DiskBackup", name, {}, options);

    this.folder = `${args.folder ?? "/var/backups/groundplane"}/${machineName}`;
    const paths = backupPaths(machineName);
    this.restoreCommand = paths.restore;
    const plan = pulumi
      .all([...diskPaths])
      .apply((known) => ({ machineName, keep, folder: this.folder, diskPaths: known }));
    const setup = new MachineSetup(
      `${name}-setup`,
      {
        connection,
        files: [
          { path: paths.backup, mode: "0700", content: plan.apply(backupScript) },
          { path: paths.restore, mode: "0700", content: plan.apply(restoreScript) },
          { path: paths.service, content: serviceUnit(machineName) },
          { path: paths.timer, content: timerUnit(machineName, schedule) },
        ],
        setup: setupBackup(machineName, schedule),
        reset: resetBackup(machineName),
        check: checkBackupUnits(machineName),
      },
      { parent: this },
    );

    this.nodes = { setup };
    this.registerOutputs({ folder: this.folder, restoreCommand: this.restoreCommand });
  }
}

function check(name: string, args: DiskBackupArgs) {
  // A machine's own backup is named after it.
  checkComponentName(name, 40);
  checkComponentName(args.machineName);
  checkWhole("number of diskPaths", args.diskPaths.length, 1, 25);
  checkBackup(args.hypervisor, args);
  if (args.hypervisor.ssh !== undefined) return args.hypervisor.ssh;
  throw invalidArgument(`${args.hypervisor.name} is not reached over SSH`);
}
