import { checkWhole, invalidArgument } from "@groundplane/contracts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import type { BackupArgs } from "./disk-backup-args.ts";

/**
 * @throws {INVALID_ARGUMENT} an argument is not valid, or the hypervisor is not reached over SSH.
 */
export function checkBackup(hypervisor: HypervisorRef, { schedule, keep, folder }: BackupArgs): void {
  checkWhole("backup.keep", keep, 1, 1000);
  // The host's systemd has the last word on it; this keeps what is written into its unit to one line.
  if (!/^[A-Za-z0-9*:.,/~ +-]{1,128}$/.test(schedule))
    throw invalidArgument(
      `backup.schedule is "${schedule}"; give a calendar event of systemd, such as daily or *-*-* 02:30:00`,
      { argument: "backup.schedule", schedule },
    );
  if (folder !== undefined && !/^(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/.test(folder))
    throw invalidArgument(
      `backup.folder is "${folder}"; give an absolute path of letters, digits and . _ -`,
      {
        argument: "backup.folder",
        folder,
      },
    );
  if (hypervisor.ssh === undefined)
    throw invalidArgument(
      `${hypervisor.name} is not reached over SSH, so no backup can be set up on it; leave backup out`,
      { argument: "backup", hypervisor: hypervisor.name },
    );
}
