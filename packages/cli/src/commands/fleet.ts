import { ERROR_TABLE, EXIT_CODES, GroundplaneError } from "@groundplane/contracts";
import {
  allocateAddresses,
  capacity as capacityOf,
  evacuate as evacuateHost,
  explainPlacement,
  noPlacement,
  type PlacementProblem,
  planPlacement,
  rebalance as rebalanceFleet,
  referenceFigures,
} from "@groundplane/placement";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { type FleetSource, fleetOfFile, fleetOfStack } from "../fleet/fleet-source.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import {
  capacityLines,
  explainLines,
  figureLines,
  planLines,
  problemLines,
  stepLines,
} from "../render/fleet.ts";
import { loadFrom } from "../session.ts";
import { shownPath } from "../shown-path.ts";
import { writeLines } from "../terminal.ts";

const optionsSchema = commonOptionsSchema.extend({
  stack: z.string().min(1).default("fleet"),
  inventory: z.string().min(1).optional(),
  phase: z.coerce.number().optional(),
  write: z.boolean().default(false),
  steps: z.coerce.number().int().min(1).max(100).default(5),
  machines: z.array(z.coerce.number().int().min(1).max(10_000)).default([]),
  document: z.boolean().default(false),
});

type Options = z.output<typeof optionsSchema>;

interface Given {
  readonly context: CommandContext;
  readonly options: Options;
  readonly fleet: FleetSource;
  /** What is named behind the environment: a machine, a host. */
  readonly named: string | undefined;
}

/** With a file there is no environment: what is named comes first. */
async function given(context: CommandContext): Promise<Given> {
  const options = parseInput(optionsSchema, context.options);
  const [first, second] = parseInput(z.tuple([z.string().optional(), z.string().optional()]), [
    context.arguments[0],
    context.arguments[1],
  ]);
  if (options.inventory !== undefined) {
    const fleet = await fleetOfFile(context.terminal.cwd, options.inventory, options.phase);
    return { context, options, fleet, named: first };
  }
  if (first === undefined) {
    throw new GroundplaneError("INVALID_ARGUMENT", "name an environment, or give a file by --inventory.");
  }
  const { project } = await loadFrom(context, options.project);
  const fleet = await fleetOfStack(project, first, options.stack, options.phase);
  return { context, options, fleet, named: second };
}

function namedThing({ named, fleet }: Given, thing: "machine" | "host"): string {
  if (named !== undefined) return named;
  const names = fleet.inventory[thing === "machine" ? "machines" : "hosts"].map(({ name }) => name).sort();
  throw new GroundplaneError("INVALID_ARGUMENT", `name a ${thing}: ${names.join(", ")}.`, {
    facts: { names },
  });
}

function show({ context, options }: Given, document: unknown, lines: () => readonly string[]): number {
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else writeLines(stdout, lines());
  return EXIT_CODES.done;
}

/** With --json the error's document; else each problem with its remedy. */
function refuse({ context, options, fleet }: Given, problems: readonly PlacementProblem[]): number {
  if (options.json) throw noPlacement(problems);
  const style = context.errorStyle;
  writeLines(context.terminal.stderr, [
    `${style.red(style.bold("error NO_PLACEMENT:"))} ${fleet.name}`,
    ...problemLines(problems, style, style.red("✖")),
  ]);
  return ERROR_TABLE.NO_PLACEMENT.exitCode;
}

/** Writes where that was asked, beside what the record says of later phases, and says what became of it. */
async function record(
  { context, options, fleet }: Given,
  placement: Readonly<Record<string, string>>,
  {
    addresses = {},
    emptied,
  }: { readonly addresses?: Readonly<Record<string, string>>; readonly emptied?: string } = {},
): Promise<string> {
  const { style, terminal } = context;
  const file = shownPath(fleet.file, terminal.cwd);
  if (!options.write) return style.dim(`Nothing is written: --write puts the record into ${file}.`);
  // A record that is lost is a machine that goes elsewhere. On a host that is emptied nobody is to come later, either.
  const later = Object.entries(fleet.later).filter(([, host]) => host !== emptied);
  await fleet.write({ ...Object.fromEntries(later), ...placement }, addresses);
  return style.green(`✔ The record is in ${file}.`);
}

