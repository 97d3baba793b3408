import type {
  Balance,
  CapacityReport,
  FleetInventory,
  GrowthScenario,
  HostCapacity,
  MachineShape,
  PlacementExplanation,
  PlacementFound,
  PlacementProblem,
  RebalanceStep,
  ReferenceFigure,
  ResourceUse,
} from "@groundplane/placement";
import type { Style } from "../terminal.ts";
import { table } from "./table.ts";

const gib = (mib: number): string => {
  const number = mib / 1024;
  return Number.isInteger(number) ? String(number) : number.toFixed(1);
};
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

const plain = (amount: number): string => String(amount);

/** `12 of 60 GiB`, and the share in the colour of how full it is. */
function useCells(
  { usable, services, machines }: ResourceUse,
  text: (amount: number) => string,
  unit: string,
  style: Style,
): readonly [taken: string, share: string] {
  const taken = services + machines;
  const share = usable > 0 ? taken / usable : 0;
  const colour = share > 1 ? style.red : share > 0.85 ? style.yellow : style.green;
  return [`${text(taken)} of ${text(usable)}${unit}`, colour(percent(share).padStart(5))];
}

/** One line a host: what machines and services take of what they may. */
export function hostLines(hosts: readonly HostCapacity[], style: Style): readonly string[] {
  return table([
    ["host", "machines", "memory", "", "vCPU", "", "disk", ""].map((head) => style.dim(head)),
    ...hosts.map(({ name, machines, memoryMiB, vcpus, pools }) => [
      style.bold(name),
      String(machines.length),
      ...useCells(memoryMiB, gib, " GiB", style),
      ...useCells(vcpus, plain, "", style),
      ...pools.flatMap((pool) => {
        const [taken, share] = useCells(pool, plain, " GiB", style);
        return [pools.length > 1 ? `${pool.name} ${taken}` : taken, share];
      }),
    ]),
  ]);
}

export function problemLines(
  problems: readonly PlacementProblem[],
  style: Style,
  mark: string,
): readonly string[] {
  return problems.flatMap(({ subject, problem, remedy }) => [
    `${mark} ${style.bold(subject)}: ${problem}`,
    style.dim(`  ${remedy}`),
  ]);
}

function balanceText(
  { largestMemoryShare, largestHost, hostsUsed }: Balance,
  inventory: FleetInventory,
): string {
  const hosts = `${hostsUsed} of ${counted(inventory.hosts.length, "host")} used`;
  return `Largest memory use ${percent(largestMemoryShare)}, on ${largestHost}; ${hosts}.`;
}

export interface PlanView {
  readonly title: string;
  readonly inventory: FleetInventory;
  readonly plan: PlacementFound;
  readonly addresses: Readonly<Record<string, string>>;
  readonly hosts: readonly HostCapacity[];
  /** Names in the record that are no machine. */
  readonly unknown: readonly string[];
  /** What became of the record. */
  readonly written: string;
}

const strangerOf = (subject: string): PlacementProblem => ({
  subject,
  problem: "the record names it, and the inventory has no such machine",
  remedy: "Mend the name; the line of a machine that is gone goes with --write.",
});

export function planLines(
  { title, inventory, plan, addresses, hosts, unknown, written }: PlanView,
  style: Style,
): readonly string[] {
  const fresh = new Set(plan.placed);
  const news = fresh.size === 0 ? "every one is in the record" : `${fresh.size} new, nobody moves`;
  return [
    `${style.bold(title)}: ${counted(inventory.machines.length, "machine")} on ${counted(inventory.hosts.length, "host")}; ${news}`,
    "",
    ...table([
      ["machine", "host", "address", ""].map((head) => style.dim(head)),
      ...Object.entries(plan.assignment).map(([machine, host]) => [
        style.bold(machine),
        host,
        addresses[machine] ?? "",
        fresh.has(machine) ? style.green("+ new") : style.dim("recorded"),
      ]),
    ]),
    "",
    ...hostLines(hosts, style),
    "",
    balanceText(plan.balance, inventory),
    ...problemLines([...plan.notes, ...unknown.map(strangerOf)], style, style.yellow("!")),
    written,
  ];
}

export function explainLines(explained: PlacementExplanation, style: Style): readonly string[] {
  const { machine, host, because, together, others } = explained;
  const width = together.length === 0 ? "" : `, with ${together.join(" and ")}`;
  return [
    `${style.bold(machine)} is on ${style.bold(host)}${width}: ${because}`,
    ...table(
      others.map((other) => [other.fits ? style.dim("○") : style.red("✖"), other.host, other.why]),
      "  ",
    ),
  ];
}

