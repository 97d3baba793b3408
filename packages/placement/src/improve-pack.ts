import { bestHost, type HostCost, packCost } from "./construct.ts";
import { exchangeForRoom } from "./exchange-for-room.ts";
import { MEMORY } from "./instance.ts";
import { copyLayout, fitsInsteadOf, type Layout, put, take } from "./layout.ts";

/** On other hosts that are in use, and where no more wishes are unmet than now. */
function usedHostsOnly(leaving: number, cost: HostCost): HostCost {
  return (layout, unit, host) =>
    host === leaving || layout.unitsAt[host]?.size === 0
      ? Number.POSITIVE_INFINITY
      : cost(layout, unit, host);
}

const memoryOf = ({ instance }: Layout, unit: number): number =>
  instance.demand[unit * instance.resources + MEMORY] ?? 0;

/** Puts a unit elsewhere, in an exchange with one other unit if need be. */
function putElsewhere(layout: Layout, unit: number, leaving: number, cost: HostCost): boolean {
  const elsewhere = usedHostsOnly(leaving, cost);
  const settle = (which: number): boolean => {
    const host = bestHost(layout, which, elsewhere);
    if (host < 0 || elsewhere(layout, which, host) === Number.POSITIVE_INFINITY) return false;
    put(layout, which, host);
    return true;
  };
  if (settle(unit)) return true;
  const { units, hosts, unmet } = layout.instance;
  for (let host = 0; host < hosts.length; host += 1) {
    if (host === leaving || layout.unitsAt[host]?.size === 0) continue;
    if ((unmet[unit * hosts.length + host] ?? 0) > (unmet[unit * hosts.length + leaving] ?? 0)) continue;
    for (const other of [...(layout.unitsAt[host] ?? [])]) {
      const smaller = memoryOf(layout, other) < memoryOf(layout, unit);
      if (!smaller || (units[other]?.recorded ?? 0) >= 0) continue;
      if (!fitsInsteadOf(layout, unit, other, host)) continue;
      take(layout, other);
      put(layout, unit, host);
      if (settle(other)) return true;
      take(layout, unit);
      put(layout, other, host);
    }
  }
  return false;
}

function unmetOf({ instance, hostOf }: Layout): number {
  return hostOf.reduce(
    (total, host, unit) =>
      total + (host < 0 ? 0 : (instance.unmet[unit * instance.hosts.length + host] ?? 0)),
    0,
  );
}

/** Tries to empty one host; the layout with it empty, or undefined. */
function emptied(layout: Layout, leaving: number, cost: HostCost): Layout | undefined {
  const trial = copyLayout(layout);
  const leavers = [...(trial.unitsAt[leaving] ?? [])].sort(
    (a, b) => memoryOf(trial, b) - memoryOf(trial, a) || a - b,
  );
  for (const unit of leavers) {
    take(trial, unit);
    if (!putElsewhere(trial, unit, leaving, cost)) return undefined;
  }
  return unmetOf(trial) <= unmetOf(layout) ? trial : undefined;
}

/** Empties hosts, the least filled first, as long as one can be. */
function emptyHosts(start: Layout): Layout {
  const { units, hosts, resources } = start.instance;
  const cost = packCost(start.instance);
  let layout = start;
  let again = true;
  while (again) {
    again = false;
    const used = (host: number): number =>
      (layout.instance.capacity[host * resources + MEMORY] ?? 0) -
      (layout.free[host * resources + MEMORY] ?? 0);
    const candidates = hosts
      .flatMap((_, host) => {
        const here = [...(layout.unitsAt[host] ?? [])];
        const mayLeave = here.every(
          (unit) => (units[unit]?.recorded ?? 0) < 0 && units[unit]?.bound === undefined,
        );
        return here.length > 0 && mayLeave ? host : [];
      })
      .sort((a, b) => used(a) - used(b) || a - b);
    for (const host of candidates) {
      const next = emptied(layout, host, cost);
      if (next === undefined) continue;
      layout = next;
      again = true;
      break;
    }
  }
  return layout;
}

const hostsUsed = ({ unitsAt }: Layout): number => unitsAt.filter((units) => units.size > 0).length;

/**
 * Uses fewer hosts: makes room by exchanges, then empties hosts into it, as long as that helps. What is recorded stays.
 *
 * @param fewest Hosts that any placement uses: there it ends.
 */
export function improvePack(start: Layout, fewest: number): Layout {
  let layout = start;
  while (hostsUsed(layout) > fewest) {
    const before = hostsUsed(layout);
    exchangeForRoom(layout);
    layout = emptyHosts(layout);
    if (hostsUsed(layout) === before) break;
  }
  return layout;
}
