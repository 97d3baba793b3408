import { placingOrder, unitWeights } from "./construct.ts";
import type { Instance } from "./instance.ts";
import { fits, type Layout, put, recordedLayout, take } from "./layout.ts";

export type ExactResult =
  | { readonly found: Layout }
  /** `none`: there is no placement. `gave-up`: the steps ran out before that was known. */
  | { readonly found: undefined; readonly why: "none" | "gave-up" };

/** Two units that can stand for each other: one order of them is enough. */
function areAlike(instance: Instance, a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const [first, second] = [instance.units[a], instance.units[b]];
  if (first === undefined || second === undefined) return false;
  const plain = [first, second].every(({ apart, bound }) => apart.length === 0 && bound === undefined);
  if (!plain) return false;
  const { demand, resources } = instance;
  for (let resource = 0; resource < resources; resource += 1)
    if (demand[a * resources + resource] !== demand[b * resources + resource]) return false;
  return true;
}

/** Two empty hosts with the same left: what goes on one could as well go on the other. */
function areEmptyAlike({ instance, free, unitsAt }: Layout, a: number, b: number): boolean {
  if (unitsAt[a]?.size !== 0 || unitsAt[b]?.size !== 0) return false;
  for (let resource = 0; resource < instance.resources; resource += 1) {
    if (free[a * instance.resources + resource] !== free[b * instance.resources + resource]) return false;
  }
  return true;
}

/**
 * Looks through all placements, depth first, for one that keeps every limit. Of placements that differ only by like
 * hosts or like units it looks at the first.
 *
 * @param steps After so many looks at a unit and a host it gives up.
 */
export function exactSearch(instance: Instance, steps: number): ExactResult {
  const [weight] = unitWeights(instance);
  const order = placingOrder(instance, weight ?? (() => 0));
  const layout = recordedLayout(instance);
  const hosts = instance.hosts.length;
  // Units bound to a host come first in the order: past them, no host differs from a like one by a bound unit.
  const tried = new Int32Array(order.length).fill(-1);
  let [depth, left] = [0, steps];
  while (depth >= 0) {
    const unit = order[depth];
    if (unit === undefined) return { found: layout };
    take(layout, unit);
    let host = (tried[depth] ?? -1) + 1;
    if (tried[depth] === -1 && areAlike(instance, order[depth - 1], unit)) host = tried[depth - 1] ?? 0;
    while (host < hosts && left > 0 && !mayTry(layout, unit, host)) {
      host += 1;
      left -= 1;
    }
    if (left <= 0) return { found: undefined, why: "gave-up" };
    left -= 1;
    if (host === hosts) {
      tried[depth] = -1;
      depth -= 1;
      continue;
    }
    put(layout, unit, host);
    tried[depth] = host;
    depth += 1;
  }
  return { found: undefined, why: "none" };
}

function mayTry(layout: Layout, unit: number, host: number): boolean {
  if (!fits(layout, unit, host)) return false;
  if (layout.instance.units[unit]?.bound !== undefined || layout.unitsAt[host]?.size !== 0) return true;
  for (let earlier = 0; earlier < host; earlier += 1) if (areEmptyAlike(layout, earlier, host)) return false;
  return true;
}
