import type { JsonValue } from "@groundplane/contracts";
import { isList, isObject, isSecret, type Properties } from "@groundplane/provider";
import { CLOUD_INIT_DISK, COMBUSTION, DOMAIN, IGNITION, NETWORK, VOLUME } from "./libvirt-types.ts";

// Defaults that the provider writes into the inputs (its schemas, terraform-provider-libvirt 0.8.3); the bridge's schema
// does not name them.
const DEFAULTS: Readonly<Record<string, Properties>> = {
  [DOMAIN]: {
    ...{ vcpu: 1, memory: 512, type: "kvm", running: true },
    ...{ qemuAgent: false, fwCfgName: "opt/com.coreos/config" },
  },
  [VOLUME]: { pool: "default" },
  [CLOUD_INIT_DISK]: { pool: "default" },
  [COMBUSTION]: { pool: "default" },
  [IGNITION]: { pool: "default" },
  [NETWORK]: { mode: "nat" },
};

/** Of the objects inside a property, where it is given. */
const INSIDE: Readonly<Record<string, Readonly<Record<string, Properties>>>> = {
  [DOMAIN]: {
    disks: { scsi: false },
    filesystems: { accessmode: "mapped", readonly: true },
    graphics: { type: "spice", autoport: true, listenType: "none", listenAddress: "127.0.0.1" },
    video: { type: "cirrus" },
    consoles: { sourceHost: "127.0.0.1", sourceService: "0" },
    tpm: { backendType: "emulator" },
  },
  [NETWORK]: { dns: { enabled: true } },
};

/** The inputs as the provider's `Check` completes them. */
export function withDefaults(inputs: Properties, type: string): Properties {
  const inside = Object.entries(INSIDE[type] ?? {}).flatMap(([name, defaults]) => {
    const value = inputs[name];
    return value === undefined ? [] : [[name, filled(value, defaults)] as const];
  });
  return { ...DEFAULTS[type], ...inputs, ...Object.fromEntries(inside) };
}

function filled(value: JsonValue, defaults: Properties): JsonValue {
  if (isList(value)) return value.map((item) => filled(item, defaults));
  // A secret or an unknown is left as it is.
  return isObject(value) && !isSecret(value) ? { ...defaults, ...value } : value;
}
