import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { composeFunction } from "../compose-project/project-scripts.ts";
import type { PinnedImage } from "../image/image-reference.ts";
import type { PlannedSetup } from "../published-ports/published-ports.ts";
import { DATABASE, FILE_FOLDERS } from "./mattermost-compose.ts";

export interface MattermostBackup {
  /** Each day at this time, UTC, and up to 15 minutes after it. @default "02:30" */
  readonly at?: `${number}:${number}`;
  /** How many backups stay. @minimum 1 @maximum 3650 @default 14 */
  readonly keep?: number;
  /** Where they are written. On another disk than the data, if there is one. @default "/opt/mattermost/backups" */
  readonly folder?: string;
}

/** Files of a backup, all in its folder. */
const DUMP = "database.dump";
const FILES = "files.tar.gz";
const SUMS = "SHA256SUMS";

/**
 * Plans the backups: a program for making and one for taking back, and a timer.
 *
 * @param project where Mattermost's project is
 * @throws {INVALID_ARGUMENT} a time, number or folder is not valid.
 */
export function planBackup(project: string, backup: MattermostBackup = {}): PlannedSetup {
  const { at = "02:30", keep = 14, folder = `${project}/backups` } = backup;
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(at))
    throw invalidArgument(`backup.at is "${at}"; give a time of day such as 02:30`, { at });
  checkWhole("backup.keep", keep, 1, 3650);
  if (!/^(\/[a-zA-Z0-9][a-zA-Z0-9._-]*){2,}$/.test(folder))
    throw invalidArgument(`backup.folder is "${folder}"; give an absolute path, two levels deep at least`, {
      folder,
    });
  const bin = `${project}/bin`;
  const units = "/etc/systemd/system/mattermost-backup";
  return {
    files: [
      { path: `${bin}/backup`, content: backupProgram(project, folder, keep), mode: "0750" },
      { path: `${bin}/restore`, content: restoreProgram(project, folder), mode: "0750" },
      { path: `${units}.service`, content: serviceUnit(`${bin}/backup`), mode: "0644" },
      { path: `${units}.timer`, content: timerUnit(at), mode: "0644" },
    ],
    // One at once: a backup that cannot be made is known today, and not on the day that it is needed.
    setup: [
      "set -eu",
      `install -d -m 0700 ${folder}`,
      "systemctl daemon-reload",
      "systemctl enable --now mattermost-backup.timer",
      "systemctl start mattermost-backup.service",
      "",
    ].join("\n"),
    reset: ["set -eu", "systemctl disable --now mattermost-backup.timer || true", ""].join("\n"),
    check: [
      "set -eu",
      "systemctl is-active --quiet mattermost-backup.timer || {",
      '  echo "mattermost-backup.timer does not run" >&2',
      "  exit 1",
      "}",
      // Two days and a little: one that was missed shows.
      `[ -n "$(find ${folder} -mindepth 1 -maxdepth 1 -name '[0-9]*Z' -mmin -3000)" ] || {`,
      `  echo "${folder} has no backup of the last 50 hours" >&2`,
      "  exit 1",
      "}",
      "",
    ].join("\n"),
  };
}

/**
 * A backup before another image of Mattermost changes the database for good; what fails then has changed nothing that runs.
 * Shell for `beforeUp` of the project.
 */
export function backupBefore(project: string, image: PinnedImage): string {
  return `id=$(compose ps --quiet mattermost)
if [ -n "$id" ] && [ -x ${project}/bin/backup ]; then
  [ "$(docker inspect --format '{{.Config.Image}}' "$id")" = '${image}' ] || ${project}/bin/backup >&2 || {
    echo "there can be no backup from before ${image}: Mattermost runs as before; see why, and deploy again" >&2
    exit 1
  }
fi`;
}

const psql = `compose exec -T postgres psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username=${DATABASE.user}`;

