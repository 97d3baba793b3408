import { invalidArgument } from "@groundplane/contracts";
import type { MachineConnection } from "@groundplane/machine";
import type { IngressRule } from "../connectivity/firewall-rules.ts";
import { firewallScripts, type MachineScripts } from "../firewall/firewall-script.ts";
import type { FleetArgs } from "./fleet-args.ts";
import type { FleetPlan } from "./fleet-plan.ts";
import { mattermostHost } from "./mattermost-host.ts";

export interface GuardedHost {
  readonly name: string;
  readonly address: string;
  readonly connection: MachineConnection;
}

/**
 * Hosts whose firewall is the fleet's, and how each is reached: not Mattermost's, which has one of its own.
 *
 * @throws {INVALID_ARGUMENT} one of them is not reached over SSH.
 */
export function guardedHosts(
  { inventory: { hosts } }: FleetPlan,
  { hypervisorFirewall = false, hypervisors, mattermost }: FleetArgs,
): readonly GuardedHost[] {
  if (!hypervisorFirewall) return [];
  const chat = mattermostHost(hosts, mattermost);
  return hosts
    .filter(({ name }) => name !== chat?.name && hypervisors[name] !== undefined)
    .map(({ name, address }) => {
      const connection = hypervisors[name]?.ssh;
      if (connection !== undefined) return { name, address, connection };
      throw invalidArgument(
        `hypervisorFirewall is on, and ${name} is not reached over SSH; leave it out, or give its Hypervisor a connection over SSH`,
        { argument: "hypervisorFirewall", host: name },
      );
    });
}

/** @throws {INVALID_ARGUMENT} no row of the matrix lets SSH in at the port by which the host is reached. */
export function hostFirewall(
  { port = 22 }: MachineConnection,
  rules: readonly IngressRule[],
): MachineScripts {
  if (typeof port === "number") return firewallScripts(rules, { sshPort: port, forwarding: true });
  throw invalidArgument("the port of a host's SSH is known only later; give it as a number", {
    argument: "hypervisors",
  });
}
