import { BenchProject, type BenchStack, slowDown } from "./bench-project.ts";
import type { PlacementTask } from "./placement-task.ts";
import { makePack, removePack, runPack } from "./run-pack.ts";
import type { Pair, Side, Sides } from "./run-pairs.ts";
import { runPlacement } from "./run-placement.ts";
import { runSide } from "./run-side.ts";
import type { SideTask } from "./side-task.ts";

/** `smallest` is for a test that the bench itself works: no warm-up, and figures that say nothing. */
export type Size = "full" | "smallest";

export interface Prepared {
  readonly sides: Sides;
  /** The figure, of one pair. */
  readonly value: (pair: Pair) => number;
  /** More that one pair tells, by name. */
  readonly also: Readonly<Record<string, (pair: Pair) => number>>;
  readonly remove: () => Promise<void>;
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly wanted: { readonly bound: "at most" | "at least"; readonly value: number };
  /** Counted pairs unless asked otherwise. */
  readonly pairs: number;
  readonly prepare: (size: Size, pairs: number) => Promise<Prepared>;
}

const environmentOf = (pair: number): string => `pair-${pair}`;
const environmentsOf = (pairs: number): readonly string[] =>
  Array.from({ length: pairs + 1 }, (_, pair) => environmentOf(pair));

function taskOf(
  project: BenchProject,
  stacks: readonly BenchStack[],
  more: Pick<SideTask, "kind" | "environment" | "concurrency">,
): SideTask {
  return {
    root: project.root,
    stacks: stacks.map(({ name, resources }) => ({ name, resources })),
    stock: { folder: project.stockFolder, database: project.stockDatabase(more.environment) },
    ...more,
  };
}

