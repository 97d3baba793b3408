import { GroundplaneError } from "@groundplane/contracts";
import { type LoadedProject, requireEnvironment, requireStack, stacksOf } from "../define/load-project.ts";

/** Stacks, and the stacks that each of them needs. */
export type StackGraph = ReadonlyMap<string, readonly string[]>;

/** All of these stacks, in their order. */
export function stackGraphOf({ stacks }: Pick<LoadedProject, "stacks">): StackGraph {
  return new Map([...stacks.values()].map(({ name, dependsOn }) => [name, dependsOn]));
}

/**
 * All stacks of an environment, in the project's order.
 *
 * @throws {ENVIRONMENT_NOT_FOUND}
 */
export function environmentGraph(project: LoadedProject, environment: string): StackGraph {
  return stackGraphOf({ stacks: stacksOf(project, requireEnvironment(project, environment)) });
}

/**
 * These stacks of an environment; all of it without names.
 *
 * @throws {ENVIRONMENT_NOT_FOUND}
 * @throws {STACK_NOT_FOUND} when one is not in the environment, or nothing is left.
 */
export function chooseStacks(
  project: LoadedProject,
  environment: string,
  names: readonly string[] | undefined,
): StackGraph {
  const definition = requireEnvironment(project, environment);
  for (const name of names ?? []) requireStack(project, name, definition);
  return selectStacks(environmentGraph(project, environment), names);
}

/**
 * The part of a graph that holds these stacks only.
 *
 * @throws {STACK_NOT_FOUND} when a name is not in it, or nothing is left: no stack is never a success.
 */
export function selectStacks(graph: StackGraph, names: readonly string[] | undefined): StackGraph {
  const wanted = names ?? [...graph.keys()];
  const unknown = wanted.filter((name) => !graph.has(name));
  if (unknown.length > 0 || wanted.length === 0) {
    throw new GroundplaneError(
      "STACK_NOT_FOUND",
      `${wanted.length === 0 ? "no stack was chosen" : `no stack is named ${unknown.join(", ")}`}. The project has: ${[...graph.keys()].join(", ") || "none"}.`,
      { facts: { unknown } },
    );
  }
  return new Map(
    [...graph]
      .filter(([name]) => wanted.includes(name))
      .map(([name, needs]) => [name, needs.filter((need) => wanted.includes(need))]),
  );
}

/** The graph with every arrow turned round: for destroying, what needs a stack goes before it. */
export function reversed(graph: StackGraph): StackGraph {
  return new Map(
    [...graph.keys()].map((name) => [
      name,
      [...graph].filter(([, needs]) => needs.includes(name)).map(([other]) => other),
    ]),
  );
}

/**
 * Refuses a graph that cannot be put in order.
 *
 * @throws {PROJECT_INVALID} naming the stacks of a cycle.
 */
export function refuseCycles(graph: StackGraph): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name];
      throw new GroundplaneError(
        "PROJECT_INVALID",
        `stacks need each other in a circle: ${cycle.join(" → ")}. Take one dependsOn away.`,
        {
          facts: { cycle },
        },
      );
    }
    for (const need of graph.get(name) ?? []) visit(need, [...path, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
}
