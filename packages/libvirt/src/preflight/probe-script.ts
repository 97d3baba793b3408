import { shellQuote } from "@groundplane/contracts";
import type { NetworkAttachment } from "../hypervisor/hypervisor-args.ts";

export interface ProbePlan {
  /** By the key that machines use: the name in libvirt, and the folder of one that is made. */
  readonly pools: Readonly<Record<string, { readonly name: string; readonly path?: string }>>;
  readonly network: NetworkAttachment;
  /** The libvirt socket. */
  readonly socket: string;
}

function networkProbe(network: NetworkAttachment): string {
  if ("bridge" in network) {
    const device = shellQuote(`/sys/class/net/${network.bridge}`);
    return `if [ -d ${device}/bridge ]; then say network bridge; elif [ -e ${device} ]; then say network device; else say network missing; fi`;
  }
  const name = "networkName" in network ? network.networkName : network.networkId;
  if (typeof name !== "string") return "say network unknown";
  return `state=$(virsh net-info ${shellQuote(name)} 2>/dev/null | sed -n 's/^Active: *//p')
case $state in yes) say network active ;; no) say network inactive ;; *) say network missing ;; esac`;
}

/**
 * Looks at a host, as the user that the provider connects as, and changes nothing. It writes a line for each fact: a name,
 * a tab and a value.
 */
export function probeScript({ pools, network, socket }: ProbePlan): string {
  const probes = Object.entries(pools).map(
    ([key, { name, path = "" }]) => `pool ${shellQuote(key)} ${shellQuote(name)} ${shellQuote(path)}`,
  );
  return `LC_ALL=C
export LC_ALL
say() { printf '%s\\t%s\\n' "$1" "$2"; }
virsh() { command virsh -q -c qemu:///system "$@"; }
# The file system of a folder, or of the nearest one above that is there: its size and what is free, in KiB.
space() {
  folder=$1
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  df -Pk "$folder" | awk 'NR == 2 { print $2 " " $4 }'
}
pool() {
  state=$(virsh pool-info "$2" 2>/dev/null | sed -n 's/^State: *//p')
  folder=$(virsh pool-dumpxml "$2" 2>/dev/null | sed -n 's:.*<path>\\(.*\\)</path>.*:\\1:p' | head -n 1)
  say "pool/$1" "\${state:-missing} $(space "\${folder:-\${3:-/}}")"
}
say clock "$(date +%s)"
say memory "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)"
say vcpus "$(nproc --all)"
if [ -c /dev/kvm ]; then say kvm yes; elif grep -qwE 'vmx|svm' /proc/cpuinfo; then say kvm unloaded; else say kvm no; fi
if [ ! -S ${shellQuote(socket)} ]; then say libvirt missing
elif ! command -v virsh >/dev/null; then say libvirt no-virsh
elif error=$(virsh version 2>&1 >/dev/null); then say libvirt yes
else say libvirt "refused $(printf %s "$error" | tr '\\n\\t' '  ')"; fi
if virsh capabilities 2>/dev/null | grep -q '<model>apparmor</model>'; then
  if ! command -v apparmor_parser >/dev/null && [ ! -x /usr/sbin/apparmor_parser ]; then say apparmor no-parser
  elif [ ! -e /etc/apparmor.d/libvirt/TEMPLATE.qemu ]; then say apparmor no-template
  else say apparmor yes; fi
else say apparmor no; fi
${networkProbe(network)}
${probes.join("\n")}
say end yes
`;
}