const alike = (prefix: string, count: number, resources: number): readonly BenchStack[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${prefix}${index + 1}`, resources }));

const part = (side: Pair["first"], name: string): number => side.parts[name] ?? Number.NaN;
const ratio = ({ first, second }: Pair): number => first.ms / second.ms;
const speedUp = ({ first, second }: Pair): number => second.ms / first.ms;

/** Deploys stacks on one side, each pair into an environment of its own. */
function deploying(
  project: BenchProject,
  stacks: readonly BenchStack[],
  { side, label, concurrency, delayMs = 0, environment = environmentOf }: DeployOptions,
): Side {
  return {
    label,
    measure: async (pair) => {
      const name = environment(pair);
      const database =
        side === "groundplane" ? project.groundplaneDatabase(name) : project.stockDatabase(name);
      if (delayMs > 0) await slowDown(database, ["create", "read", "update", "delete"], delayMs);
      return runSide(side, taskOf(project, stacks, { kind: "deploy", environment: name, concurrency }));
    },
  };
}

interface DeployOptions {
  readonly side: "groundplane" | "stock";
  readonly label: string;
  readonly concurrency: number;
  /** Of every operation that a cloud would be asked for. @default 0 */
  readonly delayMs?: number;
  /** @default pair-<number> */
  readonly environment?: (pair: number) => string;
}

function wholeRun(resources: number, atMost: number, pairs: number): Figure {
  return {
    id: `whole-run-${resources}`,
    title: `Whole run, ${resources} resources: Groundplane's time over the Automation API's`,
    unit: "×",
    wanted: { bound: "at most", value: atMost },
    pairs,
    prepare: async (size, counted) => {
      const stacks = alike("whole", 1, size === "full" ? resources : 2);
      const project = await BenchProject.create(stacks, environmentsOf(counted));
      return {
        sides: {
          first: deploying(project, stacks, { side: "groundplane", label: "Groundplane", concurrency: 1 }),
          second: deploying(project, stacks, { side: "stock", label: "Automation API", concurrency: 1 }),
        },
        value: ratio,
        also: {
          "without the verification that only Groundplane does": ({ first, second }) =>
            (first.ms - (first.parts["verify"] ?? 0)) / second.ms,
        },
        remove: () => project.remove(),
      };
    },
  };
}

const PARALLEL: Figure = {
  id: "parallel-stacks",
  title: "8 independent stacks of 10 resources, 2 s a cloud operation: faster than one after the other",
  unit: "×",
  wanted: { bound: "at least", value: 5 },
  pairs: 3,
  prepare: async (size, counted) => {
    const stacks = size === "full" ? alike("part", 8, 10) : alike("part", 2, 2);
    const delayMs = size === "full" ? 2000 : 10;
    const project = await BenchProject.create(stacks, environmentsOf(counted));
    return {
      sides: {
        first: deploying(project, stacks, {
          side: "groundplane",
          label: `Groundplane, ${stacks.length} at once`,
          concurrency: stacks.length,
          delayMs,
        }),
        second: deploying(project, stacks, {
          side: "stock",
          label: "Automation API, one after the other",
          concurrency: 1,
          delayMs,
        }),
      },
      value: speedUp,
      also: {},
      remove: () => project.remove(),
    };
  },
};

const DRIFT: Figure = {
  id: "drift",
  title: "Drift of 20 stacks of 10 resources, 50 ms a read: faster than one after the other",
  unit: "×",
  wanted: { bound: "at least", value: 4 },
  pairs: 3,
  prepare: async (size) => {
    const stacks = size === "full" ? alike("part", 20, 10) : alike("part", 2, 2);
    const environment = environmentOf(0);
    const project = await BenchProject.create(stacks, [environment], { sharedWithStock: true });
    const task = (kind: SideTask["kind"], concurrency: number): SideTask =>
      taskOf(project, stacks, { kind, environment, concurrency });
    await runSide("stock", task("set-up", 4));
    await slowDown(project.stockDatabase(environment), ["read"], 50);
    return {
      sides: {
        first: { label: "Groundplane, 8 at once", measure: () => runSide("groundplane", task("drift", 8)) },
        second: {
          label: "Automation API, one after the other",
          measure: () => runSide("stock", task("drift", 1)),
        },
      },
      value: speedUp,
      also: {},
      remove: () => project.remove(),
    };
  },
};

const SCALE: Figure = {
  id: "scale",
  title: "Whole run with Groundplane: time for 1,000 resources over time for 250",
  unit: "×",
  wanted: { bound: "at most", value: 5 },
  pairs: 3,
  prepare: async (size, counted) => {
    const [many, few] = size === "full" ? [1000, 250] : [4, 2];
    const [large, small] = [alike("large", 1, many), alike("small", 1, few)];
    const project = await BenchProject.create([...large, ...small], environmentsOf(counted));
    const side = "groundplane" as const;
    return {
      sides: {
        first: deploying(project, large, { side, label: `${many} resources`, concurrency: 1 }),
        second: deploying(project, small, { side, label: `${few} resources`, concurrency: 1 }),
      },
      value: ratio,
      also: {
        "the engine's up alone": ({ first, second }) => part(first, "up") / part(second, "up"),
        "everything but the engine's up": ({ first, second }) =>
          (first.ms - part(first, "up")) / (second.ms - part(second, "up")),
      },
      remove: () => project.remove(),
    };
  },
};

/** The longest way through a graph, when each stack takes as long as this. */
export function criticalPathMs(
  stacks: readonly BenchStack[],
  durations: Readonly<Record<string, number>>,
): number {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const until = (name: string): number =>
    (durations[name] ?? Number.NaN) + Math.max(0, ...(byName.get(name)?.needs ?? []).map(until));
  return Math.max(...stacks.map(({ name }) => until(name)));
}

const GRAPH: Figure = {
  id: "graph",
  title: "A graph of 6 stacks, 2 s a cloud operation: time over that of its critical path",
  unit: "×",
  wanted: { bound: "at most", value: 1.15 },
  pairs: 3,
  prepare: async (size, counted) => {
    const resources = size === "full" ? 10 : 2;
    const stacks: readonly BenchStack[] = [
      { name: "network", resources },
      { name: "secrets", resources },
      { name: "compute", resources, needs: ["network"] },
      { name: "database", resources, needs: ["network", "secrets"] },
      { name: "web", resources, needs: ["compute", "database"] },
      { name: "monitoring", resources, needs: ["network"] },
    ];
    const delayMs = size === "full" ? 2000 : 10;
    const alone = (pair: number): string => `alone-${pair}`;
    const project = await BenchProject.create(stacks, [
      ...environmentsOf(counted),
      ...environmentsOf(counted).map((_, pair) => alone(pair)),
    ]);
    const side = "groundplane" as const;
    return {
      sides: {
        first: deploying(project, stacks, { side, label: "4 stacks at once", concurrency: 4, delayMs }),
        second: deploying(project, stacks, {
          side,
          label: "one after the other",
          concurrency: 1,
          delayMs,
          environment: alone,
        }),
      },
      // Of stacks that had the machine to themselves: what they take from each other counts against the run.
      value: ({ first, second }) =>
        (first.parts["environment"] ?? Number.NaN) / criticalPathMs(stacks, second.stacks),
      also: {
        "over the critical path of the same run: what the scheduler itself costs": ({ first }) =>
          (first.parts["environment"] ?? Number.NaN) / criticalPathMs(stacks, first.stacks),
      },
      remove: () => project.remove(),
    };
  },
};

/** The same two packs, looked at in two ways. */
function packFigure(
  what: Pick<Figure, "id" | "title" | "unit" | "wanted">,
  value: (pair: Pair, resources: number) => number,
  also: Readonly<Record<string, (pair: Pair, resources: number) => number>>,
): Figure {
  return {
    ...what,
    pairs: 5,
    prepare: async (size) => {
      const [rules, resources] = size === "full" ? [30, 1000] : [2, 5];
      const [ours, stock] = [await makePack("groundplane", rules), await makePack("stock", rules)];
      return {
        sides: {
          first: {
            label: "pack of @groundplane/policy",
            measure: () => runPack(ours, resources, { compileCache: true }),
          },
          second: {
            label: "pack of @pulumi/policy alone",
            measure: () => runPack(stock, resources, { compileCache: false }),
          },
        },
        value: (pair) => value(pair, resources),
        also: Object.fromEntries(
          Object.entries(also).map(([name, tell]) => [name, (pair: Pair) => tell(pair, resources)]),
        ),
        remove: async () => {
          await removePack(ours);
          await removePack(stock);
        },
      };
    },
  };
}

const count = (side: Pair["first"], name: string): number => side.counts?.[name] ?? Number.NaN;
const hostsRatio = ({ first, second }: Pair): number =>
  count(first, "hostsUsed") / count(second, "hostsUsed");
const overBound = (side: Pair["first"]): number => count(side, "hostsUsed") / count(side, "fewestHosts");

interface PlacementSides {
  readonly strategy: PlacementTask["strategy"];
  readonly other: PlacementTask["planner"];
  readonly otherLabel: string;
}

/** 1,000 machines on 50 like hosts; each pair has other machines. */
function placementFigure(
  what: Pick<Figure, "id" | "title" | "unit" | "wanted">,
  { strategy, other, otherLabel }: PlacementSides,
  value: (pair: Pair) => number,
  also: Prepared["also"],
): Figure {
  return {
    ...what,
    pairs: 15,
    prepare: async (size) => {
      const [machines, hosts] = size === "full" ? [1000, 50] : [20, 5];
      const measure = (planner: PlacementTask["planner"]) => (seed: number) =>
        runPlacement({ planner, machines, hosts, strategy, seed });
      return {
        sides: {
          first: { label: "Groundplane", measure: measure("groundplane") },
          second: { label: otherLabel, measure: measure(other) },
        },
        ...{ value, also, remove: async () => undefined },
      };
    },
  };
}

const PLACEMENT: readonly Figure[] = [
  placementFigure(
    {
      id: "placement",
      title: "1,000 machines on 50 hosts, few hosts wanted: time of the plan, in a new process",
      unit: "ms",
      wanted: { bound: "at most", value: 250 },
    },
    { strategy: "pack", other: "first-fit", otherLabel: "first-fit decreasing" },
    ({ first }) => first.ms,
    {
      "processor time (ms)": ({ first }) => first.processorMs ?? Number.NaN,
      "time over that of first-fit decreasing": ratio,
      "hosts used, over those of first-fit decreasing": hostsRatio,
    },
  ),
  placementFigure(
    {
      id: "placement-hosts",
      title: "The same: hosts used over the lower bound",
      unit: "×",
      wanted: { bound: "at most", value: 1.05 },
    },
    { strategy: "pack", other: "bin-packer", otherLabel: "bin-packer, best fit decreasing" },
    ({ first }) => overBound(first),
    {
      "the same of bin-packer": ({ second }) => overBound(second),
      "hosts used, over those of bin-packer": hostsRatio,
    },
  ),
  placementFigure(
    {
      id: "placement-spread",
      title: "1,000 machines on 50 hosts, evenly: time of the plan, in a new process",
      unit: "ms",
      wanted: { bound: "at most", value: 250 },
    },
    { strategy: "spread", other: "most-free", otherLabel: "largest first, onto the host with the most free" },
    ({ first }) => first.ms,
    {
      "processor time (ms)": ({ first }) => first.processorMs ?? Number.NaN,
      "memory use of the fullest host (%)": ({ first }) => count(first, "largestShare") * 100,
      "the same of the other side (%)": ({ second }) => count(second, "largestShare") * 100,
    },
  ),
];

export const FIGURES: readonly Figure[] = [
  wholeRun(10, 0.85, 5),
  wholeRun(200, 0.9, 3),
  PARALLEL,
  DRIFT,
  packFigure(
    {
      id: "policy-rules",
      title: "30 rules on 1,000 resources, inside the engine: time a resource",
      unit: "ms",
      wanted: { bound: "at most", value: 1 },
    },
    ({ first }, resources) => part(first, "analyze") / resources,
    {
      "the same rules with @pulumi/policy alone (ms)": ({ second }, resources) =>
        part(second, "analyze") / resources,
    },
  ),
  packFigure(
    {
      id: "policy-start",
      title: "Start of a pack of 30 rules, until it has told the engine its rules",
      unit: "s",
      wanted: { bound: "at most", value: 0.5 },
    },
    ({ first }) => part(first, "start") / 1000,
    { "the same with @pulumi/policy alone (s)": ({ second }) => part(second, "start") / 1000 },
  ),
  SCALE,
  GRAPH,
  ...PLACEMENT,
];
