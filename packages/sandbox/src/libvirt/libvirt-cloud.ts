import { join } from "node:path";
import { mintUuid, SANDBOX_ACCOUNT } from "../marks.ts";
import type { Cloud, TypeRule } from "../provider/cloud.ts";
import { text } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";
import { withDefaults } from "./defaults.ts";
import { domainRule } from "./domains.ts";
import { hypervisorOf } from "./hypervisor.ts";
import { CLOUD_INIT_DISK, COMBUSTION, DOMAIN, IGNITION, NETWORK, POOL, VOLUME } from "./libvirt-types.ts";
import { networkRule } from "./networks.ts";
import { poolRule } from "./pools.ts";
import { markedFileRule, volumeRule } from "./volumes.ts";

const RULES: Readonly<Record<string, TypeRule>> = {
  [DOMAIN]: domainRule,
  [VOLUME]: volumeRule,
  [POOL]: poolRule,
  [NETWORK]: networkRule,
  [CLOUD_INIT_DISK]: markedFileRule,
  [COMBUSTION]: markedFileRule,
  [IGNITION]: markedFileRule,
};
const NO_RULE: TypeRule = {};

/** Parts of a network's `dns` that replace it; the rest is updated (resourceLibvirtNetwork, 0.8.3). */
const REPLACING_DNS = /^dns\.(forwarders|srvs)\b/;

/** libvirt, as the plugin `libvirt` 0.5.4 shows it. One provider is one hypervisor, which is one place. */
export const libvirtCloud: Cloud = {
  name: "libvirt",
  catalogFile: join(import.meta.dirname, "..", "..", "generated", "libvirt.catalog"),
  // The real provider's `uri` replaces nothing: what is at the old host is looked for at the new one.
  movesWith: [],
  settings: (config) => {
    const uri = text(config, "uri") ?? process.env["LIBVIRT_DEFAULT_URI"] ?? "qemu:///system";
    const place = hypervisorOf(uri);
    return { account: SANDBOX_ACCOUNT, region: place, place, defaultTags: {} };
  },
  rule: (type) => RULES[type] ?? NO_RULE,
  replaces: (type, property, path) => {
    if (RULES[type]?.replaces?.[property] !== undefined) return true;
    return type === NETWORK && property === "dns" ? REPLACING_DNS.test(path) : undefined;
  },
  // As the plugin tells the bridge: the name of the resource, a hyphen, and seven digits.
  autoname: () => ({ maxLength: 255, lowerCase: false }),
  complete: (inputs, _resource, _settings, type) => withDefaults(inputs, type),
  newId: () => mintUuid(),
  planned: () => ({}),
  computed: () => undefined,
  notFound: (value, path) =>
    refusal("VIR_ERR_NO_OBJECT", `${path}: "${value}" does not exist. Give the id of something that does.`),
  // libvirt lets a network or a cloud-init disk go though a domain has it.
  deletion: () => "stays",
  inUse: (type, id, referrer) =>
    refusal("VIR_ERR_OPERATION_INVALID", `${type} ${id} is in use by ${referrer}.`),
  invoke: () => undefined,
};
