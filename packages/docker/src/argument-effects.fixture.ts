import type * as pulumi from "@pulumi/pulumi";
import { record } from "../../../test/recording-mocks.ts";

interface MachineArgumentChange<Value> {
  readonly to: Value;
  /** Roles of the setups whose inputs change, so that they run again on the machine. */
  readonly touches: readonly string[];
}

/** A component that is made of setups of a machine. `create` names it "unit"; each argument has a change at least. */
export interface MachineArgumentEffects<Args extends object> {
  readonly base: Args;
  readonly create: (args: Args, options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
  readonly changes: {
    readonly [Name in keyof Required<Args>]:
      | MachineArgumentChange<Required<Args>[Name]>
      | readonly MachineArgumentChange<Required<Args>[Name]>[];
  };
}

/** Each setup's inputs, as text, by its role. */
async function setupsOf<Args extends object>(
  { create }: Pick<MachineArgumentEffects<Args>, "create">,
  args: Args,
): Promise<ReadonlyMap<string, string>> {
  const { resources } = await record(
    (options) => create(args, options),
    () => ({ healthy: true }),
  );
  return new Map(
    resources
      .filter(({ custom }) => custom)
      .map(({ name, inputs }) => [name.replace("unit-", ""), JSON.stringify(inputs)]),
  );
}

export interface EffectRow {
  readonly argument: string;
  /** What is said. */
  readonly touches: readonly string[];
  /** What happens. */
  readonly seen: () => Promise<readonly string[]>;
}

/** Each change of each argument: what is said of it, and what is seen. */
export function effectRows<Args extends object>(effects: MachineArgumentEffects<Args>): readonly EffectRow[] {
  const changes = Object.entries<MachineArgumentChange<unknown> | readonly MachineArgumentChange<unknown>[]>(
    effects.changes,
  );
  return changes.flatMap(([argument, some]) =>
    [some].flat().map(({ to, touches }) => ({
      argument,
      touches,
      seen: async () => {
        const before = await setupsOf(effects, effects.base);
        const after = await setupsOf(effects, { ...effects.base, [argument]: to });
        const roles = new Set([...before.keys(), ...after.keys()]);
        return [...roles].filter((role) => before.get(role) !== after.get(role)).toSorted();
      },
    })),
  );
}
