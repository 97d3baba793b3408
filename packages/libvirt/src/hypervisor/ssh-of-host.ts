import { readFileSync } from "node:fs";
import { invalidArgument } from "@groundplane/contracts";
import type { MachineConnection } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import type { SshHypervisorConnection } from "./hypervisor-args.ts";
import { hostKeyOf, knownHostsName } from "./known-hosts.ts";

/** As the provider reads a path of a URI: `$NAME` and `${NAME}` are variables of the environment. */
function expanded(path: string): string {
  return path.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) =>
    String(process.env[braced ?? bare ?? ""] ?? ""),
  );
}

function read(what: string, path: string): string {
  try {
    return readFileSync(expanded(path), "utf8");
  } catch (error) {
    throw invalidArgument(
      `${what} "${path}" cannot be read (${error instanceof Error ? error.message : "unknown"}); give the path of a file that is there, or connection.setup`,
      { argument: what, path },
    );
  }
}

/**
 * What the files of a connection hold for a host; no host key where any is taken.
 *
 * @throws {INVALID_ARGUMENT} a file cannot be read, or `known_hosts` does not have the host.
 */
export function keysOfFiles(
  address: string,
  connection: SshHypervisorConnection,
): { readonly privateKey: string; readonly hostKey: string | undefined } {
  const privateKey = read("connection.privateKeyFile", connection.privateKeyFile);
  if (!("knownHostsFile" in connection)) return { privateKey, hostKey: undefined };
  const { knownHostsFile, port } = connection;
  const hostKey = hostKeyOf(read("connection.knownHostsFile", knownHostsFile), address, port);
  if (hostKey !== undefined) return { privateKey, hostKey };
  throw invalidArgument(
    `connection.knownHostsFile "${knownHostsFile}" has no key of ${knownHostsName(address, port)}; compare the key on the host's own screen (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and add it`,
    { argument: "connection.knownHostsFile", address },
  );
}

/**
 * What `MachineSetup`s on a hypervisor connect with.
 *
 * @throws {INVALID_ARGUMENT} a file cannot be read, or `known_hosts` does not have the host.
 */
export function sshOfHost(address: string, connection: SshHypervisorConnection): MachineConnection {
  const { user, port, setup } = connection;
  const where = { host: address, user, ...(port === undefined ? {} : { port }) };
  if (setup !== undefined) return { ...where, ...setup };
  const { privateKey, hostKey } = keysOfFiles(address, connection);
  const reason = "unverifiedHostKey" in connection ? connection.unverifiedHostKey.reason : "";
  return {
    ...where,
    privateKey: pulumi.secret(privateKey),
    hostKey: hostKey ?? { trustOnFirstUse: { reason } },
  };
}
