// The examples of docs/hypervisor.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { Hypervisor, Network, Pool, Provider } from "../index.ts";

export function start(): Hypervisor {
  // #region start
  const r820 = new Hypervisor("r820", {
    address: "10.220.1.11",
    connection: {
      type: "ssh",
      user: "ops",
      privateKeyFile: "$HOME/.ssh/rack",
      knownHostsFile: "$HOME/.ssh/known_hosts",
    },
    capacity: { memoryMiB: 128 * 1024, vcpus: 32 },
    pools: { default: { path: "/srv/machines", sizeGiB: 851 } },
    network: { bridge: "br0" },
  });
  // #endregion
  return r820;
}

export function setup(): Hypervisor {
  const config = { requireSecret: (name: string) => pulumi.secret(name) };
  // #region setup
  const r710 = new Hypervisor("r710", {
    address: "10.220.1.9",
    connection: {
      type: "ssh",
      user: "ops",
      privateKeyFile: "/run/keys/rack",
      knownHostsFile: "/run/keys/known_hosts",
      setup: { privateKey: config.requireSecret("rackKey"), hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5" },
    },
    capacity: { memoryMiB: 64 * 1024, vcpus: 16, vcpuOvercommit: 2, reserve: { memoryMiB: 8192, vcpus: 2 } },
    pools: { default: { existing: "default" }, archive: { path: "/srv/archive" } },
    network: { bridge: "br0" },
  });
  // #endregion
  return r710;
}

export function theirs(): Hypervisor {
  // #region theirs
  const provider = new Provider("r420", { uri: "qemu+ssh://ops@10.220.1.7/system?sshauth=agent" });
  const pool = new Pool("images", { name: "images", type: "dir", target: { path: "/srv" } }, { provider });
  const inner = new Network("inner", { name: "inner", addresses: ["10.9.0.0/24"] }, { provider });
  const r420 = new Hypervisor("r420", {
    address: "10.220.1.7",
    provider,
    capacity: { memoryMiB: 32 * 1024, vcpus: 8 },
    pools: { default: { existing: pool.name } },
    network: { networkId: inner.id },
  });
  // #endregion
  return r420;
}
