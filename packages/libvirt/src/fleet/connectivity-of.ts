import { invalidArgument } from "@groundplane/contracts";
import { type Connectivity, parseConnectivity } from "../connectivity/connectivity.ts";
import { fleetConnectivity } from "../connectivity/fleet-connectivity.ts";
import type { FleetArgs } from "./fleet-args.ts";
import type { FleetPlan } from "./fleet-plan.ts";
import { mattermostHost } from "./mattermost-host.ts";

/**
 * The connectivity matrix of a planned fleet.
 *
 * @param guarded Addresses of hosts on which somebody sets the matrix's firewall up.
 * @throws {INVALID_ARGUMENT} a network of the workstations is none, Mattermost is said to be on a host that is not there, or
 * the inference server has the address of a host or machine.
 */
export function connectivityOf(
  { inventory: { network, hosts }, machines }: FleetPlan,
  {
    workstations,
    mattermost,
    inference,
    agent,
  }: Pick<FleetArgs, "workstations" | "mattermost" | "inference" | "agent">,
  guarded: readonly string[] = [],
): Connectivity {
  const endpoint = ({ name, address }: { readonly name: string; readonly address: string }) => ({
    name,
    address,
  });
  const on = mattermostHost(hosts, mattermost);
  const owner = [...hosts, ...machines].find(({ address }) => address === inference?.address);
  if (inference !== undefined && owner !== undefined) {
    throw invalidArgument(
      `inference has the address ${inference.address}, which is ${owner.name}'s; give it another one, and put that into network.reserved of the inventory`,
      { argument: "inference", address: inference.address, owner: owner.name },
    );
  }
  const matrix = fleetConnectivity({
    network: network.cidr,
    agents: machines.map(endpoint),
    hypervisors: hosts.map(endpoint),
    workstations,
    ...(on === undefined ? {} : { mattermost: endpoint(on) }),
    ...(inference === undefined ? {} : { inference }),
  });
  // On machines it is the agent that sets them up.
  const unguarded = [...hosts, ...(agent === undefined ? machines : [])]
    .map(({ address }) => address)
    .filter((address) => !guarded.includes(address));
  return parseConnectivity({ ...matrix, unguarded });
}
