import { invalidArgument } from "@groundplane/contracts";
import { MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { AgentHost } from "../agent-host/agent-host.ts";
import { BaseImage } from "../base-image/base-image.ts";
import { checkComponentName } from "../component-name.ts";
import type { Connectivity } from "../connectivity/connectivity.ts";
import { firewallRules, type IngressRule } from "../connectivity/firewall-rules.ts";
import { MATTERMOST_PORT } from "../connectivity/fleet-connectivity.ts";
import { hostEntries, type InventoryExport } from "../fleet-inventory/fleet-inventory.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import { VirtualMachine } from "../virtual-machine/virtual-machine.ts";
import { connectivityOf } from "./connectivity-of.ts";
import type { FleetArgs } from "./fleet-args.ts";
import { type FleetPlan, type PlannedMachine, planFleet } from "./fleet-plan.ts";
import { guardedHosts, hostFirewall } from "./host-firewall.ts";
import { hostsFile } from "./hosts-file.ts";

/** The resources of a `Fleet`. */
export interface FleetNodes {
  /** By host and pool: `r820/default`. */
  readonly images: Readonly<Record<string, BaseImage>>;
  /** By name. */
  readonly machines: Readonly<Record<string, VirtualMachine>>;
  /** What wrote `/etc/hosts`, by machine. */
  readonly hosts: Readonly<Record<string, MachineSetup>>;
  /** By machine; empty without `agent`. */
  readonly agents: Readonly<Record<string, AgentHost>>;
  /** By host; empty without `hypervisorFirewall`. */
  readonly hostFirewalls: Readonly<Record<string, MachineSetup>>;
}

/**
 * Machines on several hypervisors: placed, addressed, known to each other by name, each with a firewall's rules made from
 * one matrix.
 *
 * Creates an image for each host and pool that machines are on (`${name}-${host}`), and for each machine a
 * `VirtualMachine` under the machine's own name, which is its host name, `${machine}-hosts`, and with `agent` an
 * `AgentHost`, under that name too. With `hypervisorFirewall` also `${host}-host-firewall`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {CONFIG_INVALID} the inventory is not in order.
 * @throws {NO_PLACEMENT} the machines do not fit on the hosts.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Fleet extends pulumi.ComponentResource {
  /** Every host, machine and service, without a secret. */
  readonly inventory: InventoryExport;
  /** Machines that the record does not name; the planner chose their host. */
  readonly unrecorded: readonly string[];
  /** Machines to which the inventory gives no address. */
  readonly unaddressed: readonly string[];
  readonly connectivity: Connectivity;
  /** By host or machine: what its firewall has to let in. */
  readonly firewall: Readonly<Record<string, readonly IngressRule[]>>;
  /** Lines of `known_hosts`, one for each machine. */
  readonly knownHosts: pulumi.Output<string>;
  readonly nodes: FleetNodes;

  constructor(name: string, args: FleetArgs, options: pulumi.ComponentResourceOptions = {}) {
    checkComponentName(name);
    const user = args.agent === undefined ? args.administration.user : (args.agent.user ?? "agent");
    const plan = planFleet(name, pulumi.getStack(), { ...args, user });
    const hypervisors = hypervisorsOf(plan.machines, args);
    refuseUnknownKeys(args);
    const guarded = guardedHosts(plan, args);
    const connectivity = connectivityOf(
      plan,
      args,
      guarded.map(({ address }) => address),
    );
    const firewalls = guarded.map(({ name: host, address, connection }) => ({
      host,
      setup: { connection, ...hostFirewall(connection, firewallRules(connectivity, address)) },
    }));
    super("groundplane:libvirt:Fleet", name, {}, options);

    const images = this.#images(name, plan.machines, hypervisors, args);
    const machines = Object.fromEntries(
      plan.machines.map((machine) => [
        machine.name,
        this.#machine(machine, { plan, args, hypervisors, images }),
      ]),
    );
    const entries = hostEntries(plan.exported, args.domain);
    const hosts = Object.fromEntries(
      Object.entries(machines).map(([machine, made]) => [
        machine,
        new MachineSetup(
          `${machine}-hosts`,
          {
            connection: made.connection(administrationOf(machine, args)),
            files: [{ path: "/etc/hosts", content: hostsFile(machine, entries) }],
          },
          { parent: this, dependsOn: [made], deletedWith: made.nodes.root },
        ),
      ]),
    );

    const agents = this.#agents(args, plan, connectivity, { machines, hosts });
    const hostFirewalls = Object.fromEntries(
      firewalls.map(({ host, setup }) => [
        host,
        new MachineSetup(`${host}-host-firewall`, setup, { parent: this }),
      ]),
    );

    this.nodes = { images, machines, hosts, agents, hostFirewalls };
    this.inventory = plan.exported;
    this.unrecorded = plan.unrecorded;
    this.unaddressed = plan.unaddressed;
    this.connectivity = connectivity;
    this.firewall = Object.fromEntries(
      [...plan.exported.hosts, ...plan.exported.machines].map((one) => [
        one.name,
        firewallRules(connectivity, one.address),
      ]),
    );
    this.knownHosts = pulumi
      .all(plan.machines.map(({ name: machine }) => hosts[machine]?.hostKey ?? ""))
      .apply((keys) =>
        plan.machines.map(({ name: machine, address }, at) => `${machine},${address} ${keys[at]}\n`).join(""),
      );
    for (const warning of warningsOf(plan)) pulumi.log.warn(warning, this);
    const { inventory, unrecorded, unaddressed, firewall, knownHosts } = this;
    this.registerOutputs({ inventory, unrecorded, unaddressed, connectivity, firewall, knownHosts });
  }

  #agents(
    { agent, administration }: FleetArgs,
    { machines }: FleetPlan,
    connectivity: Connectivity,
    nodes: Pick<FleetNodes, "machines" | "hosts">,
  ): Readonly<Record<string, AgentHost>> {
    if (agent === undefined) return {};
    const mattermostUrl = agent.mattermostUrl ?? mattermostUrlOf(connectivity);
    return Object.fromEntries(
      machines.map(({ name, address }) => {
        const machine = required(nodes.machines, name);
        const host = new AgentHost(
          name,
          {
            ...agent,
            connection: machine.connection(administrationOf(name, { administration })),
            firewall: firewallRules(connectivity, address),
            ...(mattermostUrl === undefined ? {} : { mattermostUrl }),
          },
          // With its disk all goes that was set up on a machine, which may not even answer then.
          {
            parent: this,
            dependsOn: [machine, required(nodes.hosts, name)],
            deletedWith: machine.nodes.root,
          },
        );
        return [name, host];
      }),
    );
  }

  #images(
    name: string,
    machines: readonly PlannedMachine[],
    hypervisors: Readonly<Record<string, HypervisorRef>>,
    { image }: FleetArgs,
  ): Readonly<Record<string, BaseImage>> {
    const places = new Map(machines.map(({ host, pool }) => [`${host}/${pool}`, { host, pool }]));
    return Object.fromEntries(
      [...places].map(([key, { host, pool }]) => {
        const hypervisor = required(hypervisors, host);
        const own = pool === "default" ? `${name}-${host}` : `${name}-${host}-${pool}`;
        return [key, new BaseImage(own, { hypervisor, pool, image }, { parent: this })];
      }),
    );
  }

  /** Under its own name, which the guest has too. */
  #machine(machine: PlannedMachine, { plan, args, hypervisors, images }: Making): VirtualMachine {
    const { network } = plan.inventory;
    const [, prefix = ""] = network.cidr.split("/");
    const { administration, domain, backup } = args;
    return new VirtualMachine(
      machine.name,
      {
        hypervisor: required(hypervisors, machine.host),
        pool: machine.pool,
        size: { memoryMiB: machine.memoryMiB, vcpus: machine.vcpus },
        diskGiB: machine.diskGiB,
        image: required(images, `${machine.host}/${machine.pool}`),
        address: {
          cidr: `${machine.address}/${prefix}`,
          gateway: network.gateway,
          nameservers: network.nameservers,
          ...(domain === undefined ? {} : { searchDomains: [domain] }),
        },
        macAddress: machine.macAddress,
        users: [{ name: administration.user, authorizedKeys: administration.authorizedKeys, sudo: true }],
        protected: args.protected ?? false,
        ...(backup === undefined ? {} : { backup }),
      },
      { parent: this },
    );
  }
}

