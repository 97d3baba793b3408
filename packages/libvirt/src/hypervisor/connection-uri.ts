import type { LocalHypervisorConnection, SshHypervisorConnection } from "./hypervisor-args.ts";

/** Slashes and `$` are kept, so that paths stay readable in a review. */
function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`${name}=${encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%24", "$")}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}

/**
 * libvirt's URI for a host. `parallel` is a parameter of Groundplane's build of the provider, which takes it out
 * before libvirt's client sees it.
 */
export function connectionUri(
  address: string,
  connection: SshHypervisorConnection | LocalHypervisorConnection,
  parallel: number,
): string {
  const common = { socket: connection.socket, parallel: String(parallel) };
  if (connection.type === "local") return `qemu:///system${query(common)}`;
  const host = address.includes(":") ? `[${address}]` : address;
  const port = connection.port === undefined || connection.port === 22 ? "" : `:${connection.port}`;
  const hostKeys =
    "knownHostsFile" in connection ? { knownhosts: connection.knownHostsFile } : { no_verify: "1" };
  const parameters = { keyfile: connection.privateKeyFile, ...hostKeys, sshauth: "privkey", ...common };
  return `qemu+ssh://${encodeURIComponent(connection.user)}@${host}${port}/system${query(parameters)}`;
}
