import { defineRule, isPropertyMap, type ResourceView, type Rule } from "@groundplane/policy";
import { parse } from "yaml";
import { enablesFirewall, openPorts } from "../documents/ufw-lines.ts";
import { isRecord, readUserData, textsOf } from "../documents/user-data.ts";
import { CLOUD_INIT_DISK, MACHINE_SETUP } from "../libvirt-types.ts";
import { textOf } from "../text-of.ts";

/** What shows everything to whoever reaches it. Sources: each program's own documentation of its default port. */
const DASHBOARDS = [
  { port: 18_789, name: "the OpenClaw dashboard" },
  { port: 8065, name: "Mattermost" },
  { port: 11_434, name: "Ollama, which asks nobody who they are" },
] as const;

const NETWORK_CONFIG = 'version: 2\nethernets: { lan0: { addresses: ["10.220.1.50/24"] } }\n';
const userData = (runcmd: string): string => `#cloud-config\nruncmd: ["${runcmd}"]\n`;
const setup = (script: string) => ({
  type: MACHINE_SETUP,
  inputs: {
    connection: {
      host: "10.220.1.50",
      user: "agent",
      privateKey: "set by the tests",
      hostKey: "ssh-ed25519 AAAA",
    },
    setup: script,
  },
});
const disk = (script?: string) => ({
  type: CLOUD_INIT_DISK,
  inputs: {
    name: "athena.iso",
    networkConfig: NETWORK_CONFIG,
    ...(script === undefined ? {} : { userData: userData(script) }),
  },
});

/** Shell that a resource runs on a machine. A secret one cannot be read, and is not evaluated. */
function scriptsOf({ type, props }: ResourceView): readonly string[] {
  const text = textOf(props[type === MACHINE_SETUP ? "setup" : "userData"]) ?? "";
  return type === MACHINE_SETUP ? [text] : (readUserData(text)?.scripts ?? []);
}

/** Without those of other machines, which a machine may ask for names: a firewall of theirs is not its own. */
function withoutNameservers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNameservers);
  if (!isRecord(value)) return value;
  const own = Object.entries(value).filter(([key]) => key !== "nameservers");
  return Object.fromEntries(own.map(([key, inner]) => [key, withoutNameservers(inner)]));
}

/** Addresses that a cloud-init disk gives its machine, without their prefix. */
function addressesOf({ props }: ResourceView): readonly string[] {
  const config: unknown = parse(textOf(props["networkConfig"]) ?? "");
  const ethernets = isRecord(config) ? (config["ethernets"] ?? config) : undefined;
  return textsOf(withoutNameservers(ethernets))
    .filter(({ name }) => name === "addresses")
    .map(({ text }) => text.split("/")[0] ?? "");
}

function hostOf({ props }: ResourceView): unknown {
  const { connection } = props;
  return isPropertyMap(connection) ? connection["host"] : undefined;
}

/** Firewalls of machines. */
export const firewallRules: readonly Rule[] = [
  defineRule({
    id: "vm-firewall",
    title: "A machine's firewall is on",
    severity: "high",
    why: "Without one every service that anybody installs on it is open to the whole network.",
    remedy:
      "Make an AgentHost on the machine, or run `ufw --force enable` in a MachineSetup with its address or in its runcmd. One that another stack sets up takes an exemption.",
    source: "Fleet architecture, Firewall Rules; CIS Controls v8, 4.4",
    appliesTo: "stack",
    reads: [
      { type: CLOUD_INIT_DISK, property: "userData" },
      { type: CLOUD_INIT_DISK, property: "networkConfig" },
      { type: MACHINE_SETUP, property: "setup" },
      { type: MACHINE_SETUP, property: "connection.host" },
    ],
    examples: {
      passing: [
        { ...disk(), beside: [setup("ufw allow from 10.220.1.0/24 to any port 22\nufw --force enable\n")] },
        disk("ufw --force enable"),
      ],
      failing: [disk()],
    },
    check({ resources }, report) {
      const setups = resources.filter(({ type }) => type === MACHINE_SETUP);
      for (const machine of resources.filter(({ type }) => type === CLOUD_INIT_DISK)) {
        const addresses = addressesOf(machine);
        const own = setups.filter((one) => addresses.some((address) => address === hostOf(one)));
        if (![machine, ...own].flatMap(scriptsOf).some(enablesFirewall))
          report(`nothing switches on the firewall of ${addresses.join(", ") || machine.name}`, {
            urn: machine.urn,
          });
      }
    },
  }),
  defineRule({
    id: "vm-dashboards-closed",
    title: "Dashboards are for named networks",
    severity: "high",
    why: "A dashboard that everybody reaches is everybody's.",
    remedy:
      "Name who may come: `ufw allow from 10.220.1.0/24 to any port 18789 proto tcp`; a UfwRule has `from`.",
    source: "Fleet architecture, Connectivity Matrix; CIS Controls v8, 4.4",
    appliesTo: [MACHINE_SETUP, CLOUD_INIT_DISK],
    reads: [
      { type: MACHINE_SETUP, property: "setup" },
      { type: CLOUD_INIT_DISK, property: "userData" },
    ],
    examples: {
      passing: [setup("ufw allow 22/tcp\nufw allow from 10.220.1.0/24 to any port 18789 proto tcp\n")],
      failing: [
        setup("ufw allow 18789/tcp\n"),
        setup("ufw allow from any to any port 8000:9000 proto tcp\n"),
      ],
    },
    check(resource, report) {
      for (const { line, first, last } of scriptsOf(resource).flatMap(openPorts))
        for (const { port, name } of DASHBOARDS)
          if (first <= port && port <= last) report(`"${line}" opens port ${port}, ${name}, to everyone`);
    },
  }),
];
