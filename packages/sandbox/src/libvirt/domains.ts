import { createHash, randomBytes } from "node:crypto";
import { type JsonValue, UNKNOWN_TEXT } from "@groundplane/contracts";
import { isList, isObject, type Properties } from "@groundplane/provider";
import { isSandboxId, mintUuid } from "../marks.ts";
import type { Made, RuleContext, TypeRule } from "../provider/cloud.ts";
import { objects, text, texts } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";
import { DOMAIN, NETWORK, VOLUME } from "./libvirt-types.ts";
import { DEFAULT_NAME, onHost } from "./pools.ts";
import { requireOwnVolume } from "./volumes.ts";

function requireDisks(context: RuleContext): void {
  for (const [at, disk] of objects(context.inputs, "disks").entries()) {
    const path = text(disk, "volumeId");
    if (path === undefined) continue;
    if (context.view.find(VOLUME, path) === undefined)
      throw refusal(
        "VIR_ERR_NO_STORAGE_VOL",
        `disks[${at}]: can't retrieve volume '${path}' on ${context.settings.place}: it does not exist there.`,
      );
    requireOwnVolume(context, path);
  }
  const seed = text(context.inputs, "cloudinit");
  // One that is the sandbox's is looked for like every id.
  if (seed !== undefined && !isSandboxId(seed))
    throw refusal(
      "VIR_ERR_NO_STORAGE_VOL",
      `cloudinit '${seed}' is not of the sandbox: give the id of a CloudInitDisk.`,
    );
}

/** The network or bridge that a card is on, by a name that is the same for every card on it. Undefined: no network. */
function segmentOf(context: RuleContext, card: Properties): string | undefined {
  const id = text(card, "networkId");
  if (id !== undefined) {
    const network = context.view.find(NETWORK, id);
    if (network === undefined)
      throw refusal("VIR_ERR_NO_NETWORK", `can't retrieve network ID ${id} on ${context.settings.place}.`);
    return `network ${String(network.outputs["name"])}`;
  }
  const name = text(card, "networkName");
  if (name !== undefined) {
    if (name !== DEFAULT_NAME && !onHost(context, NETWORK).some(({ outputs }) => outputs["name"] === name))
      throw refusal(
        "VIR_ERR_NO_NETWORK",
        `can't retrieve network '${name}' on ${context.settings.place}: make it a resource, or name another one.`,
      );
    return `network ${name}`;
  }
  for (const kind of ["bridge", "macvtap", "vepa", "private", "passthrough"]) {
    const device = text(card, kind);
    if (device !== undefined) return `${kind} ${device}`;
  }
  return undefined;
}

function cardsOf(context: RuleContext, properties: Properties): readonly string[] {
  return objects(properties, "networkInterfaces").flatMap((card) => {
    const mac = text(card, "mac");
    const segment = segmentOf(context, card);
    return mac === undefined || segment === undefined ? [] : [`${mac.toUpperCase()} on ${segment}`];
  });
}

/** Two cards of one address on one network get each other's packets. */
function requireOwnAddress(context: RuleContext): void {
  const cards = cardsOf(context, context.inputs);
  const twice = cards.find((card, at) => cards.indexOf(card) !== at);
  if (twice !== undefined)
    throw refusal("VIR_ERR_INVALID_ARG", `two cards of the domain have the MAC address ${twice}.`);
  for (const { id, outputs } of onHost(context, DOMAIN)) {
    if (id === context.id) continue;
    const taken = cardsOf(context, outputs).find((card) => cards.includes(card));
    if (taken !== undefined)
      throw refusal(
        "VIR_ERR_OPERATION_INVALID",
        `the MAC address ${taken} is that of domain '${String(outputs["name"])}' already.`,
      );
  }
}

/** The cards with the addresses that libvirt and its DHCP server give them. */
function inside(inputs: Properties, previous: Properties, made: Made): Properties {
  const cards = inputs["networkInterfaces"];
  if (!isList(cards)) return {};
  const before = objects(previous, "networkInterfaces");
  return { networkInterfaces: cards.map((card, at) => completeCard(card, before[at] ?? {}, made)) };
}

function completeCard(card: JsonValue, before: Properties, made: Made): JsonValue {
  if (!isObject(card)) return card;
  const given = text(card, "mac");
  const mac =
    card["mac"] === UNKNOWN_TEXT
      ? UNKNOWN_TEXT
      : (given?.toUpperCase() ?? text(before, "mac") ?? made(randomMac));
  // A lease is waited for, and known only then.
  const addresses =
    card["addresses"] ??
    (card["waitForLease"] === true
      ? texts(before, "addresses").length > 0
        ? texts(before, "addresses")
        : made(() => [leased(String(mac))])
      : []);
  return { hostname: "", ...card, mac, addresses };
}

/** In QEMU's range. */
function randomMac(): string {
  return ["52", "54", "00", ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0"))]
    .join(":")
    .toUpperCase();
}

/** RFC 5737 keeps this block for documentation: no packet ever goes there. */
function leased(mac: string): string {
  return `198.51.100.${((createHash("sha256").update(mac).digest()[0] ?? 0) % 254) + 1}`;
}

export const domainRule: TypeRule = {
  id: () => mintUuid(),
  unique: [
    {
      of: ["name"],
      code: "VIR_ERR_OPERATION_FAILED",
      message: ({ name }) => `domain '${String(name)}' already exists on this host.`,
    },
  ],
  validate: (context) => {
    requireDisks(context);
    requireOwnAddress(context);
  },
  inside,
  outputs: () => ({
    arch: "x86_64",
    autostart: false,
    cpu: { mode: "custom" },
    emulator: "/usr/bin/qemu-system-x86_64",
    machine: "pc",
  }),
  // Every property of these blocks is of the kind that replaces, so the block is.
  replaces: {
    consoles: "terraform-provider-libvirt 0.8.3, resourceLibvirtDomain",
    tpm: "terraform-provider-libvirt 0.8.3, resourceLibvirtDomain",
    xml: "terraform-provider-libvirt 0.8.3, resourceLibvirtDomain",
  },
};
