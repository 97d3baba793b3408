import type { PreflightHost } from "@groundplane/libvirt";
import * as pulumi from "@pulumi/pulumi";
import type { FleetConfig } from "./fleet-config.ts";

/** A sandbox has no hosts, so that nothing is read from the files of the machine that deploys. */
const MADE_UP = {
  privateKey: pulumi.secret("made up for the sandbox"),
  hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHNhbmRib3hzYW5kYm94c2FuZGJveHNhbmRib3hz",
};

/** The hypervisors of a config, with every value known. */
export function hypervisorHosts(
  { inventory, access }: Pick<FleetConfig, "inventory" | "access">,
  sandbox: boolean,
): readonly PreflightHost[] {
  const { bridge, domainType, ...connection } = access;
  return inventory.hosts.map(({ name, address, memoryMiB, vcpus, vcpuOvercommit, reserve, pools }) => ({
    name,
    address,
    connection: { type: "ssh", ...connection, ...(sandbox ? { setup: MADE_UP } : {}) },
    capacity: { memoryMiB, vcpus, vcpuOvercommit, reserve },
    pools: Object.fromEntries(
      pools.map((pool) => [pool.name, { existing: pool.name, sizeGiB: pool.sizeGiB }]),
    ),
    network: { bridge },
    domainType,
  }));
}
