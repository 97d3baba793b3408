import type { CostModel } from "../cost-model.ts";

/** What was bought, and is on nobody's price list. Each provider of libvirt is a host. */
export const OWN_HARDWARE_MODELS: Readonly<Record<string, CostModel>> = {
  "pulumi:providers:libvirt": [{ what: "host", unit: "host", price: { own: "hypervisorUsd" }, quantity: 1 }],
};
