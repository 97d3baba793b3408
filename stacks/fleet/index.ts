import {
  ansibleInventory,
  ansibleInventorySchema,
  connectivitySchema,
  Fleet,
  Hypervisor,
  inventoryExportSchema,
  MATTERMOST_PORT,
  preflightHypervisors,
  prometheusTargets,
  prometheusTargetsSchema,
  sshConfig,
  withProbes,
} from "@groundplane/libvirt";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";
import { connectivityCheck } from "./connectivity-check.ts";
import { fleetConfig } from "./fleet-config.ts";
import { fleetSecrets } from "./fleet-secrets.ts";
import { hypervisorHosts } from "./hypervisors.ts";
import { inferenceServer, modelsOf } from "./models.ts";

/** User of cloud-init's that the machines are set up as. People log in as "agent", with keys of their own. */
const USER = "deploy";

const firewallSchema = z.record(
  z.string(),
  z.array(z.object({ purpose: z.string(), from: z.string(), port: z.int() })),
);

/** The virtual employees' machines on their hypervisors. */
export default defineStack({
  name: "fleet",
  config: fleetConfig,
  outputs: z.object({
    inventory: inventoryExportSchema,
    /** Write it to a file that ends in `.json`: `ansible-inventory --inventory` reads it. */
    ansible: ansibleInventorySchema,
    sshConfig: z.string(),
    /** For `UserKnownHostsFile`. */
    knownHosts: z.string(),
    prometheusTargets: prometheusTargetsSchema,
    /** Who may connect to whom: what `groundplane fleet check` proves. */
    connectivity: connectivitySchema,
    /** By host or machine: what its firewall lets in. */
    firewall: firewallSchema,
    /** Machines that the record does not name. */
    unrecorded: z.array(z.string()),
  }),
  preflight: ({ config, signal }) => preflightHypervisors(hypervisorHosts(config, false), { signal }),
  program: ({ config, sandbox }) => {
    const secret = fleetSecrets(config, sandbox);
    const hypervisors = Object.fromEntries(
      hypervisorHosts(config, sandbox).map(({ name, ...args }) => [name, new Hypervisor(name, args)]),
    );
    const fleet = new Fleet("rack", {
      inventory: config.inventory,
      phase: config.phase,
      placement: config.placement,
      hypervisors,
      image: config.image,
      administration: {
        user: USER,
        authorizedKeys: [config.deployKey],
        privateKey: secret("fleet-deploy-key"),
        hostKeys: config.hostKeys,
      },
      agent: {
        admins: config.admins,
        node: config.node,
        openclaw: { version: config.openclaw },
        ...(config.npmRegistry === undefined ? {} : { npmRegistry: config.npmRegistry }),
        ...(config.development === undefined ? {} : { development: config.development }),
        secrets: {
          ANTHROPIC_API_KEY: secret("anthropic-api-key"),
          OPENAI_API_KEY: secret("openai-api-key"),
          GOOGLE_API_KEY: secret("google-api-key"),
          MATTERMOST_BOT_TOKEN: secret("mattermost-bot-token"),
        },
        ...modelsOf(config),
      },
      ...(config.inference === undefined
        ? {}
        : { inference: { name: config.inference.name, address: config.inference.address } }),
      workstations: config.workstations,
      servicePorts: { mattermost: MATTERMOST_PORT },
      protected: config.protected,
      hypervisorFirewall: config.hypervisorFirewall,
      ...(config.backup === undefined ? {} : { backup: config.backup }),
      ...(config.domain === undefined ? {} : { domain: config.domain }),
    });
    inferenceServer(config, fleet.connectivity, secret("fleet-deploy-key"));
    return {
      inventory: fleet.inventory,
      ansible: ansibleInventory(fleet.inventory),
      sshConfig: sshConfig(fleet.inventory, { hostUser: config.access.user }),
      knownHosts: fleet.knownHosts,
      prometheusTargets: prometheusTargets(fleet.inventory),
      connectivity: withProbes(
        fleet.connectivity,
        Object.fromEntries(
          Object.entries(config.probes).map(([name, address]) => [name, { name: address, address }]),
        ),
      ),
      firewall: fleet.firewall,
      unrecorded: fleet.unrecorded,
    };
  },
  checks: [
    {
      name: "every machine is on a host, under an address of its own",
      check: ({ outputs }) => {
        const { machines, hosts } = inventoryExportSchema.parse(outputs["inventory"]);
        const addresses = [...machines, ...hosts].map(({ address }) => address);
        const twice = addresses.filter((address, at) => addresses.indexOf(address) !== at);
        if (twice.length > 0) throw new TypeError(`addresses that two have: ${twice.join(", ")}`);
      },
    },
    connectivityCheck(USER),
  ],
});
