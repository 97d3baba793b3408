import type { Constructed } from "./construct.ts";
import type { Instance } from "./instance.ts";
import { amountText, type Layout, obstacles, recordedLayout, resourceName } from "./layout.ts";
import type { PlacementProblem } from "./placement-problem.ts";

const namesOf = (instance: Instance, units: readonly number[]): readonly string[] =>
  units.flatMap((unit) => instance.units[unit]?.machines.map(({ name }) => name) ?? []).sort();

/** So many hosts are named one by one; of a large fleet nobody reads more. */
const NAMED = 6;

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 1 ? `${names.slice(0, NAMED).join(", ")} and ${more} more` : names.join(", ");
}

/** What is in a unit's way: the hosts, those with the same obstacle together. */
function inTheWay(layout: Layout, unit: number): string {
  const hosts = new Map<string, string[]>();
  layout.instance.hosts.forEach(({ name }, host) => {
    const text = obstacles(layout, unit, host)
      .map((obstacle) => obstacle.text)
      .join(", ");
    hosts.set(text, [...(hosts.get(text) ?? []), name]);
  });
  const groups = [...hosts].map(([text, names]) => `${listed(names)}: ${text}`);
  const more = groups.length - NAMED;
  return more > 1 ? `${groups.slice(0, NAMED).join("; ")}; and ${more} more` : groups.join("; ");
}

const MAKE_ROOM =
  "Make it smaller, add a host, or move others: `groundplane fleet capacity` shows what is free, `groundplane fleet rebalance` what can move.";

/** Machines that fit on no host although nothing but the record is placed: no search helps them. */
export function hopeless(instance: Instance): PlacementProblem[] {
  const layout = recordedLayout(instance);
  return instance.units.flatMap(({ recorded, machines }, unit) => {
    if (recorded >= 0) return [];
    if (instance.hosts.some((_, host) => obstacles(layout, unit, host).length === 0)) return [];
    const subject = machines.map(({ name }) => name).join(" and ");
    return [{ subject, problem: `no host takes it. ${inTheWay(layout, unit)}`, remedy: MAKE_ROOM }];
  });
}

/** What all machines without a host need together, against what all hosts have left. */
export function shortages(instance: Instance): PlacementProblem[] {
  const { free } = recordedLayout(instance);
  return Array.from({ length: instance.resources }, (_, resource) => {
    const needed = instance.units.reduce(
      (sum, { recorded }, unit) =>
        sum + (recorded < 0 ? (instance.demand[unit * instance.resources + resource] ?? 0) : 0),
      0,
    );
    let left = 0;
    for (let host = 0; host < instance.hosts.length; host += 1)
      left += free[host * instance.resources + resource] ?? 0;
    return { resource, needed, left };
  }).flatMap(({ resource, needed, left }) =>
    needed <= left
      ? []
      : [
          {
            subject: "the fleet",
            problem: shortageText(instance, resource, needed, left),
            remedy: MAKE_ROOM,
          },
        ],
  );
}

function shortageText(instance: Instance, resource: number, needed: number, left: number): string {
  const text = (amount: number): string => amountText(resource, amount);
  return `machines without a host need ${text(needed)} of ${resourceName(instance, resource)}, and all hosts together have ${text(left)} left`;
}

/** No search found a place for all: what was left over, and what was in the way of its first. */
export function notFoundProblems(
  instance: Instance,
  closest: Constructed | undefined,
  certain: boolean,
): readonly PlacementProblem[] {
  const [unit] = closest?.unplaced ?? [];
  const left = namesOf(instance, closest?.unplaced ?? []);
  const one = unit === undefined || closest === undefined ? "" : ` ${inTheWay(closest.layout, unit)}`;
  const subject = left.join(", ") || "the fleet";
  const problem = certain
    ? `there is no placement of all machines: with the others placed, no host takes it.${one}`
    : `no placement of all machines was found. There are too many to look at every one, so there may be one.${one}`;
  return [{ subject, problem, remedy: MAKE_ROOM }];
}
