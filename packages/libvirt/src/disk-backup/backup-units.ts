import { shellQuote } from "@groundplane/contracts";

const VIRSH_HAS_BACKUP = "virsh help backup-begin >/dev/null 2>&1";

/** Where a machine's scripts and units are. Names of domains are unique on a host, so these are. */
export function backupPaths(machineName: string) {
  const unit = `groundplane-backup-${machineName}`;
  return {
    backup: `/usr/local/sbin/${unit}`,
    restore: `/usr/local/sbin/groundplane-restore-${machineName}`,
    service: `/etc/systemd/system/${unit}.service`,
    timer: `/etc/systemd/system/${unit}.timer`,
    unit,
  };
}

export function serviceUnit(machineName: string): string {
  return `[Unit]
Description=Copies the disks of the machine ${machineName}
After=libvirtd.service virtqemud.service

[Service]
Type=oneshot
ExecStart=${backupPaths(machineName).backup}
TimeoutStartSec=12h
Nice=10
IOSchedulingClass=idle
PrivateTmp=yes
NoNewPrivileges=yes
`;
}

/** The delay spreads the machines of a host over a quarter of an hour, the same for each every day. */
export function timerUnit(machineName: string, schedule: string): string {
  return `[Unit]
Description=When the disks of the machine ${machineName} are copied

[Timer]
OnCalendar=${schedule}
RandomizedDelaySec=15min
FixedRandomDelay=yes
Persistent=yes

[Install]
WantedBy=timers.target
`;
}

export function setupBackup(machineName: string, schedule: string): string {
  const { unit } = backupPaths(machineName);
  return `set -eu
fail() { echo "$1" >&2; exit 1; }
command -v systemctl >/dev/null || fail "this host has no systemd, which runs the backups"
${VIRSH_HAS_BACKUP} || fail "this host's virsh knows no backup-begin; install libvirt 7.2 or newer"
command -v qemu-img >/dev/null || fail "this host has no qemu-img; install qemu-utils"
systemd-analyze calendar ${shellQuote(schedule)} >/dev/null || fail "systemd takes no schedule "${shellQuote(schedule)}
systemctl daemon-reload
systemctl enable ${unit}.timer
systemctl restart ${unit}.timer
`;
}

/** The copies stay. */
export function resetBackup(machineName: string): string {
  return `systemctl disable --now ${backupPaths(machineName).unit}.timer || true
`;
}

/** Exit code 0: the timer waits, and the last backup did not fail. */
export function checkBackupUnits(machineName: string): string {
  const { unit } = backupPaths(machineName);
  return `systemctl is-enabled --quiet ${unit}.timer || { echo "the timer ${unit} is off" >&2; exit 1; }
systemctl is-active --quiet ${unit}.timer || { echo "the timer ${unit} does not run" >&2; exit 1; }
! systemctl is-failed --quiet ${unit}.service || { echo "the last backup failed: journalctl -u ${unit}" >&2; exit 1; }
`;
}
