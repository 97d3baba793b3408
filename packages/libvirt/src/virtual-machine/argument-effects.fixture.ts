import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { testHost } from "../host.fixture.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import { VirtualMachine } from "./virtual-machine.ts";
import type { VirtualMachineArgs } from "./virtual-machine-args.ts";

/** The hypervisor by what is other than the test's: it has a provider, which a fixture cannot make. */
type Args = Omit<VirtualMachineArgs, "hypervisor"> & { readonly hypervisor: Partial<HypervisorRef> };

const address = { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] };
const agent = { name: "agent", authorizedKeys: ["ssh-ed25519 AAAAC3Nz jeff"] };
const base: Args = {
  hypervisor: {},
  image: { volumeId: "/pool/base.qcow2" },
  size: "medium",
  diskGiB: 250,
  address,
  users: [agent],
};
const backup = { schedule: "daily", keep: 7 };
const refused = { refused: "INVALID_ARGUMENT" };
/** The CD is made anew under another name; the guest reads it when it starts next. */
const read = { replaces: ["cloud-init"] };

/** The table of docs/virtual-machine.md. */
export const argumentEffects: ArgumentEffects<Args> = {
  base,
  full: { ...base, disks: [{ name: "data", sizeGiB: 10 }], backup, passthrough: ["0000:65:00.0"] },
  create: (args, options) =>
    new VirtualMachine("unit", { ...args, hypervisor: testHost(args.hypervisor) }, options),
  changes: {
    hypervisor: [
      { to: { network: { bridge: "br1" } }, effect: { replaces: ["domain"] } },
      { to: { domainType: "qemu" }, effect: { replaces: ["domain"] } },
    ],
    pool: { to: "fast", effect: { replaces: ["cloud-init", "root"] } },
    size: [
      { to: "heavy", effect: { replaces: ["domain"] } },
      { to: { memoryMiB: 16_384, vcpus: 6 }, effect: { replaces: ["domain"] } },
      { to: { memoryMiB: 8, vcpus: 1 }, effect: refused },
    ],
    diskGiB: { to: 500, effect: { replaces: ["root"] } },
    image: { to: { volumeId: "/pool/other.qcow2" }, effect: { replaces: ["root"] } },
    disks: [
      { to: [{ name: "data", sizeGiB: 10 }], effect: { creates: ["disk-data"], replaces: ["domain"] } },
      {
        from: [{ name: "data", sizeGiB: 10 }],
        to: [{ name: "data", sizeGiB: 20 }],
        effect: { replaces: ["disk-data"] },
      },
      {
        from: [{ name: "data", sizeGiB: 10 }],
        to: [],
        effect: { deletes: ["disk-data"], replaces: ["domain"] },
      },
    ],
    address: [
      { to: { ...address, cidr: "10.220.1.60/24" }, effect: read },
      { to: { ...address, gateway: "10.9.0.1" }, effect: refused },
    ],
    macAddress: { to: "52:54:00:12:34:56", effect: { replaces: ["cloud-init", "domain"] } },
    users: [
      { to: [agent, { ...agent, name: "ops" }], effect: read },
      { to: [], effect: refused },
    ],
    hosts: { to: [{ address: "10.220.1.51", names: ["apollo"] }], effect: read },
    packages: { to: ["ufw"], effect: read },
    runCommands: { to: ["ufw enable"], effect: read },
    files: { to: [{ path: "/etc/motd", content: "Athena" }], effect: read },
    autostart: { to: false, effect: { updates: ["domain"] } },
    console: { to: false, effect: { replaces: ["domain"] } },
    guestAgent: { to: true, effect: read },
    passthrough: [
      { to: ["0000:65:00.0"], effect: { replaces: ["domain"] } },
      { to: ["65:00.0"], effect: refused },
    ],
    protected: { to: true, effect: { updates: ["domain"] } },
    backup: [
      { to: backup, effect: { creates: ["backup-setup"], updates: ["domain"] } },
      {
        from: backup,
        to: { ...backup, keep: 30 },
        effect: { updates: ["backup-setup", "domain"] },
      },
      { from: backup, to: undefined, effect: { deletes: ["backup-setup"], updates: ["domain"] } },
    ],
  },
};
