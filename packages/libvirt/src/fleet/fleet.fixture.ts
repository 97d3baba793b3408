import type { FleetInventoryInput } from "@groundplane/placement";

/** Two hosts, two machines, and a third in phase 3. */
export const INVENTORY: FleetInventoryInput = {
  network: {
    cidr: "10.0.0.0/24",
    gateway: "10.0.0.1",
    nameservers: ["8.8.8.8"],
    addresses: { from: "10.0.0.50", to: "10.0.0.99" },
  },
  hosts: [
    {
      ...{ name: "big", address: "10.0.0.2", memoryMiB: 65_536, vcpus: 16 },
      pools: [{ name: "default", sizeGiB: 500 }],
      used: [{ name: "mattermost", memoryMiB: 2048 }],
    },
    {
      ...{ name: "small", address: "10.0.0.3", memoryMiB: 32_768, vcpus: 8 },
      pools: [{ name: "default", sizeGiB: 200 }],
    },
  ],
  machines: [
    { name: "athena", size: "light", diskGiB: 20, role: "PM", address: "10.0.0.50" },
    { name: "apollo", size: "medium", diskGiB: 20, role: "Development", address: "10.0.0.51" },
    { name: "nike", size: "medium", diskGiB: 20, role: "Test", address: "10.0.0.52", team: "qa", phase: 3 },
  ],
};
