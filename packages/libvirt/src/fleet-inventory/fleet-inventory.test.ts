import { describe, expect, test } from "vitest";
import { ansibleInventory, ansibleInventorySchema } from "./ansible-inventory.ts";
import { hostEntries, inventoryExportSchema } from "./fleet-inventory.ts";
import { INVENTORY } from "./inventory.fixture.ts";
import { prometheusTargets, prometheusTargetsSchema } from "./prometheus-targets.ts";
import { sshConfig } from "./ssh-config.ts";

test("an inventory with a field that nobody declared is refused: nothing slips into it", () => {
  expect(inventoryExportSchema.parse(INVENTORY)).toEqual(INVENTORY);
  const [machine] = INVENTORY.machines;
  const more = { ...INVENTORY, machines: [{ ...machine, apiKey: "x" }] };
  expect(inventoryExportSchema.safeParse(more).success).toBe(false);
});

test("/etc/hosts has every host and machine, with the domain first", () => {
  expect(hostEntries(INVENTORY)).toContainEqual({ address: "10.220.1.50", names: ["athena"] });
  expect(hostEntries(INVENTORY, "rack.example")).toEqual([
    { address: "10.220.1.7", names: ["r420.rack.example", "r420"] },
    { address: "10.220.1.10", names: ["r720xd.rack.example", "r720xd"] },
    { address: "10.220.1.50", names: ["athena.rack.example", "athena"] },
    { address: "10.220.1.54", names: ["perseus.rack.example", "perseus"] },
  ]);
});

describe("ansibleInventory", () => {
  test("has the variables once, and the names in groups that Ansible takes", () => {
    const { all } = ansibleInventorySchema.parse(ansibleInventory(INVENTORY));
    expect(all.children["agents"]?.hosts["athena"]).toEqual({
      ...{ ansible_host: "10.220.1.50", ansible_user: "agent", hypervisor: "r420" },
      ...{ mac_address: "52:54:00:00:00:01", memory_mib: 8192, vcpus: 4, disk_gib: 250 },
      role: "PM, Orchestration",
    });
    expect(all.children["hypervisors"]?.hosts["r720xd"]).toEqual({
      ansible_host: "10.220.1.10",
      labels: ["storage-rich"],
    });
    const { agents: _agents, hypervisors: _hypervisors, ...groups } = all.children;
    expect(groups).toEqual({
      on_r420: { hosts: { athena: {} } },
      on_r720xd: { hosts: { perseus: {} } },
      role_development: { hosts: { perseus: {} } },
      role_pm_orchestration: { hosts: { athena: {} } },
      team_development: { hosts: { perseus: {} } },
    });
  });
});

describe("sshConfig", () => {
  test("has each machine and host by name, and always checks host keys", () => {
    const text = sshConfig(INVENTORY, {
      identityFile: "~/.ssh/rack",
      knownHostsFile: "~/.ssh/rack.hosts",
      hostUser: "jefcox",
    });
    expect(text.split("\n\n")[0]).toBe(
      [
        "Host athena",
        "  HostName 10.220.1.50",
        "  User agent",
        "  IdentityFile ~/.ssh/rack",
        "  IdentitiesOnly yes",
        "  UserKnownHostsFile ~/.ssh/rack.hosts",
        "  StrictHostKeyChecking yes",
      ].join("\n"),
    );
    expect(text).toContain("Host r720xd\n  HostName 10.220.1.10\n  User jefcox\n");
    expect(text.match(/StrictHostKeyChecking yes/g)?.length).toBe(4);
    expect(sshConfig(INVENTORY)).not.toContain("IdentityFile");
  });

  test.each(["~/.ssh/my key", "a\nHost *", 'a"b', "a#b"])("fails when a path is %j", (identityFile) => {
    expect(() => sshConfig(INVENTORY, { identityFile })).toThrow(/identityFile/);
  });
});

test("Prometheus gets every machine, host and service as a target that can be told apart", () => {
  const targets = prometheusTargetsSchema.parse(prometheusTargets(INVENTORY));
  expect(
    targets.map(({ targets: [target], labels }) => `${target} ${labels["kind"]} ${labels["name"]}`),
  ).toEqual([
    "10.220.1.50:9100 machine athena",
    "10.220.1.54:9100 machine perseus",
    "10.220.1.7:9100 hypervisor r420",
    "10.220.1.10:9100 hypervisor r720xd",
    "10.220.1.10:8065 service mattermost",
  ]);
  expect(targets[1]?.labels).toEqual({
    ...{ fleet: "rack", kind: "machine", name: "perseus" },
    ...{ host: "r720xd", role: "Development", team: "Development" },
  });
});
