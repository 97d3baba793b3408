import type { InventoryExport } from "./fleet-inventory.ts";

export const INVENTORY: InventoryExport = {
  schema: "groundplane.dev/fleet-inventory/v1",
  name: "rack",
  network: { cidr: "10.220.1.0/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8", "8.8.4.4"] },
  hosts: [
    { name: "r420", address: "10.220.1.7", labels: ["always-on"] },
    { name: "r720xd", address: "10.220.1.10", labels: ["storage-rich"] },
  ],
  machines: [
    {
      ...{ name: "athena", host: "r420", address: "10.220.1.50", macAddress: "52:54:00:00:00:01" },
      ...{ memoryMiB: 8192, vcpus: 4, diskGiB: 250, role: "PM, Orchestration", user: "agent" },
    },
    {
      ...{ name: "perseus", host: "r720xd", address: "10.220.1.54", macAddress: "52:54:00:00:00:02" },
      ...{
        memoryMiB: 16384,
        vcpus: 4,
        diskGiB: 250,
        role: "Development",
        team: "Development",
        user: "agent",
      },
    },
  ],
  services: [{ name: "mattermost", host: "r720xd", address: "10.220.1.10", port: 8065 }],
};
