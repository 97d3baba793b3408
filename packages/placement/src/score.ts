import { sharesOf, varianceOf } from "./balance.ts";
import type { Layout } from "./layout.ts";

export type Score = readonly [unmet: number, primary: number, secondary: number];

/**
 * What is wanted of a placement that keeps all limits: wishes unmet, then by strategy. Less is better, and the first
 * difference decides.
 */
export function scoreOf(layout: Layout): Score {
  const { instance, hostOf } = layout;
  let unmet = 0;
  hostOf.forEach((host, unit) => {
    unmet += host < 0 ? 0 : (instance.unmet[unit * instance.hosts.length + host] ?? 0);
  });
  const shares = sharesOf(layout);
  const variance = varianceOf(shares);
  return instance.strategy === "spread"
    ? [unmet, Math.max(...shares), variance]
    : [unmet, layout.unitsAt.filter((units) => units.size > 0).length, -variance];
}

export function isLess(a: Score, b: Score): boolean {
  const at = a.findIndex((value, index) => Math.abs(value - (b[index] ?? 0)) > 1e-12);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}