interface Making {
  readonly plan: FleetPlan;
  readonly args: FleetArgs;
  readonly hypervisors: Readonly<Record<string, HypervisorRef>>;
  readonly images: Readonly<Record<string, BaseImage>>;
}

function administrationOf(machine: string, { administration }: Pick<FleetArgs, "administration">) {
  const { user, privateKey, hostKeys = {} } = administration;
  const hostKey = hostKeys[machine];
  return { user, privateKey, ...(hostKey === undefined ? {} : { hostKey }) };
}

function mattermostUrlOf({ parties }: Connectivity): string | undefined {
  const party = parties["mattermost"];
  const on = party !== undefined && "machines" in party ? party.machines[0] : undefined;
  return on === undefined ? undefined : `http://${on.address}:${MATTERMOST_PORT}`;
}

/** What may be another one the next time, and what the record has for nobody. */
function warningsOf({ unrecorded, unknown, unaddressed }: FleetPlan): readonly string[] {
  const chosen = (what: string, names: readonly string[]): readonly string[] =>
    names.length === 0
      ? []
      : [
          `the planner chose the ${what} of ${names.join(", ")}, and may choose others the next time: record them with "groundplane fleet plan <environment> --write".`,
        ];
  const strangers =
    unknown.length === 0
      ? []
      : [
          `placement names ${unknown.join(", ")}, and the inventory has no such machine: mend the name, or take the line out.`,
        ];
  return [...chosen("hosts", unrecorded), ...strangers, ...chosen("addresses", unaddressed)];
}

