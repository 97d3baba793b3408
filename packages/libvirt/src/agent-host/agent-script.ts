import { invalidArgument } from "@groundplane/contracts";
import type { MachineScripts } from "../firewall/firewall-script.ts";
import { LINKS } from "../machine-script/linked-program.ts";
import { registryOption } from "../machine-script/npm-registry.ts";
import { startUnit, stopUnit, unitRuns } from "../machine-script/systemd-unit.ts";

export interface AgentScriptOptions {
  readonly name: string;
  readonly user: string;
  readonly home: string;
  readonly openclawVersion: string;
  readonly npmRegistry?: string | undefined;
}

/**
 * Shell that installs OpenClaw in one version, and keeps its service running with the files that are there.
 *
 * @throws {INVALID_ARGUMENT} the version is not an exact one
 */
export function agentScripts(options: AgentScriptOptions): MachineScripts {
  const { name, user, home, openclawVersion, npmRegistry } = options;
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(openclawVersion))
    throw invalidArgument(
      `the version of openclaw is "${openclawVersion}"; give an exact one, such as 2026.1.30`,
      {
        version: openclawVersion,
      },
    );
  const folder = `/opt/openclaw/${openclawVersion}`;
  const own = `${home}/.openclaw`;
  const unit = `openclaw-${name}.service`;
  const setup = `set -eu
${LINKS}
install -d -m 0700 -o ${user} -g ${user} ${own} ${own}/logs
if [ ! -e ${folder}/done ]; then
  [ -e /opt/openclaw ] || : >"$GROUNDPLANE_STATE/folder-made"
  rm -rf ${folder}
  mkdir -p ${folder}
  HOME="$GROUNDPLANE_STATE" npm install --global --prefix ${folder} --no-audit --no-fund ${registryOption(npmRegistry)}--cache "$GROUNDPLANE_STATE/npm" openclaw@${openclawVersion}
  rm -rf "$GROUNDPLANE_STATE/npm" "$GROUNDPLANE_STATE/.npm"
  : >${folder}/done
fi
link ${folder}/bin/openclaw openclaw
for other in /opt/openclaw/*; do
  [ "$other" = ${folder} ] || rm -rf "$other"
done
if [ ! -s ${own}/dashboard.env ]; then
  (umask 077; echo "OPENCLAW_GATEWAY_TOKEN=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \\n')" >${own}/dashboard.env.new)
  mv -f ${own}/dashboard.env.new ${own}/dashboard.env
fi
chown ${user}:${user} ${own}/dashboard.env
${startUnit(unit)}`;
  const reset = `set -eu
${LINKS}
${stopUnit(unit)}
unlink_all
rm -rf ${own}/logs ${own}/dashboard.env
if [ -e "$GROUNDPLANE_STATE/folder-made" ]; then rm -rf /opt/openclaw; else rm -rf ${folder}; fi
`;
  const check = `set -eu
[ "$(readlink /usr/local/bin/openclaw)" = ${folder}/bin/openclaw ] || { echo "openclaw is another version"; exit 1; }
[ "$(stat -c '%a %U' ${own}/.env)" = "600 ${user}" ] || { echo "${own}/.env can be read by others"; exit 1; }
${unitRuns(unit)}`;
  return { setup, reset, check };
}
