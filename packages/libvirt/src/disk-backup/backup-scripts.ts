import { shellQuote } from "@groundplane/contracts";

export interface BackupPlan {
  readonly machineName: string;
  /** Of this machine's copies. */
  readonly folder: string;
  readonly keep: number;
  /** Files on the host, in the order of `vda`, `vdb`, … */
  readonly diskPaths: readonly string[];
}

/** As the provider names a domain's disks. */
function target(index: number): string {
  return `vd${String.fromCharCode("a".charCodeAt(0) + index)}`;
}

function prelude({ machineName, folder, diskPaths }: BackupPlan): string {
  const table = diskPaths.map((path, index) => `${target(index)} ${path}`).join("\n");
  return `set -eu
umask 077
machine=${shellQuote(machineName)}
folder=${shellQuote(folder)}
# The guest's name of each disk, and its file here.
disks=${shellQuote(table)}
fail() { echo "$machine: $1" >&2; exit 1; }
virsh() { command virsh -q -c qemu:///system "$@"; }
each_disk() { printf '%s\\n' "$disks"; }`;
}

/**
 * Copies a machine's disks as they are at one moment, while it runs: libvirt's backup job writes whole images, which need
 * nothing else to be read. A copy is under its name only when it is complete.
 */
export function backupScript(plan: BackupPlan): string {
  return `#!/bin/sh
# Copies the disks of the machine ${plan.machineName}. Written by Groundplane.
${prelude(plan)}
keep=${plan.keep}
# QEMU opens the files itself, as another user: it must get through all folders above them, and need not look around.
(umask 066; mkdir -p "$folder")
chmod 0711 "$folder"
exec 9>"$folder/.lock"
flock -n 9 || fail "another backup is under way"
# What a run that was killed left.
rm -rf "$folder"/.part-*
stamp=$(date -u +%Y%m%dT%H%M%SZ)
work=$folder/.part-$stamp
mkdir -m 0711 "$work"
frozen=
job=
cleanup() {
  [ -z "$frozen" ] || virsh domfsthaw "$machine" >/dev/null 2>&1 || true
  [ -z "$job" ] || virsh domjobabort "$machine" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

job_is() { virsh domjobinfo "$machine" $2 | grep -q "^Job type: *$1"; }
backup_running() {
  {
    echo '<domainbackup mode="push"><disks>'
    virsh domblklist --details "$machine" | while read -r _ _ name _; do
      each_disk | grep -q "^$name " &&
        echo "<disk name=\\"$name\\" backup=\\"yes\\" type=\\"file\\"><target file=\\"$work/$name.qcow2\\"/><driver type=\\"qcow2\\"/></disk>" ||
        echo "<disk name=\\"$name\\" backup=\\"no\\"/>"
    done
    echo '</disks></domainbackup>'
  } >"$work/backup.xml"
  # Without an agent in the guest the copy is as after a power cut, which file systems and databases recover from.
  if virsh domfsfreeze "$machine" >/dev/null 2>&1; then frozen=1; fi
  virsh backup-begin "$machine" "$work/backup.xml" >/dev/null || fail "libvirt does not begin the backup"
  job=1
  if [ -n "$frozen" ]; then virsh domfsthaw "$machine" >/dev/null; frozen=; fi
  until job_is None ""; do sleep 1; done
  job=
  job_is Completed --completed || fail "the backup job failed; see libvirt's log, and whether $folder is full"
  rm "$work/backup.xml"
}
backup_shut_off() {
  each_disk | while read -r name path; do qemu-img convert -O qcow2 "$path" "$work/$name.qcow2"; done
}

virsh dumpxml --inactive "$machine" >"$work/domain.xml"
state=$(virsh domstate "$machine")
case $state in
  running | paused) backup_running ;;
  "shut off") backup_shut_off ;;
  *) fail "its state is $state; no backup is made" ;;
esac
each_disk | while read -r name _; do
  [ -s "$work/$name.qcow2" ] || fail "the copy of $name is missing"
  qemu-img check -q "$work/$name.qcow2" || fail "the copy of $name is damaged"
done
chown root:root "$work"/*
sync
mv "$work" "$folder/$stamp"
ls "$folder" | grep -E '^[0-9]{8}T[0-9]{6}Z$' | sort -r | tail -n "+$((keep + 1))" | while read -r old; do
  rm -rf "\${folder:?}/$old"
done
echo "$folder/$stamp"
`;
}

/** Puts a copy in the place of the disks, of a machine that is shut off. What was there stays beside it. */
export function restoreScript(plan: BackupPlan): string {
  return `#!/bin/sh
# Puts a copy of the disks of the machine ${plan.machineName} back. Written by Groundplane.
${prelude(plan)}
stamp=\${1:-}
if [ -z "$stamp" ]; then
  echo "give one of these:" >&2
  ls "$folder" | grep -E '^[0-9]{8}T[0-9]{6}Z$' >&2 || echo "(there is none)" >&2
  exit 64
fi
copy=$folder/$stamp
[ -d "$copy" ] || fail "there is no copy $copy"
[ "$(virsh domstate "$machine")" = "shut off" ] || fail "it runs; shut it down first: virsh shutdown $machine"
each_disk | while read -r name path; do
  qemu-img check -q "$copy/$name.qcow2" || fail "the copy of $name is damaged or missing"
  qemu-img convert -O qcow2 "$copy/$name.qcow2" "$path.restored"
  if [ -e "$path" ]; then
    chown --reference="$path" "$path.restored"
    chmod --reference="$path" "$path.restored"
  fi
done
each_disk | while read -r _ path; do
  # A second name for what is there, then one step to the other: there is a disk at every moment.
  [ ! -e "$path" ] || [ -e "$path.before-$stamp" ] || ln "$path" "$path.before-$stamp"
  mv -f "$path.restored" "$path"
done
echo "restored $copy; what was there is beside the disks, ending in .before-$stamp: delete it when all is well"
`;
}
