// The examples of docs/fleet.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { brokenFlows, Fleet, Hypervisor, proveFleet } from "../index.ts";

const setup = { privateKey: "no key", hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5" };

export function first(): Fleet {
  const config = { requireSecret: (name: string) => pulumi.secret(name) };
  const sha256 = "5da0b3d37d02ca6c6760caa4041b4df14e08abc7bc9b2db39133eef8ee145f6d";
  const url =
    "https://cloud-images.ubuntu.com/releases/22.04/release-20240912/ubuntu-22.04-server-cloudimg-amd64.img";
  const r820 = new Hypervisor("r820", {
    address: "10.220.1.11",
    connection: { type: "ssh", user: "ops", privateKeyFile: "rack", knownHostsFile: "known_hosts", setup },
    capacity: { memoryMiB: 128 * 1024, vcpus: 32 },
    pools: { default: { existing: "default", sizeGiB: 851 } },
    network: { bridge: "br0" },
  });
  // #region first
  const fleet = new Fleet("rack", {
    inventory: {
      network: {
        cidr: "10.220.1.0/24",
        gateway: "10.220.1.1",
        nameservers: ["8.8.8.8"],
        addresses: { from: "10.220.1.50", to: "10.220.1.99" },
      },
      hosts: [
        {
          name: "r820",
          address: "10.220.1.11",
          memoryMiB: 128 * 1024,
          vcpus: 32,
          pools: [{ name: "default", sizeGiB: 851 }],
        },
      ],
      machines: [
        { name: "athena", size: "light", diskGiB: 250, role: "PM" },
        { name: "apollo", size: "medium", diskGiB: 250, role: "Development" },
      ],
    },
    placement: { athena: "r820", apollo: "r820" },
    hypervisors: { r820 },
    image: { url, sha256 },
    administration: {
      user: "deploy",
      authorizedKeys: [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICOIrhL80DcRPrWXtu2WH5lacVVxq66MseQCezn7VcAm deploy",
      ],
      privateKey: config.requireSecret("deployKey"),
    },
    workstations: ["10.220.1.240/28"],
  });
  // #endregion
  return fleet;
}

export function prove(): Fleet {
  // #region prove
  async function report(outputs: unknown, privateKey: string): Promise<readonly string[]> {
    const proven = await proveFleet(outputs, { login: { privateKey } });
    return [proven.summary, ...brokenFlows(proven).map(({ message }) => message)];
  }
  // #endregion
  void report;
  return first();
}
