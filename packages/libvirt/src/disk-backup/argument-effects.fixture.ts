import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { testHost } from "../host.fixture.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import { DiskBackup } from "./disk-backup.ts";
import type { DiskBackupArgs } from "./disk-backup-args.ts";

/** The hypervisor by what is other than the test's: it has a provider, which a fixture cannot make. */
type Args = Omit<DiskBackupArgs, "hypervisor"> & { readonly hypervisor: Partial<HypervisorRef> };

/** The table of docs/disk-backup.md. */
export const argumentEffects: ArgumentEffects<Args> = {
  base: { hypervisor: {}, machineName: "wiki", diskPaths: ["/pool/wiki.qcow2"], schedule: "daily", keep: 7 },
  create: (args, options) =>
    new DiskBackup("unit", { ...args, hypervisor: testHost(args.hypervisor) }, options),
  changes: {
    hypervisor: [
      {
        to: { ssh: { host: "10.220.1.12", user: "ops", privateKey: "no key", hostKey: "ssh-ed25519 AAAA" } },
        effect: { replaces: ["setup"] },
      },
      { to: { ssh: undefined }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    machineName: { to: "shop", effect: { updates: ["setup"] } },
    diskPaths: [
      { to: ["/pool/wiki.qcow2", "/pool/wiki-data.qcow2"], effect: { updates: ["setup"] } },
      { to: [], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    schedule: [
      { to: "hourly", effect: { updates: ["setup"] } },
      { to: "daily\nExecStart=/bin/sh", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    keep: [
      { to: 30, effect: { updates: ["setup"] } },
      { to: 0, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    folder: { to: "/mnt/backups", effect: { updates: ["setup"] } },
  },
};
