import { FIRST_POOL, type Instance, MEMORY, type Unit, VCPUS } from "./instance.ts";
import { type Placement, sortedRecord } from "./placement-problem.ts";

/** Which unit is where, and what that leaves. Changed in place: a search tries many. */
export interface Layout {
  readonly instance: Instance;
  /** What is left, by host and resource. */
  readonly free: Float64Array;
  /** The host of each unit; -1 for none. */
  readonly hostOf: Int32Array;
  /** The units of each host. */
  readonly unitsAt: readonly Set<number>[];
}

/** A layout in which the recorded units are where they are recorded, and the others nowhere. */
export function recordedLayout(instance: Instance): Layout {
  const layout: Layout = {
    instance,
    free: Float64Array.from(instance.capacity),
    hostOf: new Int32Array(instance.units.length).fill(-1),
    unitsAt: instance.hosts.map(() => new Set()),
  };
  instance.units.forEach(({ recorded }, unit) => {
    if (recorded >= 0) put(layout, unit, recorded);
  });
  return layout;
}

export function copyLayout(layout: Layout): Layout {
  return {
    instance: layout.instance,
    free: Float64Array.from(layout.free),
    hostOf: Int32Array.from(layout.hostOf),
    unitsAt: layout.unitsAt.map((units) => new Set(units)),
  };
}

function change(layout: Layout, unit: number, host: number, sign: 1 | -1): void {
  const { resources, demand } = layout.instance;
  for (let resource = 0; resource < resources; resource += 1) {
    const at = host * resources + resource;
    layout.free[at] = (layout.free[at] ?? 0) - sign * (demand[unit * resources + resource] ?? 0);
  }
}

export function put(layout: Layout, unit: number, host: number): void {
  change(layout, unit, host, 1);
  layout.hostOf[unit] = host;
  layout.unitsAt[host]?.add(unit);
}

export function take(layout: Layout, unit: number): void {
  const host = layout.hostOf[unit] ?? -1;
  if (host < 0) return;
  change(layout, unit, host, -1);
  layout.hostOf[unit] = -1;
  layout.unitsAt[host]?.delete(unit);
}

/** Whether a unit that is elsewhere, or nowhere, may go to a host as things stand. */
export function fits(layout: Layout, unit: number, host: number): boolean {
  const { resources, units, demand } = layout.instance;
  for (let resource = 0; resource < resources; resource += 1) {
    const wanted = demand[unit * resources + resource] ?? 0;
    if (wanted > (layout.free[host * resources + resource] ?? 0)) return false;
  }
  return mayShare(layout, units[unit], -1, host);
}

/** Whether a unit's rules let it onto a host, one unit of which may be leaving. */
function mayShare({ hostOf }: Layout, unit: Unit | undefined, leaving: number, host: number): boolean {
  if (unit === undefined || (unit.bound !== undefined && unit.bound.host !== host)) return false;
  for (const other of unit.apart) if (other !== leaving && hostOf[other] === host) return false;
  return true;
}

/** Whether `unit` would fit on a host that `leaving` has left. */
export function fitsInsteadOf(layout: Layout, unit: number, leaving: number, host: number): boolean {
  const { resources, units, demand } = layout.instance;
  for (let resource = 0; resource < resources; resource += 1) {
    const left = layout.free[host * resources + resource] ?? 0;
    if ((demand[unit * resources + resource] ?? 0) > left + (demand[leaving * resources + resource] ?? 0))
      return false;
  }
  return mayShare(layout, units[unit], leaving, host);
}

/** One thing that keeps a unit from a host. */
export interface Obstacle {
  readonly kind: "memory" | "vcpus" | "disk" | "pool" | "apart" | "bound";
  /** As half a sentence: `memory: needs 16 GiB, 12 GiB are free`. */
  readonly text: string;
}

/** Sizes as people say them. */
export function memoryText(mib: number): string {
  const gib = mib / 1024;
  return Number.isInteger(gib) ? `${gib} GiB` : mib < 1024 ? `${mib} MiB` : `${gib.toFixed(1)} GiB`;
}

export function resourceName({ pools }: Instance, resource: number): string {
  if (resource === MEMORY) return "memory";
  return resource === VCPUS ? "vCPU" : `disk in pool "${pools[resource - FIRST_POOL] ?? ""}"`;
}

export function amountText(resource: number, amount: number): string {
  if (resource === MEMORY) return memoryText(amount);
  return resource === VCPUS ? String(amount) : `${amount} GiB`;
}

function resourceObstacle(
  instance: Instance,
  host: number,
  resource: number,
  wanted: number,
  free: number,
): Obstacle {
  const pool = instance.pools[resource - FIRST_POOL];
  if (pool !== undefined && instance.hosts[host]?.pools.every(({ name }) => name !== pool) === true)
    return { kind: "pool", text: `it has no pool "${pool}"` };
  const kind = resource === MEMORY ? "memory" : resource === VCPUS ? "vcpus" : "disk";
  const [needs, left] = [amountText(resource, wanted), amountText(resource, Math.max(0, free))];
  return { kind, text: `${resourceName(instance, resource)}: needs ${needs}, ${left} free` };
}

const namesOf = (unit: Unit | undefined): string =>
  unit?.machines.map(({ name }) => name).join(" and ") ?? "";

/** All that keeps a unit from a host, as things stand. Empty exactly when `fits` says yes. */
export function obstacles(layout: Layout, unit: number, host: number): readonly Obstacle[] {
  const { instance } = layout;
  const wanted = instance.units[unit];
  if (wanted === undefined) return [];
  const found: Obstacle[] = [];
  if (wanted.bound !== undefined && wanted.bound.host !== host)
    found.push({ kind: "bound", text: wanted.bound.why });
  for (let resource = 0; resource < instance.resources; resource += 1) {
    const [needs, free] = [
      instance.demand[unit * instance.resources + resource] ?? 0,
      layout.free[host * instance.resources + resource] ?? 0,
    ];
    if (needs > free) found.push(resourceObstacle(instance, host, resource, needs, free));
  }
  for (const other of wanted.apart) {
    if (layout.hostOf[other] === host)
      found.push({
        kind: "apart",
        text: `${namesOf(instance.units[other])} is there, and the two are kept apart`,
      });
  }
  return found;
}

/** Each machine's host by name; machines that are nowhere are left out. */
export function assignmentOf({ instance, hostOf }: Layout): Placement {
  return sortedRecord(
    instance.units.flatMap(({ machines }, unit) => {
      const host = instance.hosts[hostOf[unit] ?? -1];
      return host === undefined ? [] : machines.map(({ name }) => [name, host.name] as const);
    }),
  );
}
