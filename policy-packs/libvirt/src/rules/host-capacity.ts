import { defineRule, isPropertyMap, type PropertyMap, type ResourceView } from "@groundplane/policy";
import { DOMAIN, HYPERVISOR } from "../libvirt-types.ts";

const URI = "qemu+ssh://ops@10.220.1.11/system?keyfile=/keys/r820&knownhosts=/keys/known_hosts";

const numberOf = (map: PropertyMap, name: string, otherwise: number): number => {
  const value = map[name];
  return typeof value === "number" ? value : otherwise;
};

/** What machines may take of a host, by what the Hypervisor declares. Undefined: it declares nothing. */
function limitsOf({ props }: ResourceView): { readonly memory: number; readonly vcpu: number } | undefined {
  const { capacity } = props;
  if (!isPropertyMap(capacity)) return undefined;
  const reserve = isPropertyMap(capacity["reserve"]) ? capacity["reserve"] : {};
  const vcpus = numberOf(capacity, "vcpus", 0) * numberOf(capacity, "vcpuOvercommit", 1);
  return {
    memory: numberOf(capacity, "memoryMiB", 0) - numberOf(reserve, "memoryMiB", 0),
    vcpu: vcpus - numberOf(reserve, "vcpus", 0),
  };
}

const isOn = ({ props }: ResourceView, { provider }: ResourceView): boolean =>
  (typeof props["uri"] === "string" && props["uri"] !== "" && props["uri"] === provider?.props["uri"]) ||
  (props["provider"] !== undefined && props["provider"] === provider?.urn);

// The provider's own defaults, where a domain says nothing.
const sizes = [
  { of: "memory", unit: "MiB of memory", otherwise: 512 },
  { of: "vcpu", unit: "vCPUs", otherwise: 1 },
] as const;

export const hostCapacity = defineRule({
  id: "hypervisor-capacity",
  title: "Machines take no more than their host declares",
  severity: "high",
  why: "A host that has given out more memory than it has kills a machine, and not the one that was too many.",
  remedy:
    "Place a machine on another host (`groundplane fleet plan`), make it smaller, or declare what the host has.",
  source: "Fleet architecture, Resource Planning; libvirt, Domain XML format, Memory allocation",
  appliesTo: "stack",
  reads: [
    { type: DOMAIN, property: "memory" },
    { type: DOMAIN, property: "vcpu" },
  ],
  examples: {
    passing: [
      {
        type: HYPERVISOR,
        inputs: { uri: URI, capacity: { memoryMiB: 131_072, vcpus: 32, reserve: { memoryMiB: 4096 } } },
        beside: [{ type: DOMAIN, inputs: { name: "athena", memory: 28_672, vcpu: 8 } }],
      },
    ],
    failing: [
      {
        type: HYPERVISOR,
        inputs: { uri: URI, capacity: { memoryMiB: 32_768, vcpus: 8, reserve: { memoryMiB: 4096 } } },
        beside: [{ type: DOMAIN, inputs: { name: "athena", memory: 28_673, vcpu: 8 } }],
      },
    ],
  },
  check({ resources }, report) {
    const domains = resources.filter(({ type }) => type === DOMAIN);
    for (const host of resources.filter(({ type }) => type === HYPERVISOR)) {
      const limits = limitsOf(host);
      const own = limits === undefined ? [] : domains.filter((domain) => isOn(host, domain));
      for (const { of, unit, otherwise } of sizes) {
        const taken = own.reduce((sum, { props }) => sum + numberOf(props, of, otherwise), 0);
        const limit = limits?.[of] ?? 0;
        if (taken > limit)
          report(`${host.name} has ${limit} ${unit} for machines, and ${own.length} of them take ${taken}`, {
            urn: host.urn,
          });
      }
    }
  },
});
