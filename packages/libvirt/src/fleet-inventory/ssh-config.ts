import { invalidArgument } from "@groundplane/contracts";
import type { InventoryExport } from "./fleet-inventory.ts";

export interface SshConfigOptions {
  /** Path of the private key on the machine that reads the file. @default - what SSH tries by itself */
  readonly identityFile?: string;
  /** Path of the known hosts. @default - SSH's own file */
  readonly knownHostsFile?: string;
  /** User on the hypervisors. @default - the one who calls */
  readonly hostUser?: string;
}

function checkWord(name: string, value: string | undefined): void {
  if (value === undefined || /^[^\s"#]+$/.test(value)) return;
  throw invalidArgument(`${name} is "${value}"; give it without spaces, quotes and #`, {
    argument: name,
    value,
  });
}

/**
 * A file for `ssh -F`, or to `Include` in `~/.ssh/config`: each machine and host by its name. Host keys are always
 * checked.
 *
 * @throws {INVALID_ARGUMENT} a path or user has a character that would end it
 */
export function sshConfig(
  { hosts, machines }: Pick<InventoryExport, "hosts" | "machines">,
  { identityFile, knownHostsFile, hostUser }: SshConfigOptions = {},
): string {
  for (const [name, value] of Object.entries({ identityFile, knownHostsFile, hostUser }))
    checkWord(name, value);
  const entry = (name: string, address: string, user: string | undefined): string =>
    [
      `Host ${name}`,
      `  HostName ${address}`,
      ...(user === undefined ? [] : [`  User ${user}`]),
      ...(identityFile === undefined ? [] : [`  IdentityFile ${identityFile}`, "  IdentitiesOnly yes"]),
      ...(knownHostsFile === undefined ? [] : [`  UserKnownHostsFile ${knownHostsFile}`]),
      "  StrictHostKeyChecking yes",
      "",
    ].join("\n");
  return [
    ...machines.map(({ name, address, user }) => entry(name, address, user)),
    ...hosts.map(({ name, address }) => entry(name, address, hostUser)),
  ].join("\n");
}
