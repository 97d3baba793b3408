import type { SeenEffect } from "../../../test/argument-effects.ts";
import { testComponentPages } from "../../../test/component-pages.ts";

/** What a change means to whoever runs a machine. */
function meaning({ effect, losses }: SeenEffect): string {
  if ("refused" in effect) return "-";
  if (Object.keys(losses).length > 0) return "**data loss**";
  const { replaces = [], updates = [], creates = [], deletes = [] } = effect;
  // A fleet has several machines, each with its name before.
  const has = (role: string): boolean => replaces.some((one) => one === role || one.endsWith(`-${role}`));
  if (has("domain")) return "restart";
  if (has("cloud-init")) return "live, read at the next start";
  if (replaces.length > 0) return "made anew";
  return updates.length + creates.length + deletes.length > 0 ? "live" : "-";
}

testComponentPages({ folder: "libvirt", meaning });
