// One placement in a process of its own: nothing is compiled or cached before, as in a command that someone types.
import { type FleetInventory, planPlacement, sizeOf } from "@groundplane/placement";
import { largeFleet } from "./large-fleet.ts";
import { type PlacementAnswer, type PlacementTask, placementTaskSchema } from "./placement-task.ts";
import { binPacker, firstFitDecreasing, mostFreeFirst, type Placed } from "./stock-placement.ts";

function groundplane(inventory: FleetInventory): Placed {
  const plan = planPlacement(inventory);
  if (plan.ok) return plan.assignment;
  throw new RangeError(plan.problems.map(({ problem }) => problem).join("; "));
}

const PLANNERS: Readonly<Record<PlacementTask["planner"], (inventory: FleetInventory) => Placed>> = {
  groundplane,
  "first-fit": firstFitDecreasing,
  "most-free": mostFreeFirst,
  "bin-packer": binPacker,
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Counted here, by nothing of any planner; a placement that breaks a limit has no figure. */
function judged(
  { hosts, machines }: FleetInventory,
  placed: Placed,
): Omit<PlacementAnswer, "planMs" | "processorMs"> {
  const [like] = hosts;
  if (like === undefined) throw new RangeError("no hosts");
  const limits = [like.memoryMiB - like.reserve.memoryMiB, like.vcpus, like.pools[0]?.sizeGiB ?? 0];
  const needs = machines.map((machine) => {
    const { memoryMiB, vcpus } = sizeOf(machine.size);
    return { host: placed[machine.name], takes: [memoryMiB, vcpus, machine.diskGiB] };
  });
  const used = new Set(needs.map(({ host }) => host));
  const takenOn = (host: string | undefined, resource: number): number =>
    sum(needs.filter((need) => need.host === host).map(({ takes }) => takes[resource] ?? 0));
  for (const host of used) {
    if (host === undefined || limits.some((limit, resource) => takenOn(host, resource) > limit))
      throw new RangeError(`${host} is over a limit`);
  }
  const fewest = limits.map((limit, resource) => {
    const takes = needs.map((need) => need.takes[resource] ?? 0);
    // Memory comes in multiples of 8 GiB: what a host has beyond one is of no use to any placement.
    const step = takes.reduce(greatestCommonDivisor, 0);
    return Math.ceil(sum(takes) / (Math.floor(limit / step) * step));
  });
  return {
    hostsUsed: used.size,
    fewestHosts: Math.max(...fewest),
    largestShare: Math.max(...[...used].map((host) => takenOn(host, 0) / (limits[0] ?? 1))),
  };
}

process.once("message", (raw: unknown) => {
  const task = placementTaskSchema.parse(raw);
  const inventory = largeFleet(task);
  const plan = PLANNERS[task.planner];
  const [startedAt, processor] = [performance.now(), process.cpuUsage()];
  const placed = plan(inventory);
  const planMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(processor);
  const answer: PlacementAnswer = {
    planMs,
    processorMs: (user + system) / 1000,
    ...judged(inventory, placed),
  };
  process.send?.(answer, () => process.disconnect());
});
