import { definePropertyRule, defineRule, isPropertyMap, type Rule } from "@groundplane/policy";
import { DOMAIN, NETWORK, POOL, VOLUME } from "../libvirt-types.ts";
import { textOf } from "../text-of.ts";

const SHA_256 = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i;
const HASH = "5f9b4ee3d1a7c0286b94e5f1d3a7c8092e6f4b1d8c5a37e9f0b2d4c6a8e1f357";
/** Folders that every user of a host reads, or writes to. */
const SHARED = /^\/(tmp|var\/tmp|dev\/shm|run\/user|var\/www|srv\/(http|ftp|www)|usr\/share|home)(\/|$)/;

/** Images, pools, networks, and what machines share with their host. */
export const storageRules: readonly Rule[] = [
  defineRule({
    id: "vm-image-by-hash",
    title: "An image is known by its hash",
    severity: "high",
    why: "What a URL or a path serves changes, by its owner's hand or by another one on the way.",
    remedy:
      "Use a BaseImage, which has sha256, or give the volume a name or a source with the image's SHA-256 in it.",
    source: "Ubuntu, How to verify your download (SHA256SUMS); NIST SP 800-190, 4.1.5",
    appliesTo: [VOLUME],
    reads: [
      { type: VOLUME, property: "source" },
      { type: VOLUME, property: "name" },
    ],
    examples: {
      passing: [
        { type: VOLUME, inputs: { name: `base-${HASH}.qcow2`, source: "/images/ubuntu.img" } },
        { type: VOLUME, inputs: { name: "athena.qcow2", size: 1024 } },
      ],
      failing: [{ type: VOLUME, inputs: { name: "ubuntu", source: "http://images.example.com/ubuntu.img" } }],
    },
    check({ props }, report) {
      const [source = "", name = ""] = [textOf(props["source"]), textOf(props["name"])];
      if (source !== "" && !SHA_256.test(source) && !SHA_256.test(name))
        report(`source is ${source}, and neither it nor the name has the image's SHA-256`);
    },
  }),
  defineRule({
    id: "pool-private-folder",
    title: "Disks lie in a folder of their own",
    severity: "high",
    why: "In a shared folder every user of the host reads the machines' disks, or is there first with a file of that name.",
    remedy:
      "Give target.path a folder that is the pool's alone, such as /var/lib/libvirt/images or /srv/machines.",
    source: "libvirt, Storage management, Directory pool",
    appliesTo: [POOL],
    reads: [
      { type: POOL, property: "target.path" },
      { type: POOL, property: "path" },
    ],
    examples: {
      passing: [{ type: POOL, inputs: { name: "machines", type: "dir", target: { path: "/srv/machines" } } }],
      failing: [{ type: POOL, inputs: { name: "machines", type: "dir", target: { path: "/var/tmp" } } }],
    },
    check({ props }, report) {
      const { target } = props;
      const path = textOf(isPropertyMap(target) ? target["path"] : props["path"]);
      if (path === undefined) return;
      if (SHARED.test(path.replaceAll(/\/+/g, "/")) || /(^|\/)\.\.(\/|$)/.test(path) || path === "/")
        report(`the pool's folder is ${path}`);
    },
  }),
  definePropertyRule({
    id: "network-not-open",
    title: "libvirt's networks are filtered",
    severity: "medium",
    why: "In mode open libvirt adds no rule of its own: whatever reaches the host reaches the machines.",
    remedy: 'Set mode to "nat", "route" or "none"; for machines on the LAN, name its bridge in the domain.',
    source: "libvirt, Network XML format, Forwarding modes",
    types: [NETWORK],
    properties: ["mode"],
    mustBe: { noneOf: ["open"] },
    passing: { name: "lab", mode: "nat" },
    failing: { name: "lab", mode: "open" },
  }),
  definePropertyRule({
    id: "vm-shared-folder-read-only",
    title: "A folder of the host is shared read-only",
    severity: "medium",
    why: "A machine that writes to its host's files is not apart from it.",
    remedy: "Leave filesystems[*].readonly out, or give the machine a disk of its own.",
    source: "libvirt, Domain XML format, Filesystems",
    types: [DOMAIN],
    properties: ["filesystems[*].readonly"],
    mustBe: "not-false",
    passing: { name: "athena", filesystems: [{ source: "/srv/models", target: "models" }] },
    failing: {
      name: "athena",
      filesystems: [{ source: "/srv/models", target: "models", readonly: false }],
    },
  }),
];
