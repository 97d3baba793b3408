import type { Properties } from "@groundplane/provider";
import { overlaps, parseCidr } from "../cidr.ts";
import { mintUuid } from "../marks.ts";
import type { Problem, RuleContext, TypeRule } from "../provider/cloud.ts";
import { keep, text, texts } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";
import { NETWORK } from "./libvirt-types.ts";
import { onHost } from "./pools.ts";

const MODES = ["none", "nat", "route", "open", "bridge"];

function networkProblems(inputs: Properties): readonly Problem[] {
  const mode = text(inputs, "mode");
  const bad = texts(inputs, "addresses").find((address) => parseCidr(address) === undefined);
  return [
    ...(mode !== undefined && !MODES.includes(mode)
      ? [{ property: "mode", reason: `unsupported network mode "${mode}"; one of ${MODES.join(", ")}` }]
      : []),
    ...(mode === "bridge" && inputs["bridge"] === undefined
      ? [{ property: "bridge", reason: "must be provided when using the bridged network mode" }]
      : []),
    ...(bad === undefined
      ? []
      : [{ property: "addresses", reason: `"${bad}" is no CIDR block such as 10.17.3.0/24` }]),
  ];
}

function requireOwnBridge(context: RuleContext): void {
  const others = onHost(context, NETWORK).filter(({ id }) => id !== context.id);
  const bridge = text(context.inputs, "bridge");
  const named = (properties: Properties) => `'${String(properties["name"])}'`;
  // A bridged network only names a bridge that the host has; the others make theirs.
  const sameBridge = others.find(
    ({ outputs }) => outputs["mode"] !== "bridge" && bridge !== undefined && outputs["bridge"] === bridge,
  );
  if (sameBridge !== undefined && context.inputs["mode"] !== "bridge")
    throw refusal(
      "VIR_ERR_INTERNAL_ERROR",
      `bridge name '${bridge}' already in use by network ${named(sameBridge.outputs)}.`,
    );
  const blocks = texts(context.inputs, "addresses").flatMap((block) => parseCidr(block) ?? []);
  for (const { outputs } of others)
    for (const other of texts(outputs, "addresses").flatMap((block) => parseCidr(block) ?? []))
      if (blocks.some((block) => overlaps(block, other)))
        throw refusal(
          "VIR_ERR_INTERNAL_ERROR",
          `Network is already in use by interface ${String(outputs["bridge"])}: its addresses overlap those of network ${named(outputs)}.`,
        );
}

/** The first `virbr` that the host has not; libvirt's own default network has `virbr0`. */
function freeBridge(context: RuleContext): string {
  const taken = new Set(onHost(context, NETWORK).map(({ outputs }) => outputs["bridge"]));
  let number = 1;
  while (taken.has(`virbr${number}`)) number += 1;
  return `virbr${number}`;
}

export const networkRule: TypeRule = {
  id: () => mintUuid(),
  check: networkProblems,
  unique: [
    {
      of: ["name"],
      code: "VIR_ERR_OPERATION_FAILED",
      message: ({ name }) => `network '${String(name)}' already exists on this host.`,
    },
  ],
  validate: requireOwnBridge,
  outputs: (context) => ({
    autostart: false,
    bridge: keep(context.previous, "bridge", () => freeBridge(context)),
    dhcp: { enabled: texts(context.inputs, "addresses").length > 0 },
    dns: { enabled: true },
  }),
};