export interface StepsView {
  readonly title: string;
  readonly steps: readonly (Pick<RebalanceStep, "machines" | "from" | "to"> & { readonly gain?: string })[];
  /** Said where there are no steps. */
  readonly none: string;
  readonly left: readonly PlacementProblem[];
  readonly written: string;
}

/** Moves in the order in which they are possible. */
export function stepLines({ title, steps, none, left, written }: StepsView, style: Style): readonly string[] {
  const rows = steps.map(({ machines, from, to, gain = "" }, index) => [
    style.dim(String(index + 1)),
    style.bold(machines.join(", ")),
    `${from} → ${to}`,
    gain,
  ]);
  const moves =
    steps.length === 0
      ? []
      : [
          style.dim(
            "With the record written, the next deployment makes these moves: its review shows what each does to the machine's disk.",
          ),
          written,
        ];
  return [
    `${style.bold(title)}: ${steps.length === 0 ? none : counted(steps.length, "move")}`,
    ...table(rows, "  "),
    ...problemLines(left, style, style.yellow("!")),
    ...moves,
  ];
}

const shapeText = ({ memoryMiB, vcpus, diskGiB }: MachineShape): string =>
  `${gib(memoryMiB)} GiB, ${vcpus} vCPU, ${diskGiB} GiB disk`;

function scenarioCells(
  { machines, fits, memoryMiB, memoryShare, atMost, limit, buy }: GrowthScenario,
  style: Style,
): readonly string[] {
  const resource = limit === "vcpus" ? "vCPU" : limit;
  const ends =
    limit === undefined || limit === "each together"
      ? `hosts are full at ${atMost.together}`
      : `${resource} ends at ${atMost[limit]}`;
  const bought =
    buy === undefined
      ? "no host of the fleet takes one"
      : `buy ${buy.count} like ${buy.like} (${gib(buy.memoryMiB)} GiB, ${buy.vcpus} threads, ${buy.diskGiB} GiB disk)`;
  return [
    String(machines),
    fits ? style.green("✔ fits") : style.red("✖ does not fit"),
    `${gib(memoryMiB)} GiB, ${percent(memoryShare)}`,
    fits ? "" : `${ends}: ${bought}`,
  ];
}

function totalCells(name: string, use: ResourceUse, text: (amount: number) => string): readonly string[] {
  const { total, usable, services, machines, free } = use;
  const share = total > 0 ? machines / total : 0;
  return [name, ...[total, usable, services, machines, free].map(text), percent(share)];
}

export function capacityLines(title: string, report: CapacityReport, style: Style): readonly string[] {
  const { memoryMiB, vcpus, diskGiB, hosts, fits, agent, scenarios, unplaced, problems } = report;
  const [first] = scenarios;
  return [
    style.bold(title),
    "",
    ...table([
      ["", "there is", "usable", "services", "machines", "free", "machines' share"].map((head) =>
        style.dim(head),
      ),
      totalCells("memory, GiB", memoryMiB, gib),
      totalCells("vCPU", vcpus, plain),
      totalCells("disk, GiB", diskGiB, plain),
    ]),
    "",
    ...hostLines(hosts, style),
    "",
    style.bold("What still fits, with nobody moving"),
    ...table(
      fits.map(({ size, shape, more, byResource }) => [
        size,
        shapeText(shape),
        `${more} more`,
        style.dim(
          `memory alone ${byResource.memory}, vCPU alone ${byResource.vcpus}, disk alone ${byResource.disk}`,
        ),
      ]),
      "  ",
    ),
    "",
    style.bold(`Growth, in machines of ${shapeText(agent)}`),
    ...table(
      scenarios.map((scenario) => scenarioCells(scenario, style)),
      "  ",
    ),
    ...(first === undefined
      ? []
      : [
          style.dim(
            `  At most ${first.atMost.together} in all; by memory alone ${first.atMost.memory}, by vCPU ${first.atMost.vcpus}, by disk ${first.atMost.disk}.`,
          ),
        ]),
    ...(unplaced.length === 0 ? [] : [`Not counted, as they have no host yet: ${unplaced.join(", ")}.`]),
    ...problemLines(problems, style, style.red("✖")),
  ];
}

export function figureLines(figures: readonly ReferenceFigure[], style: Style): readonly string[] {
  return [
    "",
    style.bold("The architecture document's figures, counted again"),
    ...figures.flatMap(({ says, claimed, counted: found, agrees, sentence }) => [
      `  ${agrees ? style.green("✔") : style.red("✖")} ${says}`,
      style.dim(`    ${agrees ? "" : `Said: ${claimed}. `}Counted: ${found}. ${sentence}`),
    ]),
  ];
}
