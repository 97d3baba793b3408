import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Hypervisor } from "./hypervisor.ts";
import type { HypervisorArgs, SshHypervisorConnection } from "./hypervisor-args.ts";

const connection: SshHypervisorConnection = {
  type: "ssh",
  user: "ops",
  privateKeyFile: "/run/keys/rack",
  knownHostsFile: "/run/keys/known_hosts",
};

/** Only with `connection`: a provider that is there already is made by the program. */
type Args = Omit<HypervisorArgs, "provider">;

/** The table of docs/hypervisor.md. */
export const argumentEffects: ArgumentEffects<Args> = {
  base: {
    address: "10.220.1.11",
    connection,
    capacity: { memoryMiB: 131_072, vcpus: 32 },
    pools: { default: { path: "/srv/machines" } },
    network: { bridge: "br0" },
  },
  create: (args, options) => new Hypervisor("unit", args, options),
  changes: {
    address: [
      { to: "10.220.1.12", effect: {} },
      { to: "10.220.1", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    connection: { to: { ...connection, port: 2222 }, effect: {} },
    capacity: [
      { to: { memoryMiB: 65_536, vcpus: 16 }, effect: {} },
      { to: { memoryMiB: 2048, vcpus: 16 }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    pools: [
      { to: { default: { path: "/srv/other" } }, effect: { replaces: ["pool-default"] } },
      { to: { default: { path: "/srv/machines", name: "rack" } }, effect: { replaces: ["pool-default"] } },
      { to: { default: { path: "/srv/machines", sizeGiB: 851 } }, effect: {} },
      { to: { default: { existing: "default" } }, effect: { deletes: ["pool-default"] } },
      {
        to: { default: { path: "/srv/machines" }, fast: { path: "/srv/nvme" } },
        effect: { creates: ["pool-fast"] },
      },
    ],
    network: { to: { bridge: "br1" }, effect: {} },
    domainType: { to: "qemu", effect: {} },
    parallel: [
      { to: 8, effect: {} },
      { to: 100, effect: { refused: "INVALID_ARGUMENT" } },
    ],
  },
};
