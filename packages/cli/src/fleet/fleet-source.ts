import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import { atPhase, type FleetInventory, parseInventory } from "@groundplane/placement";
import { parse } from "yaml";
import { z } from "zod";
import type { ProjectView } from "../project-host.ts";
import { stackNamesOf } from "../session.ts";
import { withEntry, withRecord, type YamlPath } from "./edit-yaml.ts";
import { hostLoginSchema } from "./fleet-prover.ts";

const phaseSchema = z.coerce.number().pipe(z.literal([1, 2, 3], { error: "1, 2 or 3" }));
const recordSchema = z.record(z.string(), z.string());

/** A fleet as it was read, and how to write to where it came from. */
export interface FleetSource {
  /** What it is called in what is shown: an environment, or a file. */
  readonly name: string;
  readonly file: string;
  readonly phase: 1 | 2 | 3;
  /** With the machines of the phase and those before. */
  readonly inventory: FleetInventory;
  readonly current: Readonly<Record<string, string>>;
  /** What the record says of machines of later phases. */
  readonly later: Readonly<Record<string, string>>;
  /** Names in the record that are no machine of any phase: of one that is gone, or mistyped. */
  readonly unknown: readonly string[];
  /**
   * Writes the record, and addresses into the entries of machines.
   *
   * @throws {CONFIG_INVALID} the file has no place for it, or cannot be changed without changing the rest of it.
   */
  write(
    placement: Readonly<Record<string, string>>,
    addresses: Readonly<Record<string, string>>,
  ): Promise<void>;
}

/** Where a file keeps what. */
interface Places {
  readonly inventory: YamlPath;
  readonly placement: YamlPath | undefined;
  readonly phase: YamlPath | undefined;
}

function valueAt(document: unknown, path: YamlPath | undefined): unknown {
  return path?.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    document,
  );
}

async function readText(file: string, remedy: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new GroundplaneError("CONFIG_INVALID", `${file} cannot be read: ${remedy}`, {
      cause,
      facts: { file },
    });
  });
}

function parseText(file: string, text: string): unknown {
  try {
    return file.endsWith(".json") ? JSON.parse(text) : parse(text);
  } catch (cause) {
    const [first] = cause instanceof Error ? cause.message.split(/:?\n/) : [];
    throw new GroundplaneError(
      "CONFIG_INVALID",
      `${file} is no ${file.endsWith(".json") ? "JSON" : "YAML"}: ${first}`,
      {
        facts: { file },
      },
    );
  }
}

function parsedAt<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  value: unknown,
  key: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new GroundplaneError(
    "CONFIG_INVALID",
    `${file}: ${key}: ${result.error.issues[0]?.message ?? "not in order"}`,
    {
      facts: { file, key },
    },
  );
}

function writtenYaml(
  file: string,
  text: string,
  { inventory, placement }: { readonly inventory: YamlPath; readonly placement: YamlPath },
  record: Readonly<Record<string, string>>,
  addresses: Readonly<Record<string, string>>,
): string {
  const machines = z
    .array(z.object({ name: z.string() }))
    .catch([])
    .parse(valueAt(parse(text), [...inventory, "machines"]));
  const withAddresses = machines.reduce((so, { name }, index) => {
    const address = Object.hasOwn(addresses, name) ? addresses[name] : undefined;
    return address === undefined
      ? so
      : withEntry(file, so, [...inventory, "machines", index, "address"], address);
  }, text);
  return withRecord(file, withAddresses, placement, record);
}

const jsonSchema = z.looseObject({
  inventory: z.looseObject({ machines: z.array(z.looseObject({ name: z.string() })) }),
});

function writtenJson(text: string, placement: object, addresses: Readonly<Record<string, string>>): string {
  const whole = jsonSchema.parse(JSON.parse(text));
  const machines = whole.inventory.machines.map((machine) =>
    Object.hasOwn(addresses, machine.name) ? { ...machine, address: addresses[machine.name] } : machine,
  );
  const inventory = { ...whole.inventory, machines };
  return `${JSON.stringify({ ...whole, inventory, placement }, null, 2)}\n`;
}

/** @throws {CONFIG_INVALID} naming the file, and each place that is not in order. */
function inventoryOf(file: string, given: unknown): FleetInventory {
  try {
    return parseInventory(given);
  } catch (error) {
    if (!isGroundplaneError(error)) throw error;
    const { code, message, facts } = error;
    throw new GroundplaneError(code, `${file}: ${message}`, { facts: { file, ...facts } });
  }
}

