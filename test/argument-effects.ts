import { isDeepStrictEqual } from "node:util";
import { GroundplaneError, type JsonValue, jsonValueSchema } from "@groundplane/contracts";
import { lossOf } from "@groundplane/orchestrator";
import { resourceOperation } from "@groundplane/sandbox";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Compute, type RecordedResource, record } from "./recording-mocks.ts";

/** What a change of one argument does to the children of a component, by role. What is left out does not happen. */
export type ArgumentEffect =
  | {
      readonly updates?: readonly string[];
      readonly creates?: readonly string[];
      readonly deletes?: readonly string[];
      /** What holds data may only be here when the pipeline's guard asks for a confirmation by name. */
      readonly replaces?: readonly string[];
    }
  /** The code of the error that the constructor throws. */
  | { readonly refused: string };

export interface ArgumentChange<Value> {
  /** @default - as in the base */
  readonly from?: Value;
  /** Undefined: the argument is taken away. */
  readonly to: Value | undefined;
  readonly effect: ArgumentEffect;
}

/**
 * A component for the suites: its `argument-effects.fixture.ts` exports it as `argumentEffects`. `create` names it
 * "unit". For each argument at least one change, and what it does.
 */
export interface ArgumentEffects<Args extends object> {
  readonly base: Args;
  readonly create: (args: Args, options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
  readonly compute?: Compute;
  /** The page's examples are run with `compute` too: where the component reads more than ids and ARNs. @default false */
  readonly computedExamples?: boolean;
  /** With every kind of child that it can have, for the conformance suite. @default - the base */
  readonly full?: Args;
  /** Types of children that their provider cannot tag. */
  readonly untaggable?: readonly string[];
  /** Names that its children begin with where they have their own: machines of a fleet. @default - the component's alone */
  readonly ownNames?: readonly string[];
  /** Names that the component leaves out of its registered outputs, `nodes` besides. */
  readonly unregistered?: readonly string[];
  readonly changes: {
    readonly [Name in keyof Required<Args>]:
      | ArgumentChange<Args[Name]>
      | readonly ArgumentChange<Args[Name]>[];
  };
}

/** What `create` names the component. */
const NAME = "unit";

export type AnyEffects = ArgumentEffects<Record<string, unknown>>;

function isArgumentEffects(value: unknown): value is AnyEffects {
  return typeof value === "object" && value !== null && "base" in value && "changes" in value;
}

/** What a component says of itself, by the name of its folder. */
export async function effectsOf(component: string, pack = "aws"): Promise<AnyEffects> {
  const fixture = new URL(
    `../packages/${pack}/src/${component}/argument-effects.fixture.ts`,
    import.meta.url,
  );
  const { argumentEffects }: Record<string, unknown> = await import(fixture.href);
  if (isArgumentEffects(argumentEffects)) return argumentEffects;
  throw new TypeError(`${component} has no argumentEffects`);
}

const inputsSchema = z.record(z.string(), jsonValueSchema);

/** A child, with what its options say of its inputs. */
interface Child extends RecordedResource {
  /** Inputs whose changes the engine leaves out (`ignoreChanges`). */
  readonly ignored: readonly string[];
  /** Paths of inputs whose changes replace it, whatever the provider says (`replaceOnChanges`). */
  readonly replacing: readonly string[];
}

/** As the engine would send them, but for what it ignores; what is undefined is not sent. */
function sent({ inputs, ignored }: Child): Record<string, JsonValue> {
  const all = inputsSchema.parse(JSON.parse(JSON.stringify(inputs)));
  return Object.fromEntries(Object.entries(all).filter(([name]) => !ignored.includes(name)));
}

function operation(
  before: Child | undefined,
  after: Child | undefined,
): keyof Exclude<ArgumentEffect, { refused: string }> | undefined {
  const one = before ?? after;
  if (one === undefined) return undefined;
  if (before === undefined) return "creates";
  if (after === undefined) return "deletes";
  // What the new program ignores decides, as in the engine.
  const [old, now] = [sent({ ...before, ignored: after.ignored }), sent(after)];
  const did = resourceOperation(one.type, old, now);
  if (did === undefined) return undefined;
  const forced = after.replacing.some((path) => !isDeepStrictEqual(valuesAt(old, path), valuesAt(now, path)));
  return forced ? "replaces" : `${did}s`;
}

/** What a path such as `disks[*].name` leads to, in order. */
function valuesAt(inputs: JsonValue, path: string): readonly JsonValue[] {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce<readonly JsonValue[]>(
    (values, step) =>
      values.flatMap((value) => {
        if (typeof value !== "object" || value === null) return [];
        const members: readonly [string, JsonValue][] = Object.entries(value);
        return members.filter(([name]) => step === "*" || name === step).map(([, member]) => member);
      }),
    [inputs],
  );
}

export interface SeenEffect {
  readonly effect: ArgumentEffect;
  /** Roles of children that hold data and would be replaced or deleted, with what is lost. */
  readonly losses: Readonly<Record<string, string>>;
}

type Children = ReadonlyMap<string, Child>;

/** What was built of the same arguments before: many edits begin with the same. */
const built = new WeakMap<object, Promise<Children>>();

/** What a change of one argument of a component does. */
export function seenEffect<Args extends object>(
  effects: Pick<ArgumentEffects<Args>, "base" | "create" | "compute">,
  argument: keyof Args,
  change: ArgumentChange<Args[keyof Args]>,
): Promise<SeenEffect> {
  const from = "from" in change ? { ...effects.base, [argument]: change.from } : effects.base;
  return seenEdit(effects, from, { ...from, [argument]: change.to });
}

/**
 * Builds the component before and after an edit, and compares what the provider would be asked for. A child that is
 * replaced only because another one is does not show.
 */
export async function seenEdit<Args extends object>(
  { create, compute }: Pick<ArgumentEffects<Args>, "create" | "compute">,
  from: Args,
  to: Args,
): Promise<SeenEffect> {
  const build = async (args: Args): Promise<Children> => {
    const { resources, children: declared } = await record((options) => create(args, options), compute);
    const said = new Map(
      declared.map(({ type, name, options }) => [
        `${type} ${name}`,
        {
          ignored: "ignoreChanges" in options ? (options.ignoreChanges ?? []) : [],
          replacing: "replaceOnChanges" in options ? (options.replaceOnChanges ?? []) : [],
        },
      ]),
    );
    const children = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    return new Map(
      children.map((child) => [
        child.name.replace(`${NAME}-`, ""),
        { ...child, ...(said.get(`${child.type} ${child.name}`) ?? { ignored: [], replacing: [] }) },
      ]),
    );
  };
  const known = built.get(from) ?? build(from);
  built.set(from, known);
  const before = await known;
  let after: Children;
  try {
    after = await build(to);
  } catch (error) {
    if (error instanceof GroundplaneError) return { effect: { refused: error.code }, losses: {} };
    throw error;
  }
  const effect: Record<string, string[]> = {};
  const losses: Record<string, string> = {};
  for (const role of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const did = operation(before.get(role), after.get(role));
    if (did === undefined) continue;
    effect[did] = [...(effect[did] ?? []), role];
    const old = before.get(role);
    const loss = old === undefined ? undefined : lossOf(old.type, sent(old));
    if (loss !== undefined && (did === "replaces" || did === "deletes")) losses[role] = loss;
  }
  return { effect, losses };
}
