import { readFileSync } from "node:fs";
import { definePack, type Pack } from "@groundplane/policy";
import { cloudInitRules } from "./rules/cloud-init.ts";
import { connectionRules } from "./rules/connections.ts";
import { consoleRules } from "./rules/consoles.ts";
import { firewallRules } from "./rules/firewalls.ts";
import { hostCapacity } from "./rules/host-capacity.ts";
import { macAddressesUnique } from "./rules/mac-addresses.ts";
import { protectedMachineRules } from "./rules/protected-machines.ts";
import { storageRules } from "./rules/storage.ts";

// Seen alike from src, from dist, and from the bundle beside it.
const manifest: { version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** What every environment on libvirt asks of every stack, beyond the baseline. */
export const pack: Pack = definePack({
  name: "groundplane-libvirt",
  version: manifest.version,
  rules: [
    ...connectionRules,
    hostCapacity,
    ...storageRules,
    ...cloudInitRules,
    ...firewallRules,
    ...consoleRules,
    macAddressesUnique,
    ...protectedMachineRules,
  ],
});
