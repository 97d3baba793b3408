import { defineRule, type ResourceView, select } from "@groundplane/policy";
import { DOMAIN } from "../libvirt-types.ts";

const MAC = "52:54:00:1c:2d:3e";
const card = (mac: string) => ({ networkInterfaces: [{ bridge: "br0", mac }] });

function addressesOf({ props }: ResourceView): readonly string[] {
  return select(props, "networkInterfaces[*].mac").flatMap(({ value }) =>
    typeof value === "string" && value !== "" ? [value.toUpperCase()] : [],
  );
}

export const macAddressesUnique = defineRule({
  id: "vm-unique-mac",
  title: "No two cards have one MAC address",
  severity: "high",
  why: "On one network each gets some of the other's packets; hosts that share a network do not notice it either.",
  remedy: "Leave mac out, or give each machine its own (`macAddress(name)` of @groundplane/libvirt).",
  source: "libvirt, Domain XML format, Network interfaces",
  appliesTo: "stack",
  reads: [{ type: DOMAIN, property: "networkInterfaces[*].mac" }],
  examples: {
    passing: [
      {
        type: DOMAIN,
        inputs: { name: "athena", ...card(MAC) },
        beside: [{ type: DOMAIN, inputs: { name: "apollo", ...card("52:54:00:1c:2d:3f") } }],
      },
    ],
    failing: [
      {
        type: DOMAIN,
        inputs: { name: "athena", ...card(MAC) },
        beside: [{ type: DOMAIN, inputs: { name: "apollo", ...card(MAC.toUpperCase()) } }],
      },
    ],
  },
  check({ resources }, report) {
    const holders = new Map<string, ResourceView[]>();
    for (const domain of resources.filter(({ type }) => type === DOMAIN))
      for (const mac of addressesOf(domain)) holders.set(mac, [...(holders.get(mac) ?? []), domain]);
    for (const [mac, domains] of holders) {
      if (domains.length < 2) continue;
      const names = domains.map(({ name }) => name).join(", ");
      for (const { urn } of new Set(domains)) report(`${mac} is the address of cards of ${names}`, { urn });
    }
  },
});