const titleOf = ({ name, phase }: FleetSource): string => (phase === 1 ? name : `${name}, phase ${phase}`);

/** Where each machine goes. Who has a host keeps it. */
export const plan: CommandHandler = async (context) => {
  const all = await given(context);
  const { inventory, current, phase, name } = all.fleet;
  const found = planPlacement(inventory, { current });
  if (!found.ok) return refuse(all, found.problems);
  const allocated = allocateAddresses(inventory);
  if (!allocated.ok) return refuse(all, allocated.problems);
  const { addresses } = allocated;
  const lacking = inventory.machines.filter(({ address }) => address === undefined);
  const fresh = Object.fromEntries(lacking.map((machine) => [machine.name, addresses[machine.name] ?? ""]));
  const written = await record(all, found.assignment, { addresses: fresh });
  const { hosts } = capacityOf(inventory, { current: found.assignment });
  const { unknown } = all.fleet;
  const document = { fleet: name, phase, ...found, addresses, unknown, written: all.options.write };
  return show(all, document, () =>
    planLines(
      { title: titleOf(all.fleet), inventory, plan: found, addresses, hosts, unknown, written },
      context.style,
    ),
  );
};

/** Why a machine is where it is. */
export const explain: CommandHandler = async (context) => {
  const all = await given(context);
  const { inventory, current, name } = all.fleet;
  const explained = explainPlacement(inventory, namedThing(all, "machine"), { current });
  if (!explained.ok) return refuse(all, explained.problems);
  return show(all, { fleet: name, ...explained }, () => explainLines(explained, context.style));
};

/** Moves that would make it better. */
export const rebalance: CommandHandler = async (context) => {
  const all = await given(context);
  const { inventory, current, name } = all.fleet;
  const found = rebalanceFleet(inventory, { current, maxSteps: all.options.steps });
  if (!found.ok) return refuse(all, found.problems);
  const { steps, left } = found;
  const written = steps.length === 0 ? "" : await record(all, found.assignment);
  return show(all, { fleet: name, ...found, written: all.options.write && steps.length > 0 }, () =>
    stepLines(
      { title: titleOf(all.fleet), steps, none: "no move is worth making", left, written },
      context.style,
    ),
  );
};

/** Empties a host. */
export const evacuate: CommandHandler = async (context) => {
  const all = await given(context);
  const { inventory, current, name } = all.fleet;
  const host = namedThing(all, "host");
  const found = evacuateHost(inventory, host, { current });
  if (!found.ok) return refuse(all, found.problems);
  const { moves, assignment } = found;
  const written = moves.length === 0 ? "" : await record(all, assignment, { emptied: host });
  const document = {
    fleet: name,
    host,
    ok: true,
    moves,
    assignment,
    written: all.options.write && moves.length > 0,
  };
  return show(all, document, () => {
    const steps = moves.map(({ machine, from, to }) => ({ machines: [machine], from, to }));
    return stepLines(
      {
        title: `${titleOf(all.fleet)} without ${host}`,
        steps,
        none: "it has no machines",
        left: [],
        written,
      },
      context.style,
    );
  });
};

/** What there is, what is used, and how far it goes. */
export const capacity: CommandHandler = async (context) => {
  const all = await given(context);
  const { inventory, current, name } = all.fleet;
  const { machines, document } = all.options;
  const report = capacityOf(inventory, {
    current,
    ...(machines.length === 0 ? {} : { scenarios: machines }),
  });
  const figures = document ? referenceFigures() : undefined;
  return show(
    all,
    { fleet: name, ...report, ...(figures === undefined ? {} : { document: figures }) },
    () => [
      ...capacityLines(titleOf(all.fleet), report, context.style),
      ...(figures === undefined ? [] : figureLines(figures, context.style)),
    ],
  );
};
