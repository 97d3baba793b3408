import { parseInventory } from "./inventory.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import type { Placement } from "./placement-problem.ts";

const GiB = 1024;

/**
 * The document gives memory and disk of each host, and of its processors only "lower", "medium", "high" and "~100+"
 * for all: these threads are assumed, so that they are 100 together. It sets nothing aside for hosts: that is our default.
 */
const HOSTS = [
  { name: "r420", address: "10.220.1.7", gib: 32, diskGiB: 836, vcpus: 12, labels: ["always-on"] },
  { name: "r8202", address: "10.220.1.8", gib: 64, diskGiB: 851, vcpus: 16, labels: [] },
  { name: "r710", address: "10.220.1.9", gib: 64, diskGiB: 852, vcpus: 16, labels: [] },
  { name: "r720xd", address: "10.220.1.10", gib: 128, diskGiB: 852, vcpus: 24, labels: ["storage-rich"] },
  { name: "r820", address: "10.220.1.11", gib: 128, diskGiB: 851, vcpus: 32, labels: ["heavy-compute"] },
] as const;

/** By host, as in the document's table. */
const MACHINES = [
  { name: "athena", host: "r420", gib: 8, role: "PM, Orchestration", last: 50 },
  { name: "apollo", host: "r710", gib: 16, role: "Development", last: 51 },
  { name: "artemis", host: "r710", gib: 16, role: "Development", last: 52 },
  { name: "hermes", host: "r8202", gib: 16, role: "Development", last: 53 },
  { name: "perseus", host: "r720xd", gib: 16, role: "Development", last: 54 },
  { name: "prometheus", host: "r820", gib: 16, role: "Development", last: 55 },
  { name: "ares", host: "r820", gib: 16, role: "Development", last: 56 },
  { name: "poseidon", host: "r820", gib: 16, role: "Development", last: 57 },
] as const;

/** The placement of the document's table. */
export const REFERENCE_PLACEMENT: Placement = Object.fromEntries(
  MACHINES.map(({ name, host }) => [name, host]),
);

/**
 * The fleet of the architecture document that Groundplane was written for: five hosts, eight machines. Here to try the
 * planner on, and to compare the document's figures with.
 *
 * @param options.pinned Each machine is pinned to its host of the document's table. @default false
 */
export function referenceFleet({ pinned = false }: { readonly pinned?: boolean } = {}): FleetInventory {
  return parseInventory({
    network: {
      cidr: "10.220.1.0/24",
      gateway: "10.220.1.1",
      nameservers: ["8.8.8.8", "8.8.4.4"],
      addresses: { from: "10.220.1.50", to: "10.220.1.99" },
    },
    hosts: HOSTS.map(({ name, address, gib, diskGiB, vcpus, labels }) => ({
      ...{ name, address, vcpus, labels: [...labels], memoryMiB: gib * GiB },
      pools: [{ sizeGiB: diskGiB }],
    })),
    machines: MACHINES.map(({ name, host, gib, role, last }) => ({
      ...{ name, role, diskGiB: 250, size: { memoryMiB: gib * GiB, vcpus: 4 } },
      address: `10.220.1.${last}`,
      ...(pinned ? { pin: host } : {}),
      prefers: name === "athena" ? ["always-on"] : [],
    })),
  });
}
