import { invalidArgument } from "@groundplane/contracts";

/** A port that a container publishes, and for whom. */
export interface PublishedPort {
  readonly port: number;
  /** IPv4 networks that may connect. */
  readonly from: readonly string[];
}

export interface PublishedPortsOptions {
  /** Of the chain and the unit: 1 to 20 lower-case letters, digits and dashes. */
  readonly name: string;
  /** Where the script is kept. */
  readonly folder: string;
  readonly ports: readonly PublishedPort[];
}

/** Files and scripts for a `MachineSetup`. */
export interface PlannedSetup {
  readonly files: readonly { readonly path: string; readonly content: string; readonly mode: string }[];
  readonly setup: string;
  readonly reset: string;
  readonly check: string;
}

const IPV4_NETWORK = /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!\/|$)|(?=\/))){4}\/([0-9]|[12]\d|3[0-2])$/;

/**
 * Lets only some networks reach the ports that containers publish. The engine sends what is for them past the INPUT
 * chain, so that ufw never sees it; its own chain for that is DOCKER-USER.
 * https://docs.docker.com/engine/network/packet-filtering-firewalls/
 *
 * @throws {INVALID_ARGUMENT} a name, port or network is not valid, or a port is open to every network.
 */
export function planPublishedPorts(options: PublishedPortsOptions): PlannedSetup {
  check(options);
  const script = `${options.folder}/bin/published-ports`;
  const unit = `${options.name}-published-ports.service`;
  return {
    files: [
      { path: script, content: filterScript(options), mode: "0755" },
      { path: `/etc/systemd/system/${unit}`, content: unitOf(options, script), mode: "0644" },
    ],
    setup: [
      "set -eu",
      'command -v iptables-restore >/dev/null || { echo "iptables is missing here: install it" >&2; exit 1; }',
      "systemctl daemon-reload",
      `systemctl enable ${unit}`,
      `systemctl restart ${unit}`,
      "",
    ].join("\n"),
    reset: ["set -eu", `systemctl disable --now ${unit} || true`, `${script} remove`, ""].join("\n"),
    check: [
      "set -eu",
      `systemctl is-enabled --quiet ${unit} || { echo "${unit} is not enabled" >&2; exit 1; }`,
      `${script} check`,
      "",
    ].join("\n"),
  };
}

function check({ name, ports }: PublishedPortsOptions): void {
  if (!/^[a-z](-?[a-z0-9]){0,19}$/.test(name))
    throw invalidArgument(`name is "${name}"; give 1 to 20 lower-case letters, digits and dashes`, { name });
  for (const { port, from } of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw invalidArgument(`port is ${port}; give 1 to 65535`, { port });
    if (from.length === 0)
      throw invalidArgument(`port ${port} is for no network; name those that may connect`, { port });
    for (const network of from) {
      if (!IPV4_NETWORK.test(network))
        throw invalidArgument(`"${network}" is no IPv4 network; give such as 10.220.1.0/24`, { network });
      if (network.endsWith("/0"))
        throw invalidArgument(`"${network}" is everyone; name the networks that may reach port ${port}`, {
          network,
        });
    }
  }
}

/** The chain is filled in one step, so that no packet meets it half full. */
function filterScript({ name, ports }: PublishedPortsOptions): string {
  const chain = `GP-${name.toUpperCase()}`;
  // Only what the engine sends on to a container: ports of other machines behind this one are not meant.
  const published = (port: number): string =>
    `-p tcp -m conntrack --ctstate DNAT --ctdir ORIGINAL --ctorigdstport ${port}`;
  const rules = ports.flatMap(({ port, from }) => [
    ...from.map((network) => `-A ${chain} ${published(port)} -s ${network} -j RETURN`),
    `-A ${chain} ${published(port)} -j DROP`,
  ]);
  return `#!/bin/sh
# Who may reach the published ports of ${name}. Written by Groundplane.
set -eu
apply() {
  iptables-restore -w --noflush <<'RULES'
*filter
:${chain} - [0:0]
${rules.join("\n")}
COMMIT
RULES
  # The engine makes the chain when it starts, and keeps what is in it.
  iptables -w -N DOCKER-USER 2>/dev/null || true
  iptables -w -C DOCKER-USER -j ${chain} 2>/dev/null || iptables -w -I DOCKER-USER 1 -j ${chain}
}
remove() {
  while iptables -w -D DOCKER-USER -j ${chain} 2>/dev/null; do :; done
  iptables -w -F ${chain} 2>/dev/null || return 0
  iptables -w -X ${chain}
}
check() {
  first=$(iptables -w -S DOCKER-USER 2>/dev/null | grep '^-A' | head -n 1) || true
  [ "$first" = "-A DOCKER-USER -j ${chain}" ] || { echo "DOCKER-USER does not begin with ${chain}" >&2; exit 1; }
  is=$(iptables -w -S ${chain} | grep -c '^-A') || true
  [ "$is" = ${rules.length} ] || { echo "${chain} has $is rules, not ${rules.length}" >&2; exit 1; }
}
case "\${1:-}" in
  apply | remove | check) "$1" ;;
  *) echo "usage: $0 apply|remove|check" >&2; exit 64 ;;
esac
`;
}

function unitOf({ name }: PublishedPortsOptions, script: string): string {
  return `[Unit]
Description=Who may reach the published ports of ${name}
After=network-pre.target ufw.service docker.service
PartOf=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${script} apply
ExecStop=${script} remove

[Install]
WantedBy=multi-user.target docker.service
`;
}
