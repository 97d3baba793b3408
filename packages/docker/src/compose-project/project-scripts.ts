import type { HardenedComposeFile } from "../compose/hardened-compose.ts";
import type { DataFolder, SecretFile } from "./project-plan.ts";

/** Everything in it was checked to hold nothing that a shell takes for its own. */
export interface ScriptFacts {
  readonly folder: string;
  readonly services: readonly string[];
  readonly dataFolders: readonly DataFolder[];
  readonly secretFiles: readonly SecretFile[];
  readonly file: HardenedComposeFile;
  readonly waitSeconds: number;
}

/** What is in force of the secrets: a hash that is on the machine alone, readable by root. */
const STAMP = ".secrets-in-force";

/** `compose` runs `docker compose` on the project at a folder. */
export function composeFunction(folder: string): string {
  return `compose() { docker compose --project-directory ${folder} --file ${folder}/compose.yaml "$@"; }`;
}

const lines = (...parts: readonly (string | readonly string[])[]): string =>
  `${parts.flat().filter(Boolean).join("\n")}\n`;

export function setupScript(facts: ScriptFacts & { readonly beforeUp: string }): string {
  const { folder, dataFolders, secretFiles, waitSeconds, beforeUp } = facts;
  const wait = `--detach --wait --wait-timeout ${waitSeconds}`;
  return lines(
    "set -eu",
    "docker compose version >/dev/null 2>&1 || {",
    '  echo "docker compose is missing here: install Docker Engine and its compose plugin, then deploy again" >&2',
    "  exit 1",
    "}",
    composeFunction(folder),
    secretFiles.length > 0 ? `chmod 0700 ${folder}/secrets` : "",
    dataFolders.map(({ path, user, group }) => `install -d -m 0700 -o ${user} -g ${group} ${path}`),
    "compose config --quiet",
    // A container keeps the secret that it began with, and compose does not see that the file is another.
    "again=",
    secretFiles.length > 0
      ? [
          `in_force=$(cat ${folder}/${STAMP} 2>/dev/null || true)`,
          `given=$(sha256sum ${secretFiles.map(({ path }) => path).join(" ")} | sha256sum | cut -d ' ' -f 1)`,
          '[ "$given" = "$in_force" ] || again=--force-recreate',
        ]
      : [],
    beforeUp.trim(),
    `compose up ${wait} --remove-orphans $again`,
    secretFiles.length > 0
      ? [
          "umask 077",
          `printf '%s\\n' "$given" > ${folder}/${STAMP}.new`,
          `mv ${folder}/${STAMP}.new ${folder}/${STAMP}`,
        ]
      : [],
  );
}

/** Data stays, unless a reason was given. */
export function resetScript(facts: ScriptFacts & { readonly dataReason?: string }): string {
  const { folder, dataFolders, dataReason } = facts;
  return lines(
    "set -eu",
    `[ -f ${folder}/compose.yaml ] || exit 0`,
    "command -v docker >/dev/null 2>&1 || exit 0",
    composeFunction(folder),
    `compose down --remove-orphans --timeout 60${dataReason === undefined ? "" : " --volumes"}`,
    `rm -f ${folder}/${STAMP}`,
    dataReason === undefined
      ? []
      : [`# The data goes too: ${dataReason}`, ...dataFolders.map(({ path }) => `rm -rf ${path}`)],
  );
}

/** Each service runs its image, and its health check says so. */
export function checkScript({ folder, services, file }: ScriptFacts): string {
  return lines(
    "set -u",
    composeFunction(folder),
    "bad=0",
    "look() {",
    '  id=$(compose ps --all --quiet "$1" 2>/dev/null | head -n 1)',
    '  [ -n "$id" ] || { echo "$1: there is no container" >&2; bad=1; return; }',
    `  is=$(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}} {{.Config.Image}}' "$id")`,
    '  [ "$is" = "running healthy $2" ] || { echo "$1: is $is" >&2; bad=1; }',
    "}",
    services.map((name) => `look ${name} '${file.services[name]?.image ?? ""}'`),
    "exit $bad",
  );
}
