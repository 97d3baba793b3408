import type { hostEntries } from "../fleet-inventory/fleet-inventory.ts";

/** `/etc/hosts` as Debian and Ubuntu begin it, and then every host and machine of the fleet. */
export function hostsFile(machine: string, entries: ReturnType<typeof hostEntries>): string {
  const others = entries.filter(({ names }) => !names.includes(machine));
  const lines = [
    ["127.0.0.1", "localhost"],
    ["127.0.1.1", machine],
    ["::1", "localhost", "ip6-localhost", "ip6-loopback"],
    ["ff02::1", "ip6-allnodes"],
    ["ff02::2", "ip6-allrouters"],
    ...others.map(({ address, names }) => [address, ...names]),
  ];
  return `${lines.map((words) => words.join(" ")).join("\n")}\n`;
}
