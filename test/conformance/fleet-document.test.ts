import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FLEET_FLOWS, planFleet } from "@groundplane/libvirt";
import { parseInventory, referenceFigures } from "@groundplane/placement";
import fleet from "@groundplane/stack-fleet";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

const page = read("docs/fleet.md");
const { config } = parse(read("stacks/fleet/Pulumi.rack.yaml"));
const inventory = parseInventory(config["fleet:inventory"]);
const plan = (phase: 1 | 3) =>
  planFleet("rack", "rack", { inventory, phase, placement: config["fleet:placement"], user: "agent" });

/** Rows of the first table under a heading, each cell as text. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const lines = section.split("\n");
  const first = lines.findIndex((line) => line.startsWith("|"));
  const rows = lines.slice(first).slice(
    0,
    lines.slice(first).findIndex((line) => !line.startsWith("|")),
  );
  return rows.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

// Once more as the document has them (spec/003): neither the page nor the config is the other's measure alone.
const DOCUMENT_HOSTS = [
  ["r420", "10.220.1.7", "32 GB", "836 GB", "Light orchestration"],
  ["r8202", "10.220.1.8", "64 GB", "851 GB", "Dev pool"],
  ["r710", "10.220.1.9", "64 GB", "852 GB", "Dev pool"],
  ["r720xd", "10.220.1.10", "128 GB", "852 GB", "Services + dev"],
  ["r820", "10.220.1.11", "128 GB", "851 GB", "Heavy compute"],
];
const DOCUMENT_MACHINES = [
  ["athena", "r420", "4", "8 GB", "250 GB", "PM, Orchestration", "10.220.1.50"],
  ["apollo", "r710", "4", "16 GB", "250 GB", "Development", "10.220.1.51"],
  ["artemis", "r710", "4", "16 GB", "250 GB", "Development", "10.220.1.52"],
  ["hermes", "r8202", "4", "16 GB", "250 GB", "Development", "10.220.1.53"],
  ["perseus", "r720xd", "4", "16 GB", "250 GB", "Development", "10.220.1.54"],
  ["prometheus", "r820", "4", "16 GB", "250 GB", "Development", "10.220.1.55"],
  ["ares", "r820", "4", "16 GB", "250 GB", "Development", "10.220.1.56"],
  ["poseidon", "r820", "4", "16 GB", "250 GB", "Development", "10.220.1.57"],
];

test("what is off in the stack's config is there as a comment, in a form that the stack takes", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2VLHToZxOngfcnHXSW3lC6ILJFTcfYV7aZTAE76zIE";
  const text = read("stacks/fleet/Pulumi.rack.yaml")
    .replaceAll(/^ {2}# (?=fleet:| {2})/gm, "  ")
    .replaceAll(/(sha256|digest): <[^>]*>/g, `$1: ${"a".repeat(64)}`)
    .replaceAll(/<[^>]*>/g, key);
  const on: Readonly<Record<string, unknown>> = parse(text).config;
  const off = Object.keys(on).filter((name) => !Object.hasOwn(config, name));
  expect(off.sort()).toEqual(
    ["backup", "development", "hostKeys", "hypervisorFirewall", "inference", "npmRegistry"].map(
      (name) => `fleet:${name}`,
    ),
  );
  const values = Object.fromEntries(Object.entries(on).map(([name, to]) => [name.replace("fleet:", ""), to]));
  expect(fleet.config.safeParse(values).error?.issues).toBeUndefined();
});

describe("docs/fleet.md", () => {
  test("has the document's hosts, and so has the stack's config", () => {
    const rows = table("Hosts");
    expect(rows.map(([name, address, memory, disk, , role]) => [name, address, memory, disk, role])).toEqual(
      DOCUMENT_HOSTS,
    );
    expect(
      inventory.hosts.map(({ name, address, memoryMiB, pools, labels }) => [
        ...[name, address, `${memoryMiB / 1024} GB`, `${pools[0]?.sizeGiB} GB`, labels.join(", ")],
      ]),
    ).toEqual(rows.map((row) => row.slice(0, 5)));
  });

  test("has the document's machines, and so has the plan that comes out of the config", () => {
    expect(table("Machines")).toEqual(DOCUMENT_MACHINES);
    expect(
      plan(1).machines.map(({ name, host, vcpus, memoryMiB, diskGiB, role, address }) => [
        ...[name, host, String(vcpus), `${memoryMiB / 1024} GB`, `${diskGiB} GB`, role, address],
      ]),
    ).toEqual(DOCUMENT_MACHINES);
    expect(plan(1).unrecorded).toEqual([]);
  });

  test("has the document's network", () => {
    const { cidr, gateway, nameservers } = inventory.network;
    expect(table("Network")).toEqual([
      ["network", cidr],
      ["gateway", gateway],
      ["DNS", nameservers.join(", ")],
    ]);
    expect([cidr, gateway, nameservers]).toEqual(["10.220.1.0/24", "10.220.1.1", ["8.8.8.8", "8.8.4.4"]]);
  });

  test("has the document's connectivity matrix, and so has the fleet", () => {
    expect(table("Connectivity")).toEqual(
      FLEET_FLOWS.map(({ from, to, protocol, port, purpose }) => [from, to, protocol, String(port), purpose]),
    );
  });

  test("names each of the document's secrets", () => {
    expect(table("Secrets").map(([name]) => name)).toEqual([
      ...[
        "vault_mattermost_postgres_password",
        "vault_mattermost_bot_token",
        "vault_openclaw_anthropic_api_key",
      ],
      ...["vault_openclaw_openai_api_key", "vault_openclaw_google_api_key"],
    ]);
  });

  test("names every figure of the document that does not come out when it is counted, and says how many do", () => {
    const figures = referenceFigures();
    const wrong = figures.filter(({ agrees }) => !agrees);
    expect(table("Where the document's numbers do not add up")).toEqual(
      wrong.map(({ says, sentence }) => [says.replaceAll("|", "/"), sentence]),
    );
    expect(page).toContain(`Eleven of its ${figures.length} figures`);
    expect(figures.length - wrong.length).toBe(11);
  });

  test("phase 3 is the document's eighteen agents in their teams", () => {
    const { machines } = plan(3);
    const team = (name: string) =>
      machines.filter((machine) => machine.team === name).map(({ name: own }) => own);
    expect(team("product")).toEqual(["athena", "demeter", "hestia"]);
    expect(team("development")).toEqual([
      ...["apollo", "artemis", "hermes", "perseus", "prometheus", "ares", "poseidon"],
      ...["dionysus", "hephaestus", "heracles"],
    ]);
    expect(team("qa")).toEqual(["nike", "nemesis", "tyche"]);
    expect(team("devops")).toEqual(["helios", "selene"]);
    expect(machines.length).toBe(18);
    // Nobody who is there moves.
    expect(machines.slice(0, 8)).toEqual(plan(1).machines);
    // "~300GB RAM".
    expect(machines.reduce((sum, { memoryMiB }) => sum + memoryMiB / 1024, 0)).toBe(280);
  });
});