/** @throws {INVALID_ARGUMENT} naming keys of machines that no phase of the inventory has. */
function refuseUnknownKeys({ administration, inventory }: FleetArgs): void {
  const names = new Set(inventory.machines.map(({ name }) => name));
  const unknown = Object.keys(administration.hostKeys ?? {}).filter((name) => !names.has(name));
  if (unknown.length === 0) return;
  throw invalidArgument(
    `administration.hostKeys names ${unknown.join(", ")}, and the inventory has no such machine; take the key out, or mend the name`,
    { argument: "administration.hostKeys", unknown },
  );
}

/** What was made or given for every name that can be asked for. */
function required<Value>(values: Readonly<Record<string, Value>>, key: string): Value {
  const value = values[key];
  if (value !== undefined) return value;
  throw invalidArgument(`there is nothing for "${key}"; there is for ${Object.keys(values).join(", ")}`, {
    key,
  });
}

/** @throws {INVALID_ARGUMENT} naming every host that machines are on and no hypervisor is given for. */
function hypervisorsOf(
  machines: readonly PlannedMachine[],
  { hypervisors }: FleetArgs,
): Readonly<Record<string, HypervisorRef>> {
  const missing = [...new Set(machines.map(({ host }) => host))].filter(
    (host) => hypervisors[host] === undefined,
  );
  if (missing.length === 0) return hypervisors;
  throw invalidArgument(
    `machines are placed on ${missing.join(", ")}, and hypervisors has ${Object.keys(hypervisors).join(", ") || "none"}; give a Hypervisor for each host of the inventory`,
    { missing },
  );
}