function backupProgram(project: string, folder: string, keep: number): string {
  return `#!/bin/sh
# A backup of Mattermost: its database, and the files of its people. Written by Groundplane.
set -eu
umask 077
exec 9>${folder}/.lock
flock -n 9 || { echo "another backup or restore is under way" >&2; exit 1; }
${composeFunction(project)}
while name=$(date -u +%Y%m%dT%H%M%SZ) && [ -e "${folder}/$name" ]; do sleep 1; done
part=${folder}/.part
rm -rf "$part"
mkdir "$part"
compose exec -T postgres pg_dump --username=${DATABASE.user} --format=custom ${DATABASE.name} > "$part/${DUMP}"
# The dump first: a file that comes after it is one too many, and none that it names is missing.
tar --create --gzip --file "$part/${FILES}" --directory ${project}/data ${FILE_FOLDERS.join(" ")} || {
  # 1: a file changed while it was read. The next backup has it.
  [ $? -eq 1 ] || exit 1
}
(cd "$part" && sha256sum ${DUMP} ${FILES} > ${SUMS})
sync
mv "$part" "${folder}/$name"
touch "${folder}/$name"
find ${folder} -mindepth 1 -maxdepth 1 -name '[0-9]*Z' | sort -r | tail -n +${keep + 1} | while read -r old; do
  rm -rf "$old"
done
echo "${folder}/$name"
`;
}

/** Nothing is lost by it: database and files that were there are kept beside what takes their place. */
function restoreProgram(project: string, folder: string): string {
  return `#!/bin/sh
# Takes Mattermost back to a backup. Written by Groundplane.
# usage: restore NAME [stopped]
#   NAME     a folder of ${folder}, such as 20260101T023000Z
#   stopped  Mattermost is not started: for a deployment of the release that made the backup
set -eu
umask 077
case "$#\${2:-}" in
  1 | 2stopped) ;;
  *) sed -n 's/^# //p' "$0" >&2; exit 64 ;;
esac
case "$1" in
  */* | .*) echo "NAME is the name of a backup, not a path: $1" >&2; exit 64 ;;
esac
from=${folder}/$1
[ -d "$from" ] || { echo "there is no backup $1; there are:" >&2; ls ${folder} >&2; exit 1; }
exec 9>${folder}/.lock
flock -n 9 || { echo "another backup or restore is under way" >&2; exit 1; }
(cd "$from" && sha256sum --check --quiet ${SUMS}) || { echo "$1 is damaged; nothing was changed" >&2; exit 1; }
${composeFunction(project)}
now=$(date -u +%Y%m%dT%H%M%SZ)
new=${project}/data/.restored
rm -rf "$new"
mkdir "$new"
tar --extract --gzip --file "$from/${FILES}" --directory "$new" --same-owner --same-permissions
${psql} --dbname=postgres <<'SQL'
SET client_min_messages = warning;
DROP DATABASE IF EXISTS restored;
CREATE DATABASE restored OWNER ${DATABASE.user} TEMPLATE template0;
SQL
compose exec -T postgres pg_restore --username=${DATABASE.user} --dbname=restored --no-owner --exit-on-error < "$from/${DUMP}"
# Until here Mattermost runs as before.
compose stop mattermost
${psql} --dbname=postgres <<SQL
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${DATABASE.name}' \\g /dev/null
BEGIN;
ALTER DATABASE ${DATABASE.name} RENAME TO "before_$now";
ALTER DATABASE restored RENAME TO ${DATABASE.name};
COMMIT;
SQL
mkdir "${project}/data/before-$now"
for each in ${FILE_FOLDERS.join(" ")}; do
  mv "${project}/data/$each" "${project}/data/before-$now/$each"
  mv "$new/$each" "${project}/data/$each"
done
rmdir "$new"
kept="What was there before is in the database before_$now and in ${project}/data/before-$now."
# A later release would change the database again as soon as it starts.
[ $# -eq 1 ] || { echo "The data is as it was at $1, and Mattermost is stopped. $kept"; exit 0; }
compose up --detach --wait --wait-timeout 300
echo "Mattermost is as it was at $1. $kept"
# A token that was revoked since is in force again until this.
${project}/bin/accounts apply ${project} || {
  echo "bots and tokens are not as they should be: run ${project}/bin/accounts apply ${project} again" >&2
  exit 1
}
`;
}

function serviceUnit(program: string): string {
  return `[Unit]
Description=Backup of Mattermost
Requires=docker.service
After=docker.service

[Service]
Type=oneshot
ExecStart=${program}
Nice=10
IOSchedulingClass=idle
PrivateTmp=yes
ProtectHome=yes
NoNewPrivileges=yes
`;
}

function timerUnit(at: string): string {
  return `[Unit]
Description=Backup of Mattermost, each day

[Timer]
OnCalendar=*-*-* ${at}:00 UTC
RandomizedDelaySec=900
Persistent=yes

[Install]
WantedBy=timers.target
`;
}
