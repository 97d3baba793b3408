import { defineRule, isPropertyMap, type PropertyMap, type Rule } from "@groundplane/policy";
import { DOMAIN } from "../libvirt-types.ts";
import { textOf } from "../text-of.ts";

/** What a VirtualMachine says of itself in its domain's metadata; undefined for any other domain. */
function machineOf(props: PropertyMap): PropertyMap | undefined {
  const metadata = textOf(props["metadata"]);
  if (metadata === undefined || !metadata.trimStart().startsWith("{")) return undefined;
  const parsed: { readonly groundplane?: PropertyMap } = JSON.parse(metadata);
  return isPropertyMap(parsed.groundplane) ? parsed.groundplane : undefined;
}

const isProtected = (props: PropertyMap): boolean => machineOf(props)?.["protected"] === true;

const metadata = (backup: boolean | { readonly schedule: string; readonly keep: number }): string =>
  JSON.stringify({ groundplane: { component: "VirtualMachine", protected: true, backup } });
const BACKED_UP = metadata({ schedule: "daily", keep: 7 });

/** What machines with `protected: true` are asked for. */
export const protectedMachineRules: readonly Rule[] = [
  defineRule({
    id: "vm-autostart",
    title: "A protected machine starts with its host",
    severity: "medium",
    why: "After a power cut it would be down until somebody notices.",
    remedy: "Set autostart: true.",
    source: "libvirt, virsh(1), autostart",
    appliesTo: [DOMAIN],
    reads: [
      { type: DOMAIN, property: "autostart" },
      { type: DOMAIN, property: "metadata" },
    ],
    examples: {
      passing: [
        { type: DOMAIN, inputs: { name: "athena", autostart: true, metadata: BACKED_UP } },
        { type: DOMAIN, inputs: { name: "scratch" } },
      ],
      failing: [{ type: DOMAIN, inputs: { name: "athena", autostart: false, metadata: BACKED_UP } }],
    },
    check({ props }, report) {
      if (isProtected(props) && props["autostart"] !== true && props["autostart"] !== "true")
        report("the machine is protected, and does not start with its host");
    },
  }),
  defineRule({
    id: "vm-backup",
    title: "A protected machine's disks are copied",
    severity: "high",
    why: "Protection keeps the pipeline from deleting a disk; it does not keep the disk from failing.",
    remedy: "Give the VirtualMachine backup: { schedule, keep }.",
    source: "CIS Controls v8, 11.2",
    appliesTo: [DOMAIN],
    reads: [{ type: DOMAIN, property: "metadata" }],
    examples: {
      passing: [{ type: DOMAIN, inputs: { name: "athena", autostart: true, metadata: BACKED_UP } }],
      failing: [{ type: DOMAIN, inputs: { name: "athena", autostart: true, metadata: metadata(false) } }],
    },
    check({ props }, report) {
      if (isProtected(props) && !isPropertyMap(machineOf(props)?.["backup"]))
        report("the machine is protected, and its disks are not copied");
    },
  }),
];
