// The examples of docs/disk-backup.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { testHost } from "../host.fixture.ts";
import { DiskBackup, Volume } from "../index.ts";

export function start(): DiskBackup {
  const hypervisor = testHost();
  const volume = new Volume("disk", { name: "wiki.qcow2" }, { provider: hypervisor.provider });
  // #region start
  const backup = new DiskBackup("wiki-backup", {
    hypervisor,
    machineName: "wiki",
    diskPaths: [volume.id],
    schedule: "*-*-* 02:30:00",
    keep: 14,
    folder: "/mnt/backups",
  });
  // #endregion
  return backup;
}