function sourceOf(
  name: string,
  file: string,
  text: string,
  places: Places,
  asked: number | undefined,
): FleetSource {
  const document = parseText(file, text);
  const given = valueAt(document, places.inventory);
  if (given === undefined) {
    throw new GroundplaneError(
      "CONFIG_INVALID",
      `${file} has no ${places.inventory.join(".")}: write the fleet's hosts and machines there.`,
      {
        facts: { file, key: places.inventory.join(".") },
      },
    );
  }
  const phase = parsedAt(file, phaseSchema.default(1), asked ?? valueAt(document, places.phase), "phase");
  const current = parsedAt(
    file,
    recordSchema.default({}),
    valueAt(document, places.placement) ?? undefined,
    "placement",
  );
  const whole = inventoryOf(file, given);
  const inventory = atPhase(whole, phase);
  const [all, there] = [whole, inventory].map(
    ({ machines }) => new Set(machines.map((machine) => machine.name)),
  );
  const others = Object.entries(current).filter(([machine]) => there?.has(machine) !== true);
  return {
    ...{ name, file, phase, current, inventory },
    later: Object.fromEntries(others.filter(([machine]) => all?.has(machine) === true)),
    unknown: others.flatMap(([machine]) => (all?.has(machine) === true ? [] : machine)),
    write: async (record, addresses) => {
      const { placement } = places;
      if (placement === undefined) {
        throw new GroundplaneError(
          "CONFIG_INVALID",
          `${file} is an inventory alone and has no place for a record: put it under "inventory:", beside "placement:".`,
          { facts: { file } },
        );
      }
      const written = file.endsWith(".json")
        ? writtenJson(text, record, addresses)
        : writtenYaml(file, text, { inventory: places.inventory, placement }, record, addresses);
      await writeFile(file, written);
    },
  };
}

/**
 * The folder of the stack that has an environment's fleet.
 *
 * @throws {ENVIRONMENT_NOT_FOUND}
 * @throws {STACK_NOT_FOUND}
 */
export function fleetFolder(project: ProjectView, environment: string, stack: string): string {
  if (!project.environments.has(environment)) {
    const names = [...project.environments.keys()].join(", ") || "none";
    throw new GroundplaneError(
      "ENVIRONMENT_NOT_FOUND",
      `no environment is named "${environment}". The project has: ${names}.`,
      {
        facts: { environment },
      },
    );
  }
  const folder = stackNamesOf(project, environment).includes(stack)
    ? project.stacks.get(stack)?.folder
    : undefined;
  if (folder === undefined) {
    const names = stackNamesOf(project, environment).join(", ") || "none";
    throw new GroundplaneError(
      "STACK_NOT_FOUND",
      `"${environment}" has no stack "${stack}": name the one with the fleet by --stack. It has: ${names}.`,
      {
        facts: { environment, stack },
      },
    );
  }
  return folder;
}

const configFileOf = (folder: string, environment: string): string =>
  join(folder, `Pulumi.${environment}.yaml`);
const CONFIG_IS_THERE = "the stack's config of this environment is there.";

/**
 * A fleet from the config of an environment's stack.
 *
 * @throws {ENVIRONMENT_NOT_FOUND}
 * @throws {STACK_NOT_FOUND}
 * @throws {CONFIG_INVALID} the file, or what it says, is not in order.
 */
export async function fleetOfStack(
  project: ProjectView,
  environment: string,
  stack: string,
  phase: number | undefined,
): Promise<FleetSource> {
  const file = configFileOf(fleetFolder(project, environment, stack), environment);
  const key = (name: string): YamlPath => ["config", `${stack}:${name}`];
  const text = await readText(file, CONFIG_IS_THERE);
  return sourceOf(
    environment,
    file,
    text,
    { inventory: key("inventory"), placement: key("placement"), phase: key("phase") },
    phase,
  );
}

/**
 * How the config says that hypervisors are logged in to, in `access`; undefined where it does not.
 *
 * @throws {CONFIG_INVALID} the file is not in order.
 */
export async function hostLoginOf(
  folder: string,
  environment: string,
  stack: string,
): Promise<z.output<typeof hostLoginSchema> | undefined> {
  const file = configFileOf(folder, environment);
  const document = parseText(file, await readText(file, CONFIG_IS_THERE));
  const given = hostLoginSchema.safeParse(valueAt(document, ["config", `${stack}:access`]));
  return given.success ? given.data : undefined;
}

/**
 * A fleet from a file: an inventory, or `inventory`, `placement` and `phase`.
 *
 * @throws {CONFIG_INVALID} the file, or what it says, is not in order.
 */
export async function fleetOfFile(
  cwd: string,
  name: string,
  phase: number | undefined,
): Promise<FleetSource> {
  const file = resolve(cwd, name);
  const text = await readText(file, "give the path of an inventory.");
  const whole = valueAt(parseText(file, text), ["inventory"]) !== undefined;
  const places: Places = whole
    ? { inventory: ["inventory"], placement: ["placement"], phase: ["phase"] }
    : { inventory: [], placement: undefined, phase: undefined };
  return sourceOf(name, file, text, places, phase);
}
