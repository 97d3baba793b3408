import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ansibleInventory, type InventoryExport, prometheusTargets, sshConfig } from "@groundplane/libvirt";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);

const INVENTORY: InventoryExport = {
  schema: "groundplane.dev/fleet-inventory/v1",
  name: "rack",
  network: { cidr: "10.220.1.0/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] },
  hosts: [{ name: "r420", address: "10.220.1.7", labels: ["always-on"] }],
  machines: [
    {
      ...{ name: "athena", host: "r420", address: "10.220.1.50", macAddress: "52:54:00:00:00:01" },
      ...{
        memoryMiB: 8192,
        vcpus: 4,
        diskGiB: 250,
        role: "PM, Orchestration",
        team: "product",
        user: "agent",
      },
    },
  ],
  services: [{ name: "mattermost", host: "r420", address: "10.220.1.7", port: 8065 }],
};

/** Whether a program is there. */
async function has(program: string, ...args: readonly string[]): Promise<boolean> {
  return run(program, [...args]).then(
    () => true,
    () => false,
  );
}

const [ansible, promtool, ssh] = await Promise.all([
  has("ansible-inventory", "--version"),
  has("promtool", "--version"),
  // It answers with an error to nothing but an unknown option.
  has("ssh", "-V"),
]);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inventory-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test("ansible-inventory reads the machines with their variables, and every group", async ({ skip }) => {
  skip(!ansible, "ansible-inventory is not installed");
  const path = await file("inventory.json", JSON.stringify(ansibleInventory(INVENTORY)));
  const env = { ...process.env, ANSIBLE_INVENTORY_UNPARSED_FAILED: "1", ANSIBLE_INVENTORY_ENABLED: "yaml" };
  const { stdout, stderr } = await run("ansible-inventory", ["--inventory", path, "--list"], { env });
  const read = JSON.parse(stdout);
  expect(stderr).not.toMatch(/warning/i);
  expect(read._meta.hostvars.athena).toMatchObject({
    ansible_host: "10.220.1.50",
    ansible_user: "agent",
    vcpus: 4,
  });
  expect(read.all.children).toEqual(
    expect.arrayContaining(["agents", "hypervisors", "on_r420", "role_pm_orchestration", "team_product"]),
  );
  expect(read.role_pm_orchestration).toEqual({ hosts: ["athena"] });
});

test("promtool takes the targets as a file of file_sd_configs", async ({ skip }) => {
  skip(!promtool, "promtool is not installed");
  const targets = await file("targets.json", JSON.stringify(prometheusTargets(INVENTORY)));
  const config = await file(
    "prometheus.yml",
    `scrape_configs:\n  - job_name: rack\n    file_sd_configs:\n      - files: ["${targets}"]\n`,
  );
  const { stdout } = await run("promtool", ["check", "config", config]);
  expect(stdout).toContain("SUCCESS");
  const { stdout: found } = await run("promtool", [
    "check",
    "service-discovery",
    "--timeout=2s",
    config,
    "rack",
  ]);
  expect(JSON.parse(found)).toHaveLength(3);
});

test("ssh reads the configuration, and checks host keys", async ({ skip }) => {
  skip(!ssh, "ssh is not installed");
  const path = await file("ssh_config", sshConfig(INVENTORY, { knownHostsFile: "~/.ssh/rack_known_hosts" }));
  const { stdout } = await run("ssh", ["-F", path, "-G", "athena"]);
  const lines = stdout.split("\n");
  for (const line of ["hostname 10.220.1.50", "user agent"]) expect(lines).toContain(line);
  expect(lines.some((line) => /^stricthostkeychecking (true|yes)$/.test(line))).toBe(true);
});
