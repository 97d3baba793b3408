import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { testHost } from "../host.fixture.ts";
import { Provider } from "../resources/provider.ts";
import { INVENTORY } from "./fleet.fixture.ts";
import { Fleet } from "./fleet.ts";
import type { FleetArgs } from "./fleet-args.ts";

/** Hypervisors by their bridge: they have providers, which a fixture cannot make. */
type Args = Omit<FleetArgs, "hypervisors"> & { readonly hypervisors: Readonly<Record<string, string>> };

const sha256 = "a".repeat(64);
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2VLHToZxOngfcnHXSW3lC6ILJFTcfYV7aZTAE76zIE jeff";
const administration = { user: "deploy", authorizedKeys: [key], privateKey: "no key" };
const agent = {
  admins: { jeff: key },
  node: { version: "22.21.1", sha256 },
  openclaw: { version: "2026.1.30" },
};
const image = { url: "https://images.example/jammy.img", sha256 };
const base: Args = {
  inventory: INVENTORY,
  placement: { athena: "big", apollo: "small" },
  hypervisors: { big: "br0", small: "br0" },
  image,
  administration,
  workstations: ["10.0.0.240/28"],
};
const refused = { refused: "INVALID_ARGUMENT" };
const [athena, ...others] = INVENTORY.machines;
if (athena === undefined) throw new TypeError("the inventory has no machines");

function hypervisors(bridges: Args["hypervisors"]): FleetArgs["hypervisors"] {
  const addresses = new Map(INVENTORY.hosts.map(({ name, address }) => [name, address]));
  return Object.fromEntries(
    Object.entries(bridges).map(([name, bridge]) => {
      const address = addresses.get(name) ?? "";
      const provider = new Provider(name, { uri: `qemu+ssh://ops@${address}/system` });
      return [name, testHost({ name, address, provider, network: { bridge } })];
    }),
  );
}

/** The table of docs/fleet.md. */
export const argumentEffects: ArgumentEffects<Args> = {
  base,
  full: { ...base, agent },
  create: (args, options) =>
    new Fleet("unit", { ...args, hypervisors: hypervisors(args.hypervisors) }, options),
  compute: ({ type }) => (type === "groundplane-machine:index:Setup" ? { hostKey: "ssh-ed25519 AAAA" } : {}),
  computedExamples: true,
  ownNames: ["apollo", "athena"],
  changes: {
    inventory: [
      {
        to: { ...INVENTORY, machines: [{ ...athena, size: "heavy" }, ...others] },
        effect: { replaces: ["athena-domain"] },
      },
      {
        to: { ...INVENTORY, machines: [{ ...athena, diskGiB: 40 }, ...others] },
        effect: { updates: ["athena-hosts"], replaces: ["athena-root"] },
      },
      { to: { ...INVENTORY, machines: [{ ...athena, role: "Lead" }, ...others] }, effect: {} },
      {
        to: { ...INVENTORY, machines: [{ ...athena, address: "10.0.0.60" }, ...others] },
        effect: { updates: ["apollo-hosts"], replaces: ["athena-cloud-init", "athena-hosts"] },
      },
      {
        to: { ...INVENTORY, machines: [athena] },
        effect: {
          deletes: [
            "apollo-cloud-init",
            "apollo-domain",
            "apollo-hosts",
            "apollo-root",
            "small-fetch",
            "small-volume",
          ],
          updates: ["athena-hosts"],
        },
      },
      { to: { ...INVENTORY, hosts: [] }, effect: { refused: "CONFIG_INVALID" } },
    ],
    phase: {
      to: 3,
      effect: {
        updates: ["apollo-hosts", "athena-hosts"],
        creates: ["nike-cloud-init", "nike-domain", "nike-hosts", "nike-root"],
      },
    },
    placement: [
      {
        to: { athena: "small", apollo: "small" },
        effect: {
          updates: ["athena-hosts"],
          replaces: ["athena-root"],
          deletes: ["big-fetch", "big-volume"],
        },
      },
      { to: { athena: "gone" }, effect: { refused: "NO_PLACEMENT" } },
    ],
    servicePorts: { to: { mattermost: 8065 }, effect: {} },
    hypervisors: [
      { to: { big: "br1", small: "br0" }, effect: { replaces: ["athena-domain"] } },
      { to: { big: "br0" }, effect: refused },
    ],
    image: {
      to: { ...image, sha256: "b".repeat(64) },
      effect: { updates: ["big-fetch", "small-fetch"], replaces: ["big-volume", "small-volume"] },
    },
    administration: {
      to: { ...administration, user: "ops" },
      effect: {
        replaces: ["apollo-cloud-init", "athena-cloud-init"],
        updates: ["apollo-hosts", "athena-hosts"],
      },
    },
    agent: {
      to: agent,
      effect: {
        creates: [
          "apollo-agent",
          "apollo-firewall",
          "apollo-packages",
          "apollo-users",
          "athena-agent",
          "athena-firewall",
          "athena-packages",
          "athena-users",
        ],
      },
    },
    inference: { to: { name: "ollama", address: "10.0.0.20" }, effect: {} },
    workstations: [
      { to: ["10.0.0.128/25"], effect: {} },
      { to: ["10.0.0.0/33"], effect: refused },
    ],
    mattermost: [
      { to: "small", effect: {} },
      { to: "gone", effect: refused },
    ],
    domain: {
      to: "rack.example",
      effect: {
        replaces: ["apollo-cloud-init", "athena-cloud-init"],
        updates: ["apollo-hosts", "athena-hosts"],
      },
    },
    protected: { to: true, effect: { updates: ["apollo-domain", "athena-domain"] } },
    // Mattermost's host is the other one.
    hypervisorFirewall: { to: true, effect: { creates: ["small-host-firewall"] } },
    backup: {
      to: { schedule: "daily", keep: 7 },
      effect: {
        creates: ["apollo-backup-setup", "athena-backup-setup"],
        updates: ["apollo-domain", "athena-domain"],
      },
    },
  },
};
