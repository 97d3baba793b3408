import type { Instance } from "./instance.ts";
import { fitsInsteadOf, type Layout, put, take } from "./layout.ts";

/**
 * The room of a host: what is left of the resource of which the least is left. Memory that is free where the disk is full
 * is no room.
 */
function roomOf({ instance, free }: Layout, host: number, out: number, into: number): number {
  const { resources, demand, capacity } = instance;
  let room = 1;
  for (let resource = 0; resource < resources; resource += 1) {
    const at = host * resources + resource;
    const left =
      (free[at] ?? 0) +
      (out < 0 ? 0 : (demand[out * resources + resource] ?? 0)) -
      (into < 0 ? 0 : (demand[into * resources + resource] ?? 0));
    if (left < 0) return Number.NEGATIVE_INFINITY;
    const there = capacity[at] ?? 0;
    if (there > 0 && left / there < room) room = left / there;
  }
  return room;
}

const LEAST_GAIN = 1e-6;

const mayMove = ({ units }: Instance, unit: number): boolean =>
  (units[unit]?.recorded ?? 0) < 0 && units[unit]?.bound === undefined;

/** The unit elsewhere whose exchange with this one makes the most room on both hosts together; -1 for none. */
function bestPartner(layout: Layout, rooms: Float64Array, unit: number, movable: readonly number[]): number {
  const { hostOf, instance } = layout;
  const { hosts, unmet } = instance;
  const here = hostOf[unit] ?? -1;
  const wishes = (which: number, host: number): number => unmet[which * hosts.length + host] ?? 0;
  let [best, bestGain] = [-1, LEAST_GAIN];
  for (const other of movable) {
    const there = hostOf[other] ?? -1;
    if (there < 0 || there === here) continue;
    const before = (rooms[here] ?? 0) + (rooms[there] ?? 0);
    const roomHere = roomOf(layout, here, unit, other);
    if (roomHere + 1 - before <= bestGain) continue;
    const gain = roomHere + roomOf(layout, there, other, unit) - before;
    if (gain <= bestGain) continue;
    const lost = wishes(unit, there) + wishes(other, here) - wishes(unit, here) - wishes(other, there);
    if (lost > 0 || !fitsInsteadOf(layout, unit, other, there) || !fitsInsteadOf(layout, other, unit, here))
      continue;
    [best, bestGain] = [other, gain];
  }
  return best;
}

/**
 * Exchanges units between hosts in use, so that what is left on a host is left of all its resources, and another unit
 * fits into it. What is recorded or bound stays.
 */
export function exchangeForRoom(layout: Layout): void {
  const { instance, hostOf, unitsAt } = layout;
  const movable = instance.units.flatMap((_, unit) => (mayMove(instance, unit) ? unit : []));
  const rooms = Float64Array.from(instance.hosts, (_, host) => roomOf(layout, host, -1, -1));
  for (let host = 0; host < instance.hosts.length; host += 1) {
    for (const unit of [...(unitsAt[host] ?? [])]) {
      if (!mayMove(instance, unit)) continue;
      const partner = bestPartner(layout, rooms, unit, movable);
      const there = hostOf[partner] ?? -1;
      if (partner < 0 || there < 0) continue;
      take(layout, unit);
      take(layout, partner);
      put(layout, partner, host);
      put(layout, unit, there);
      rooms[host] = roomOf(layout, host, -1, -1);
      rooms[there] = roomOf(layout, there, -1, -1);
    }
  }
}
