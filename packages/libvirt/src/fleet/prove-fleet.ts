import { invalidArgument } from "@groundplane/contracts";
import type { PlainConnection } from "@groundplane/machine";
import { z } from "zod";
import { connectivitySchema } from "../connectivity/connectivity.ts";
import type { ConnectivityReport } from "../connectivity/connectivity-report.ts";
import {
  type NoWay,
  type ProveConnectivityOptions,
  proveConnectivity,
  type WaysIn,
} from "../connectivity/prove-connectivity.ts";
import { type InventoryExport, inventoryExportSchema } from "../fleet-inventory/fleet-inventory.ts";
import type { SshHypervisorConnection } from "../hypervisor/hypervisor-args.ts";
import { hostKeyOf } from "../hypervisor/known-hosts.ts";
import { keysOfFiles } from "../hypervisor/ssh-of-host.ts";

/** What a stack with a fleet exports, as far as a proof of its connectivity needs it. */
export const deployedFleetSchema = z.object({
  inventory: inventoryExportSchema,
  /** Lines of `known_hosts` with the machines' keys. */
  knownHosts: z.string(),
  connectivity: connectivitySchema,
});

export type DeployedFleet = Readonly<z.infer<typeof deployedFleetSchema>>;

/** How hypervisors are logged in to: with a key and known hosts from files. */
export type HostLogin = Pick<SshHypervisorConnection, "user" | "port" | "privateKeyFile"> & {
  readonly knownHostsFile: string;
};

export interface FleetLogin {
  /** In OpenSSH's format, without a passphrase. A secret. */
  readonly privateKey: string;
  /** @default - the inventory's: the one that people log in as */
  readonly user?: string;
  /** @default - nothing is tried from the hypervisors */
  readonly hosts?: HostLogin;
}

function wayToHost(address: string, hosts: HostLogin | undefined): PlainConnection | NoWay {
  if (hosts === undefined) return { noWay: "no way to log in to hypervisors is given" };
  const { user, port } = hosts;
  try {
    const { privateKey, hostKey = "" } = keysOfFiles(address, { type: "ssh", ...hosts });
    return { host: address, user, privateKey, hostKey, ...(port === undefined ? {} : { port }) };
  } catch (error) {
    return { noWay: error instanceof Error ? error.message : String(error) };
  }
}

/** How the machines and hosts of a fleet are logged in to. Keys are not tried yet. */
export function waysIntoFleet(
  {
    inventory,
    knownHosts,
  }: { readonly inventory: Pick<InventoryExport, "hosts" | "machines">; readonly knownHosts: string },
  { privateKey, user: asked, hosts }: FleetLogin,
): WaysIn {
  const machines = inventory.machines.map(({ address, user }) => {
    const hostKey = hostKeyOf(knownHosts, address);
    if (hostKey === undefined) return [address, { noWay: "knownHosts does not have its key" }] as const;
    return [address, { host: address, user: asked ?? user, privateKey, hostKey }] as const;
  });
  const hypervisors = inventory.hosts.map(({ address }) => [address, wayToHost(address, hosts)] as const);
  return Object.fromEntries([...hypervisors, ...machines]);
}

export interface ProveFleetOptions extends Omit<ProveConnectivityOptions, "ways"> {
  readonly login: FleetLogin;
}

/**
 * Proves the connectivity of a fleet that is deployed: `proveConnectivity` with the ways that a stack's outputs give.
 *
 * @param outputs As `deployedFleetSchema` has them; others beside them are not looked at.
 * @throws {INVALID_ARGUMENT} an option is not valid, or the outputs are not those of a fleet.
 */
export async function proveFleet(
  outputs: unknown,
  { login, ...options }: ProveFleetOptions,
): Promise<ConnectivityReport> {
  const fleet = deployedFleetSchema.safeParse(outputs);
  if (!fleet.success) {
    const [issue] = fleet.error.issues;
    throw invalidArgument(
      `the outputs are not those of a fleet: ${issue?.path.join(".")}: ${issue?.message}; deploy the stack once more, so that it exports inventory, knownHosts and connectivity`,
      { argument: "outputs" },
    );
  }
  return proveConnectivity(fleet.data.connectivity, { ...options, ways: waysIntoFleet(fleet.data, login) });
}
