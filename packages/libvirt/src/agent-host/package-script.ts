import type { MachineScripts } from "../firewall/firewall-script.ts";
import { LINKS } from "../machine-script/linked-program.ts";
import { installPackages, REMOVE_PACKAGES } from "../machine-script/packages.ts";
import { checkDownload, FETCH, type PinnedDownload } from "../machine-script/pinned-download.ts";

export interface PackageOptions {
  readonly user: string;
  readonly node: PinnedDownload;
  readonly docker: boolean;
}

const BASE = ["ca-certificates", "curl", "xz-utils", "git", "logrotate", "unattended-upgrades"];

/** Security updates by themselves, and no restart that nobody asked for. */
export const UPGRADES_FILE = {
  path: "/etc/apt/apt.conf.d/52groundplane-upgrades",
  content: `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";
`,
};

/**
 * Shell that installs what an agent runs on: Node from its own archive, Docker of the distribution, security updates.
 *
 * @throws {INVALID_ARGUMENT} the download of Node is not pinned
 */
export function packageScripts({ user, node, docker }: PackageOptions): MachineScripts {
  checkDownload("Node", node);
  const { version, sha256 } = node;
  const url = node.url ?? `https://nodejs.org/dist/v${version}/node-v${version}-linux-x64.tar.xz`;
  const folder = `/opt/groundplane/node-${version}`;
  const programs = ["node", "npm", "npx", "corepack"];
  const setup = `set -eu
${docker ? GROUP_BEFORE : ""}${installPackages(docker ? [...BASE, "docker.io"] : BASE)}
${FETCH}${LINKS}
if [ ! -e "${folder}/done-${sha256}" ]; then
  mkdir -p /opt/groundplane
  grep -Fxqs "${folder}" "$GROUNDPLANE_STATE/folders" || echo "${folder}" >>"$GROUNDPLANE_STATE/folders"
  rm -rf "${folder}" "${folder}.new"
  mkdir "${folder}.new"
  fetch '${url}' ${sha256} "$GROUNDPLANE_STATE/node.tar"
  tar -xf "$GROUNDPLANE_STATE/node.tar" -C "${folder}.new" --strip-components=1 --no-same-owner
  rm -f "$GROUNDPLANE_STATE/node.tar"
  : >"${folder}.new/done-${sha256}"
  mv -T "${folder}.new" "${folder}"
fi
for program in ${programs.join(" ")}; do
  if [ -e "${folder}/bin/$program" ]; then link "${folder}/bin/$program" "$program"; fi
done
# Other versions than this one go.
touch "$GROUNDPLANE_STATE/folders"
while IFS= read -r old; do
  [ "$old" = "${folder}" ] || rm -rf "$old"
done <"$GROUNDPLANE_STATE/folders"
echo "${folder}" >"$GROUNDPLANE_STATE/folders"
${docker ? dockerGroup(user) : ""}`;
  return { setup, reset: resetScript(user), check: checkScript(folder, version, docker) };
}

/** The package makes the group, and leaves it behind. */
const GROUP_BEFORE = `getent group docker >/dev/null || : >"$GROUNDPLANE_STATE/docker-group-made"\n`;

function dockerGroup(user: string): string {
  return `if ! id -nG ${user} | tr ' ' '\\n' | grep -Fxq docker; then
  : >"$GROUNDPLANE_STATE/docker-group"
  usermod --append --groups docker ${user}
fi
`;
}

function resetScript(user: string): string {
  return `set -eu
${LINKS}
unlink_all
if [ -e "$GROUNDPLANE_STATE/folders" ]; then
  while IFS= read -r folder; do rm -rf "$folder" "$folder.new"; done <"$GROUNDPLANE_STATE/folders"
  rm -f "$GROUNDPLANE_STATE/folders"
fi
rmdir /opt/groundplane 2>/dev/null || true
if [ -e "$GROUNDPLANE_STATE/docker-group" ]; then
  gpasswd --delete ${user} docker >/dev/null 2>&1 || true
  rm -f "$GROUNDPLANE_STATE/docker-group"
fi
${REMOVE_PACKAGES}
if [ -e "$GROUNDPLANE_STATE/docker-group-made" ]; then groupdel docker 2>/dev/null || true; fi
rm -rf "$GROUNDPLANE_STATE/downloads"
`;
}

function checkScript(folder: string, version: string, docker: boolean): string {
  return `set -eu
[ "$(/usr/local/bin/node --version)" = "v${version}" ] || { echo "node is not v${version}"; exit 1; }
[ "$(readlink /usr/local/bin/npm)" = "${folder}/bin/npm" ] || { echo "npm is another one"; exit 1; }
${docker ? 'command -v dockerd >/dev/null || { echo "Docker is missing"; exit 1; }\n' : ""}`;
}
